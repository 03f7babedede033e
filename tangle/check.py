"""The mistakes an author can make with chunks. tangle/tangle refuses on them, tangle/lint reports them for all chapters.

    tangling(state, overlays, forbidden)   [Mistake] that make this checkpoint's tree wrong
    chunks(book)                           [Mistake] in the chunks of the whole book, unused ones included
"""

import fnmatch
import re
from pathlib import Path

from book import BookError, Mistake, where

LARGEST = 100_000
MARKS = re.compile(r' ?\[([^]]*)\]$')


def mistake(thing, text):
    """For a Definition or a Use, both of which know their line."""
    path = thing.path if hasattr(thing, 'path') else thing.definition.path
    return Mistake(path, thing.line, text)


def tangling(state, overlays=(), forbidden=(), draft=False):
    """draft: a chunk that nobody defines yet is taken for a promise."""
    found = list(state.mistakes)
    for chapter in state.chapters:
        found += head(chapter) + shapes(chapter)
    found += borrowing(state) + collisions(state) + cycles(state)
    if not draft:
        found += undefined(state, state.chapters)
    for overlay in overlays:
        found += unused(state, overlay) + swellings(state, overlay)
        for guard in forbidden:
            found += guard.trespasses(overlay)
    return in_order(found)


def chunks(book):
    found = [m for last in [book.chapters[-1], *book.drafts] for m in book.state(last).mistakes]
    for chapter in book.chapters + book.drafts:
        state = book.state(chapter)
        found += shapes(chapter) + borrowing(state, [chapter]) + undefined(state, [chapter])
        found += collisions(state) + cycles(state) + unused(state, chapter) + indented_blanks(state, chapter)
    return in_order([*found, *written_meanwhile(book)])


def in_order(mistakes):
    return sorted(set(mistakes))


def head(chapter):
    found = list(chapter.head.mistakes)
    for key in ('title', 'summary'):
        if not chapter.overlay and not found and not getattr(chapter.head, key):
            found.append(Mistake(chapter.path, 1, f'no `{key}:` in the head; add it between the two ---'))
    return found


# ------------------------------------------------------------------------------------- one definition, by itself

def shapes(chapter):
    """Names, modifiers, the closing @."""
    found = []
    if not chapter.is_named_well:
        found.append(Mistake(chapter.path, 1, 'bad file name; a chapter is called NN-slug.nw or NN-a-slug.nw'))
    for definition in chapter.definitions:
        text = bad_title(definition) or unclosed(definition)
        if text:
            found.append(mistake(definition, text))
        for use in definition.uses:
            text = bad_use(use)
            if text:
                found.append(mistake(use, text))
    return found


def bad_title(definition):
    name, title = definition.name, definition.title
    if definition.modifier == '' and MARKS.search(title):
        return (f'bad modifier in <<{title}>>; known: [+] append, [replace] supersede, [delete] retire, [show] print only')
    return bad_name(name, definition.is_root, f'<<{title}>>')


def bad_name(name, is_root, shown):
    if name != ' '.join(name.split()):
        return f'stray blanks in {shown}; write <<{" ".join(name.split())}>>'
    if is_root:
        if not re.fullmatch(r'[\w.+-]+(/[\w.+-]+)*', name, re.A) or {'.', '..'} & set(name.split('/')):
            return f'bad name {shown}; a file is a relative path of letters, digits, and ._+-'
    elif not re.fullmatch(r'\S.*?: \S.*', name):
        return f'bad name {shown}; a chunk is called "area: phrase", a file by its path without blanks'
    if re.search(r'[][<>]', name.replace('->', '')):
        return f'bad name {shown}; brackets are for modifiers'
    return None


def bad_use(use):
    name = use.name
    if name != name.strip():
        return (f'`<<{name}>>` is taken for a chunk reference; if it is code, write @<< for the shift or break the line, '
                f'if not, <<{name.strip()}>>')
    if MARKS.search(name):
        return f'<<{name}>> is a use, and a use takes no modifier; write <<{MARKS.sub("", name)}>>'
    return None


