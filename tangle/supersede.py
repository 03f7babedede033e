#!/usr/bin/env python3
"""The filter between noweb's `markup -t` and its `mnt`: a book of many checkpoints in, the stream of one out.

noweb knows one meaning of a second definition: append. Here a definition that is dead at the checkpoint (replaced,
deleted, shown only, of a later chapter) is renamed to something that nobody uses. It is not removed: mnt counts the
lines of the stream, and #line would be wrong below the hole. A use that has nothing to expand to, because its chunk is
promised or retired, is dropped together with the blank line it would leave.

    supersede.py NN <stream >stream      for use by hand; tangle/tangle calls supersede() itself
"""

from book import Docs, Use


def supersede(state, clean=False):
    """Yield the stream for mnt. In a clean tree, and in files that carry no #line, dropped lines leave no trace."""
    silence = Silence(state)
    marked = set() if clean else state.reach(path for path, starred in state.roots.items() if starred)
    live = {id(definition) for definitions in state.live.values() for definition in definitions}
    chapters = state.chapters + sorted(set(state.borrowed.values()) - set(state.chapters), key=lambda c: c.index)
    for chapter in chapters:
        yield f'@file {chapter.path}\n'
        for block in chapter.blocks:
            if isinstance(block, Docs):
                yield '@begin ' + block.stream
            elif id(block) not in live:
                yield renamed(block, f'{block.title} (not in force, {block.number})', block.stream)
            elif any(silence.of(use.name) for use in block.uses):
                yield tidied(block, mnt_name(state, block, clean), silence, keep=block.name in marked)
            else:
                yield renamed(block, mnt_name(state, block, clean), block.stream)


def mnt_name(state, definition, clean):
    return definition.name + ('*' if state.stars.get(definition.name) and not clean else '')


def renamed(definition, name, stream):
    begin, _, rest = stream.split('\n', 2)
    return f'@begin {begin}\n@defn {name}\n{rest}'


class Silence:
    """Which chunks expand to nothing: those not in force, and those made of nothing but such."""

    def __init__(self, state):
        self.state, self.known = state, {}

    def of(self, name):
        if name not in self.known:
            self.known[name] = False     # a cycle is not silent; check.py reports it
            self.known[name] = not any(self.speaks(part) for definition in self.state.live.get(name, [])
                                       for parts in definition.parts for part in parts)
        return self.known[name]

    def speaks(self, part):
        return not self.of(part.name) if isinstance(part, Use) else bool(part.strip())


def tidied(definition, name, silence, keep):
    """The definition without its silent uses. keep: leave a blank line in place of a line that vanishes."""
    lines = []
    for parts in definition.parts:
        spoken = without_silence(parts, silence)
        if len(spoken) < len(parts):
            spoken = without_trailing_blanks(spoken)
        lines.append(None if not spoken and parts and not keep and len(spoken) < len(parts) else spoken)
    kept = close_gaps(lines)
    begin, _, rest = definition.stream.split('\n', 2)
    number = begin.split()[1]
    body = ''.join(emit(parts) for parts in kept)
    # What is dropped here is made up for after the chunk, so that mnt's line count is right in the next one.
    return (f'@begin {begin}\n@defn {name}\n@nl\n{body}@end code {number}\n'
            + '@nl\n' * (len(lines) - len(kept)))


def without_silence(parts, silence):
    """Drop the silent uses, and where one stood between two blanks, the second of them."""
    kept = []
    for before, part in zip(['', *parts], parts):
        if isinstance(part, Use) and silence.of(part.name):
            continue
        if isinstance(before, Use) and kept and isinstance(part, str) and before is not kept[-1]:
            if isinstance(kept[-1], str) and kept[-1].endswith(' ') and part.startswith(' '):
                part = part[1:]
        kept.append(part)
    return kept


def without_trailing_blanks(parts):
    """`x = 1; <<promise>>` must not leave the blank before the promise; an indented promise must not leave a line."""
    while parts and isinstance(parts[-1], str):
        text = parts[-1].rstrip()
        if text:
            return parts[:-1] + [text]
        parts = parts[:-1]
    return parts


def close_gaps(lines):
    """Take out the vanished lines (None), and of two blank lines that thereby meet, one."""
    kept, gap = [], False
    for parts in lines:
        if parts is None:
            gap = True
            continue
        if gap and is_blank(parts) and (not kept or is_blank(kept[-1])):
            continue
        gap = False
        kept.append(parts)
    if gap:
        while kept and is_blank(kept[-1]):
            kept.pop()
    return kept


def is_blank(parts):
    return not any(isinstance(p, Use) or p.strip() for p in parts)


def emit(parts):
    rows = (f'@use {p.name}\n' if isinstance(p, Use) else f'@text {p}\n' for p in parts)
    return ''.join(rows) + '@nl\n'
