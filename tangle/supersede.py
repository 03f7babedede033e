#!/usr/bin/env python3
"""The filter between noweb's `markup -t` and its `mnt`: a book of many checkpoints in, the stream of one out.

noweb knows one meaning of a second definition: append. Here a definition that is dead at the checkpoint (replaced,
deleted, shown only, of a later chapter) is renamed to something that nobody uses. It is not removed: mnt counts the
lines of the stream, and #line would be wrong below the hole. A use that has nothing to expand to, because its chunk is
promised or retired, is dropped together with the blank line it would leave.

    supersede.py NN [--clean] >stream    to see the stream; tangle calls supersede() itself
"""

import sys

from book import Book, BookError, Docs, Use, usage


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
                yield renamed(f'{block.title} (not in force, {block.number})', block.stream)
            elif any(silence.of(use.name) for use in block.uses):
                yield tidied(block, mnt_name(state, block, clean), silence, keep=block.name in marked)
            else:
                yield renamed(mnt_name(state, block, clean), block.stream)


def mnt_name(state, definition, clean):
    return definition.name + ('*' if state.stars.get(definition.name) and not clean else '')


def renamed(name, stream):
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
    lines = [spoken(parts, silence) for parts in definition.parts]
    kept = [parts or [] for parts in lines] if keep else close_gaps(lines)
    begin = definition.stream.partition('\n')[0]
    body = ''.join(map(emit, kept))
    # What is dropped here is made up for after the chunk, so that mnt's line count is right in the next one.
    made_up = '@nl\n' * (len(lines) - len(kept))
    return f'@begin {begin}\n@defn {name}\n@nl\n{body}@end {begin}\n{made_up}'


def spoken(parts, silence):
    """A line without its silent uses and the blanks they leave; None if there is nothing else on it."""
    line, gap = [], False
    for part in parts:
        if isinstance(part, Use) and silence.of(part.name):
            gap = True
        elif gap and isinstance(part, str):
            join(line, part)
        else:
            line.append(part)
    if gap and line and isinstance(line[-1], str):
        line[-1] = line[-1].rstrip()
    return line if any(line) or not gap else None


def join(line, text):
    """Put the text after a silent use to the text before it, with one blank between them."""
    before = line.pop() if line and isinstance(line[-1], str) else ''
    if text.startswith(' ') and (before[-1:].isspace() or not line and not before):
        text = text[1:]
    line.append(before + text)


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


def main(arguments):
    if not arguments:
        usage('usage: supersede.py NN [--clean]')
    try:
        sys.stdout.writelines(supersede(Book.load().state(arguments[0]), '--clean' in arguments))
    except BookError as error:
        sys.exit(str(error))


if __name__ == '__main__':
    main(sys.argv[1:])