def unclosed(definition):
    closing = definition.chapter.lines[definition.end - 1:definition.end]
    if [line.rstrip('\r ') for line in closing] == ['@']:
        return None
    if closing and closing[0].startswith('@'):
        return f'text after the @ that closes <<{definition.title}>> (line {definition.end}); give it a line of its own'
    return (f'<<{definition.title}>> is never closed and swallows everything up to line {definition.end - 1}; '
            'end its code with a line @')


# ------------------------------------------------------------------------------------- one definition among others

def undefined(state, chapters):
    found = []
    for chapter in chapters:
        for definition in chapter.definitions:
            for use in definition.uses:
                if not bad_use(use):
                    found += undefined_use(state, definition, use)
    return found


def undefined_use(state, definition, use):
    fate = state.fate(use.name)
    if fate == 'live' and state.live[use.name][0].is_root:
        return [mistake(use, f'<<{use.name}>> is a file of its own and cannot be part of <<{definition.name}>>')]
    if fate != 'undefined' or (definition.modifier == 'show' and shown(state, use.name)):
        return []
    if ': ' not in use.name:
        return [mistake(use, f'`<<{use.name}>>` is taken for a chunk reference; '
                        'if it is code, write @<< for the shift or break the line')]
    close = [name for name in state.live if ': ' in name and near(name, use.name)]
    return [mistake(use, f'<<{use.name}>> is used but no chapter defines it; '
                    + (f'did you mean <<{close[0]}>>?' if close else 'define it, or correct the name'))]


def shown(state, name):
    return any(d.name == name for chapter in state.book.chapters for d in chapter.definitions)


def near(one, other):
    """Cheap likeness: same letters but for case, blanks and one edit at either end."""
    one, other = (re.sub(r'\W', '', name).lower() for name in (one, other))
    return one == other or one[1:] == other or one == other[1:] or one[:-1] == other or one == other[:-1]


def unused(state, chapter):
    """Code that is printed but is in no file of its own chapter's checkpoint."""
    reached = state.reach(state.roots)
    found = []
    for definition in chapter.definitions:
        live = definition in state.live.get(definition.name, [])
        if live and definition.name not in reached:
            found.append(mistake(definition, f'<<{definition.name}>> is used by no file of this checkpoint; '
                                 'use it, or mark it [show]'))
    return found


def swellings(state, chapter):
    """A few chunks that use each other twice can fill a disk; a student's file must not."""
    sizes = {}

    def size(name):
        if name not in sizes:
            sizes[name] = 0
            sizes[name] = sum(len(d.parts) for d in state.live.get(name, ())) + sum(
                size(use.name) for use in state.uses(name))
        return sizes[name]

    return [mistake(d, f'<<{d.name}>> expands to {size(d.name)} lines; no chunk needs more than {LARGEST}')
            for d in chapter.definitions if size(d.name) > LARGEST]


def indented_blanks(state, chapter):
    """mnt indents the first line of a chunk even if it is blank."""
    found = []
    for parts in (parts for definition in chapter.definitions for parts in definition.parts):
        if len(parts) > 1 and isinstance(parts[0], str) and parts[0] and not parts[0].strip():
            for first in state.live.get(getattr(parts[1], 'name', None), [])[:1]:
                if first.lines and not first.lines[0].strip():
                    found.append(mistake(first, f'<<{first.title}>> begins with a blank line, and line {parts[1].line} of '
                                         f'{chapter.path} indents it; move the blank line there'))
    return found


def borrowing(state, chapters=None):
    found = []
    for chapter in chapters or state.chapters:
        for path in chapter.head.borrow:
            line = chapter.head.line_of('borrow', path)
            text = bad_loan(state, chapter, path)
            if text:
                found.append(Mistake(chapter.path, line, text))
    return found


