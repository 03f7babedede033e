"""What the reader gets around each chunk, in every edition: number, file, cross references, change bars, mini-index.

    woven = Apparatus(book, idents).chunks['2.17']
    woven.number, .anchor, .name, .is_root, .modifier
    woven.files         [path] where it lands; empty for [show] and [delete]
    woven.lines         [Line]: .number in the chapter's file, .tokens [(class, text, target)], .changed, .removed_above
    woven.foot          [Note]: .text and .targets [(number, anchor)]
    woven.margin        [Note] for promises and borrowed files
    woven.uses          [(identifier, anchor)] used here, with the definition in force at this chapter
    woven.mini          those of them that belong in the margin
    woven.defines       [identifier]
    woven.together      {name of a chunk used here: [number]}: its definitions in force, if there are several
A target is an anchor: 'ck:2.17' for a chunk, or '' if there is nowhere to go.
"""

import difflib
from collections import namedtuple

import source

Line = namedtuple('Line', 'number tokens changed removed_above')
Note = namedtuple('Note', 'text targets')


# linked in the code, but left out of the margin: a structure's members, a Makefile's variables
QUIET = ('member', 'make', 'label')
FAMILIAR = 12            # a name that the reader has met in so many chunks is no longer repeated in the margin


def anchor(definition):
    """Empty in a draft, which is in no edition."""
    return '' if definition.chapter.draft else 'ck:' + definition.number


def target(definition):
    return '' if definition.chapter.draft else definition.number, anchor(definition)


def once(items):
    return list(dict.fromkeys(items))


class Chunk:
    pass


class Apparatus:
    def __init__(self, book, idents):
        self.book, self.idents = book, idents
        self._states, self._met = {}, {}
        self.chunks = {d.number: self.chunk(d) for chapter in book.chapters for d in chapter.definitions}

    def state(self, chapter):
        if chapter.key not in self._states:
            self._states[chapter.key] = self.book.state(chapter)
        return self._states[chapter.key]

    def in_force(self, name, chapter):
        """The definition of a chunk that a reader of this chapter is sent to: in force now, or the first of later ones."""
        live = self.state(chapter).live.get(name)
        return live[0] if live else self.book.first(name)

    def files(self, definition):
        """Where a definition lands when it is first compiled; a promise's user may come later."""
        if definition.modifier in ('show', 'delete'):
            return []
        for chapter in (c for c in self.book.chapters if c.index >= definition.chapter.index):
            state = self.state(chapter)
            if definition not in state.live.get(definition.name, []):
                break
            if state.files(definition.name):
                return state.files(definition.name)
        return []

    def chunk(self, definition):
        chunk = Chunk()
        chunk.definition, chunk.number, chunk.anchor = definition, definition.number, anchor(definition)
        chunk.name, chunk.is_root, chunk.modifier = definition.name, definition.is_root, definition.modifier
        chunk.files = self.files(definition)
        text = '\n'.join(definition.lines)        # a function that a macro opens may have a name that is not there
        chunk.defines = [i.name for i in self.idents.defined(definition)
                         if i.kind not in QUIET and (i.name in text or i.name.startswith('sys_'))]
        live = self.state(definition.chapter).live
        chunk.together = {use.name: [d.number for d in live[use.name] if not d.chapter.draft] for use in definition.uses
                          if len(live.get(use.name, ())) > 1}
        chunk.mini, chunk.margin = [], []
        chunk.changes = 0
        self.lines(chunk)
        chunk.foot = self.foot(chunk)
        return chunk

    # -- lines, with what changed ---------------------------------------------------------------------------------

    def lines(self, chunk):
        definition = chunk.definition
        path = (chunk.files or [definition.name if definition.is_root else ''])[0]
        kind = source.kind(path) if path else 'c' if definition.modifier == 'show' else 'text'
        rows = source.tokens(definition.parts, kind)
        changed, removed = self.compare(chunk)
        names = {ident.name: ident for ident in self.idents.used(definition)}
        chunk.lines, used, promises = [], {}, {}
        for index, row in enumerate(rows):
            tokens, before = [], ''
            for name, text in row:
                where = ''
                if name == 'u':
                    found = self.in_force(text.name, definition.chapter)
                    where = anchor(found) if found else ''
                    if found and self.state(definition.chapter).fate(text.name) == 'promised':
                        promises[text.name] = found
                    tokens.append((name, text, target(found) if found else ('', '')))
                    continue
                ident = names.get(text) if name == 'i' else None
                if ident and (ident.kind != 'member' or before.endswith(('.', '->'))):
                    where = anchor(ident.definition)
                    if where and ident.kind not in QUIET:
                        used.setdefault(text, where)
                tokens.append((name, text, where))
                before = text
            chunk.lines.append(Line(definition.line + 1 + index, tokens, index in changed, index in removed))
        chunk.removed_at_end = len(rows) in removed and bool(rows)
        chunk.uses = sorted(used.items(), key=lambda item: item[0].lower())
        chunk.mini = [(name, where) for name, where in chunk.uses if self._met.get(name, 0) < FAMILIAR]
        for name in used:
            self._met[name] = self._met.get(name, 0) + 1
        for name, found in promises.items():
            place = (found.chapter.name, '') if found.chapter.draft else target(found)
            chunk.margin.append(Note(('promise', name), [place]))

    def compare(self, chunk):
        """-> (indexes of changed lines, indexes below which lines were removed) against the replaced definition."""
        definition = chunk.definition
        if definition.modifier != 'replace':
            return set(), set()
        old = [line for d in definition.replaces for line in d.lines]
        new = definition.lines
        changed, removed = set(), set()
        for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == 'equal':
                continue
            changed.update(range(j1, j2))
            if tag == 'delete':
                removed.add(j1)
            chunk.changes += max(i2 - i1, j2 - j1)
        return changed, removed

    # -- the foot -------------------------------------------------------------------------------------------------

    def foot(self, chunk):
        definition, notes = chunk.definition, []

        def note(text, definitions):
            if definitions:
                notes.append(Note(text, once(map(target, definitions))))

        if definition.modifier == 'show':
            return [Note('Shown, not part of the kernel', [])]
        verb = {'replace': 'Replaces', 'delete': 'Takes away'}.get(definition.modifier)
        if verb:
            note(verb, definition.replaces)
        if definition.modifier == 'replace' and chunk.changes:
            plural = 'line' if chunk.changes == 1 else 'lines'
            notes[-1] = notes[-1]._replace(text=(notes[-1].text, f'{chunk.changes} {plural} changed or removed'))
        generation = self.generation(definition)
        if definition.modifier == '+' and generation:
            note('Begun in', generation[:1])
        note('Continued in', generation[generation.index(definition) + 1:] if definition in generation else [])
        if definition.modifier != 'delete':
            note('Used in', once(use.definition for use in self.book.users(definition.name)
                                 if use.definition.modifier != 'show'))
        by = definition.replaced_by
        if by:
            note('Replaced in' if by.modifier == 'replace' else 'Taken away in', [by])
        for chapter in self.borrowers(definition):
            notes.append(Note('Lent to', [(chapter.name, 'ch:' + chapter.slug)]))
        return notes

    def generation(self, definition):
        """The definitions that are in force together with this one: the first and what was appended to it."""
        groups = [[]]
        for d in self.book.named(definition.name):
            if d.chapter.draft:
                continue
            if d.modifier in ('replace', 'delete') and groups[-1]:
                groups.append([])
            groups[-1].append(d)
        return next((group for group in groups if definition in group), [])

    def borrowers(self, definition):
        if not definition.is_root or definition is not self.book.first(definition.name):
            return []
        return [chapter for chapter in self.book.chapters
                if self.state(chapter).borrowed.get(definition.name) is definition.chapter
                and definition.name in chapter.head.borrow]