def bad_loan(state, chapter, path):
    first = state.book.first(path)
    if not first or not first.is_root:
        return f'borrow: no later chapter has the file {path}; correct the path, or delete the line'
    if not state.can_lend(first.chapter, chapter):
        return f'borrow: {path} is defined already at {where(first)}; delete the line'
    before = next((c for c in state.chapters if c.index < chapter.index and path in c.head.borrow), None)
    if before:
        return (f'borrow: {path} is borrowed already at {before.path}:{before.head.line_of("borrow", path)}, '
                'and stays; delete the line')
    lender = state.borrowed.get(path)
    for name in state.reach([path]) if lender else ():
        for definition in state.live[name]:
            if definition.chapter is not lender and definition.chapter.index > chapter.index:
                return (f'borrow: {path} needs <<{name}>> of {where(definition)}, which is not in {lender.path}; '
                        f'a borrowed file must stand on what its own chapter defines')
    return None


def written_meanwhile(book):
    """A later chapter, written first, defines what a draft before it does."""
    for draft in book.drafts:
        for definition in draft.definitions:
            first = book.first(definition.name)
            if definition.modifier == '' and not first.chapter.draft and first.chapter.index > draft.index:
                yield mistake(definition, f'<<{definition.title}>> of a draft is defined by {where(first)} meanwhile; '
                              'delete it here')


def collisions(state):
    """A file cannot also be a directory."""
    found = []
    for path in state.roots:
        for parent in map(str, Path(path).parents):
            if parent in state.roots:
                found.append(mistake(state.live[path][0], f'duplicate root {path}: '
                                     f'{parent} is a file already, at {where(state.live[parent][0])}'))
    return found


def cycles(state):
    """Depth first; a chunk met again while still open closes a cycle."""
    done, found = set(), []

    def visit(name, path):
        if name in path:
            ring = path[path.index(name):]
            use = next(u for u in state.uses(ring[-1]) if u.name == name)
            found.append(mistake(use, 'cyclic chunks: ' + ' -> '.join(f'<<{n}>>' for n in [*ring, name])
                                 + '; one of them must not use the next'))
        elif name not in done:
            for use in state.uses(name):
                visit(use.name, [*path, name])
            done.add(name)

    for name in state.live:
        visit(name, [])
    return found


# ------------------------------------------------------------------------------------------------------- exercises

class Guard:
    """Chunks that a student's file must leave alone. What the grader defines or replaces is its own; what it appends
    to, the student may append to as well."""

    def __init__(self, path, own, shared):
        self.path, self.own, self.shared = path, own, shared

    def trespasses(self, overlay):
        if overlay.path == self.path:
            return []
        return [mistake(d, f'<<{d.name}>> belongs to the exercise ({self.path}); '
                        'your file may neither define nor change it')
                for d in overlay.definitions if d.modifier != 'show' and self.forbids(d)]

    def forbids(self, definition):
        patterns = self.own if definition.modifier == '+' else self.own + self.shared
        return any(fnmatch.fnmatchcase(definition.name, pattern) for pattern in patterns)


def protected(book, path):
    """Read a --forbid file: a grader, or a list of names."""
    if path.endswith('.nw'):
        grader = book.overlay(path)
        exact = [(d.modifier, fnmatch_quote(d.name)) for d in grader.definitions if d.modifier != 'show']
        return Guard(grader.path, [n for m, n in exact if m != '+'], [n for m, n in exact if m == '+'])
    try:
        rows = Path(path).read_text().splitlines()
    except OSError as error:
        raise BookError(f'{path}:1: error: cannot read the list of forbidden chunks: {error.strerror}')
    return Guard(path, [row.strip() for row in rows if row.strip() and not row.startswith('#')], [])


def fnmatch_quote(name):
    return re.sub(r'([*?[])', r'[\1]', name)
