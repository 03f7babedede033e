"""The one model of the book: what stands in chapters/*.nw, and what of it is in force at a checkpoint.

noweb's own `markup -t` parses the chapters; this module reads its stream. Everything that needs to know the book
(tangle, lint, weave, exercises, coverage) imports it, so that there is one opinion on what a chunk is.

    book = Book.load()                   the repository this file stands in; Book.load(dir) for another
    book.chapters                        [Chapter] in reading order; each is a checkpoint
    book.drafts                          [Chapter] not written yet (`draft: true`): no checkpoints, they only lend files
    book.chapter('02')                   by checkpoint: '2', '02', '13-a'; '13' is the last part of chapter 13
    book.find('02')                      the same, but None where chapter() raises BookError
    book.rows                            {'BOOT-01': {'tier': .., 'proven_from': ..}}, tests/coverage.tsv
    book.named('fork: copy the flags')   [Definition] of all chapters, in reading order, [show] left out; drafts' last
    book.first(name)                     the first of them, or None
    book.roots                           [Definition]: the first of every file, of whatever checkpoint
    book.users(name)                     [Use] of all chapters but drafts (use.definition is where it stands)
    book.at('chapters/02-x.nw', 120)     the Definition whose code has that line, or None
    book.overlay('x/student.nw')         an exercise's file as a Chapter, to be passed to state()
    state = book.state('02', overlays=[])   what is in force there:
    state.live                           {name: [Definition]}, in the order in which they are tangled
    state.roots                          {path: starred}: the files of the tree, starred if they carry #line
    state.borrowed                       {path: Chapter that lends it}
    state.fate(name)                     'live', 'promised', 'retired' or 'undefined'
    state.reach(names)                   all chunk names that these reach
    state.files(name)                    [path]: the files in which a chunk lands
    state.mistakes                       [Mistake] found on the way; tangle/check.py finds the others

    chapter.number, .part, .key, .slug, .path, .name    2, '', '02', 'slug', 'chapters/02-slug.nw', 'chapter 2'
    chapter.head                         Head: .title .summary .borrow .proves .explains .runs; .line_of(key, item)
    chapter.draft                        it is not written yet
    chapter.blocks                       [Docs | Definition] as they stand in the file
    chapter.definitions                  [Definition]
    chapter.lines                        the file's text, line by line

    definition.name                      without `*` and modifier; a root's name is its path
    definition.modifier                  '', '+', 'replace', 'delete' or 'show'
    definition.number                    '2.17', counted over all definitions of the chapter
    definition.is_root, .star            a file's chunk; the file wants #line
    definition.chapter, .path, .line     where it begins (the line of <<name>>=; its code begins one line below)
    definition.lines                     its code as compiled, byte for byte, uses written <<name>>
    definition.parts                     the same, each line a list of str and Use
    definition.uses                      [Use]: .name .line .definition
    definition.replaces                  [Definition] that this [replace] or [delete] puts out of force
    definition.replaced_by               the Definition that puts this one out of force, or None
    docs.line, docs.text, docs.quotes    prose with its [[...]]; quotes is [(line, text in the brackets)]

From the shell, `book.py list` prints the checkpoints and `book.py roots NN` the files of one.
"""

import bisect
import os
import re
import subprocess
import sys
from collections import namedtuple
from functools import cached_property
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODIFIERS = ('+', 'replace', 'delete', 'show')


class Mistake(namedtuple('Mistake', 'path line text')):
    """What an author did wrong, where, and what to do about it."""

    def __str__(self):
        return f'{self.path}:{self.line}: error: {self.text}'


class BookError(Exception):
    """The book cannot be read at all; the message is ready to print."""


def usage(text):
    """End a program that was called wrongly, with the exit status that argparse gives."""
    print(text.strip(), file=sys.stderr)
    sys.exit(2)


def noweb(tool):
    """The path of one of noweb's back-end tools, which no distribution puts in PATH."""
    places = [os.environ.get('NOWEBLIB')] + [f'{base}/{lib}/noweb' for base in ('/usr', '/usr/local', '/opt/local')
                                             for lib in ('lib', 'libexec', 'lib64')]
    for place in filter(None, places):
        path = os.path.join(place, tool)
        if os.access(path, os.X_OK):
            return path
    raise BookError(f"error: noweb's `{tool}` not found: install the package noweb, or set NOWEBLIB to its directory")


def run_markup(paths, root):
    """noweb's markup over all files at once -> (stream, its complaints). It reports trouble only at the very end, and
    its exit status is easily lost in a pipe, hence the look at all three: status, messages, @fatal."""
    done = subprocess.run([noweb('markup'), '-t', *paths], cwd=root, capture_output=True)
    complaints = done.stderr.decode(errors='replace').splitlines()
    if done.returncode and not complaints:
        raise BookError(f'error: noweb markup failed with status {done.returncode} on {" ".join(paths)}')
    return done.stdout.decode('utf-8', 'surrogateescape').partition('\n@fatal ')[0] + '\n', complaints


# ---------------------------------------------------------------------------------------------------------- chapters

class Use:
    """<<name>> inside a definition's code."""
    __slots__ = ('name', 'line', 'definition')

    def __init__(self, name, line, definition):
        self.name, self.line, self.definition = name, line, definition

    def __repr__(self):
        return f'<<{self.name}>>'


class Docs:
    """A stretch of prose between two chunks."""

    def __init__(self, chapter, line, stream):
        self.chapter, self.line, self.stream = chapter, line, stream

    @cached_property
    def text(self):
        """The prose as the author wrote it, [[...]] included."""
        words = {'@nl': '\n', '@quote': '[[', '@endquote': ']]'}
        return ''.join(words.get(row) or (row[6:] if row.startswith('@text ') else '')
                       for row in self.stream.split('\n'))

    @cached_property
    def quotes(self):
        found, line, quote = [], self.line, None
        for row in self.stream.split('\n'):
            if row == '@nl':
                line += 1
            elif row == '@quote':
                quote = (line, [])
            elif row == '@endquote':
                found.append((quote[0], ' '.join(quote[1])))
                quote = None
            elif quote and row.startswith('@text '):
                quote[1].append(row[6:])
        return found


class Definition:
    """<<name [modifier]>>= and the code below it."""
    replaced_by = None

    def __init__(self, chapter, line, number, title, stream):
        self.chapter, self.line, self.number, self.title, self.stream = chapter, line, number, title, stream
        match = re.fullmatch(r'(.*?)(?: \[(\+|replace|delete|show)\])?', title, re.S)
        self.name, self.modifier = match[1], match[2] or ''
        self.is_root = ': ' not in self.name and ' ' not in self.name.strip()
        self.star = self.is_root and self.name.endswith('*')
        if self.star:
            self.name = self.name[:-1]
        self.replaces = []
        self.parts, self.uses = [], []
        self._read(stream)

    def _read(self, stream):
        parts, line = [], self.line
        for row in stream.split('\n')[2:]:
            if row.startswith('@text ') and parts and isinstance(parts[-1], str):
                parts[-1] += row[6:]     # markup cuts a line at each << and >>
            elif row.startswith('@text '):
                parts.append(row[6:])
            elif row == '@nl':
                self.parts.append(parts)
                parts, line = [], line + 1
            elif row.startswith('@use '):
                parts.append(Use(row[5:], line, self))
                self.uses.append(parts[-1])
        del self.parts[0]                # the line of <<name>>= itself

    @property
    def path(self):
        return self.chapter.path

    @property
    def end(self):
        """The line after its code, where the closing @ should be."""
        return self.line + 1 + len(self.parts)

    @property
    def lines(self):
        return [''.join(map(str, (p if isinstance(p, str) else repr(p) for p in parts))) for parts in self.parts]

    def __repr__(self):
        return f'{self.path}:{self.line}:<<{self.title}>>='


class Head:
    """The YAML head, in the small part of YAML that an author needs: scalars, `- item` lists, `  key: value` maps."""
    LISTS, MAPS, SCALARS = ('borrow', 'proves'), ('explains', 'runs'), ('title', 'summary', 'draft')

    def __init__(self):
        self.values, self._lines, self.mistakes, self.repeated, self.end = {}, {}, [], [], 0

    def __getattr__(self, key):
        if key in self.LISTS:
            return list(dict.fromkeys(self.values.get(key, [])))
        if key in self.MAPS:
            return self.values.get(key, {})
        if key in self.SCALARS:
            return self.values.get(key, '')
        raise AttributeError(key)

    def line_of(self, key, item=None):
        return self._lines.get((key, item), self._lines.get((key, None), 1))

    @classmethod
    def parse(cls, path, lines):
        head, key = cls(), None

        def wrong(number, text):
            head.mistakes.append(Mistake(path, number, text))

        head.end = head_end(lines)
        if lines[:1] != ['---']:
            wrong(1, 'no head: the file must begin with `---`, `title: ...`, `summary: ...`, `---`')
        elif not head.end:
            wrong(1, 'the head is never closed: end it with a line `---`')
        for number, line in enumerate(lines[1:head.end - 1] if head.end else (), 2):
            if line.strip() and not line.lstrip().startswith('#'):
                key = head._entry(key, number, line, wrong)
        return head

    def _entry(self, key, number, line, wrong):
        """Take in one line; return the key that the indented lines below it belong to."""
        item = re.fullmatch(r' +- (.*)', line)
        pair = re.fullmatch(r'( *)([\w./+-]+):(?: +(.*))?', line)
        if item and key in self.LISTS:
            value = scalar(item[1])
            if value in self.values[key]:
                self.repeated.append((value, number))
            self.values[key].append(value)
            self._lines[key, value] = number
        elif pair and pair[1] and key in self.MAPS:
            if pair[2] in self.values[key]:
                wrong(number, f'`{pair[2]}` stands twice under `{key}:`; delete one')
            self.values[key][pair[2]] = scalar(pair[3] or '')
            self._lines[key, pair[2]] = number
        elif pair and not pair[1]:
            return self._key(pair[2], number, scalar(pair[3] or ''), wrong)
        else:
            wrong(number, f'malformed head: `{line.strip()}`; write `key: value`, `  - item` under borrow and proves, '
                          '`  key: value` under explains and runs')
        return key

    def _key(self, key, number, value, wrong):
        if key not in self.LISTS + self.MAPS + self.SCALARS:
            wrong(number, f'unknown key `{key}` in the head; known: {", ".join(self.SCALARS + self.LISTS + self.MAPS)}')
            return None
        if key in self.values:
            wrong(number, f'`{key}:` stands twice in the head; merge the two')
        if key not in self.SCALARS and value:
            wrong(number, f'`{key}:` takes indented lines below it, not a value on its own line')
        if key == 'draft' and value != 'true':
            wrong(number, f'draft: {value}; write `draft: true`, or delete the line once the chapter is written')
        self.values[key] = value if key in self.SCALARS else [] if key in self.LISTS else {}
        self._lines[key, None] = number
        return key


def head_end(lines):
    """The number of the line `---` that closes the head of a file; 0 if there is no head."""
    return lines.index('---', 1) + 1 if lines[:1] == ['---'] and '---' in lines[1:] else 0


def scalar(text):
    """A YAML scalar: quotes or a trailing comment removed."""
    text = text.strip()
    if len(text) > 1 and text[0] in '"\'' and text[0] == text[-1]:
        return text[1:-1]
    return re.sub(r'(^|\s+)#.*', '', text)


class Chapter:
    """One chapters/NN-slug.nw (or a part of it, NN-a-slug.nw): a checkpoint. Or an exercise's file laid over one."""

    def __init__(self, path, text, overlay=False):
        self.path, self.overlay = path, overlay
        self.lines = text.split('\n')
        match = re.fullmatch(r'(\d\d)(?:-([a-z]))?-(.+)\.nw', os.path.basename(path))
        self.is_named_well = overlay or bool(match)
        self.number = 0 if overlay or not match else int(match[1])
        self.part = '' if overlay or not match else match[2] or ''
        self.slug = match[3] if match else Path(path).stem
        self.key = f'{self.number:02}' + (f'-{self.part}' if self.part else '')
        self.name = path if overlay else f'chapter {self.number}{self.part}'
        self.index = 0
        self.blocks, self.definitions, self.mistakes = [], [], []

    @cached_property
    def head(self):
        return Head() if self.overlay else Head.parse(self.path, self.lines)

    @property
    def draft(self):
        return self.head.draft == 'true'

    def read(self, stream, first_number):
        """Take in this file's part of markup's stream. Numbers run on through the parts of a chapter."""
        line = 1
        for block in re.split('^@begin ', stream, flags=re.M)[1:]:
            if block.startswith('docs'):
                self.blocks.append(Docs(self, line, block))
            else:
                number = f'{self.number or self.slug}.{first_number + len(self.definitions)}'
                title = block.split('\n', 2)[1][len('@defn '):]
                self.blocks.append(Definition(self, line, number, title, block))
                self.definitions.append(self.blocks[-1])
            line += block.count('\n@nl') + block.count('\n@index nl')


# -------------------------------------------------------------------------------------------------------------- book

class Book:
    def __init__(self, root):
        self.root = Path(root)
        self.chapters, self.drafts, self._states = [], [], {}

    @classmethod
    def load(cls, root=None):
        book = cls(root or HERE.parent)
        paths = sorted(str(p.relative_to(book.root)) for p in book.root.glob('chapters/[0-9]*.nw'))
        if not paths:
            raise BookError(f'error: no chapters: {book.root}/chapters has no file NN-slug.nw')
        for index, chapter in enumerate(book.read(paths)):
            chapter.index = index
            (book.drafts if chapter.draft else book.chapters).append(chapter)
        if not book.chapters:
            raise BookError(f'error: all chapters of {book.root}/chapters are drafts; there is no checkpoint')
        book.state(book.chapters[-1])    # fills in what replaces what
        return book

    def read(self, paths, overlay=False):
        """Parse files (paths relative to the root, so that #line is) with noweb's markup."""
        stream, complaints = run_markup(paths, self.root)
        chapters, number, parts = [], 1, re.split(r'^@file .*\n', stream, flags=re.M)[1:]
        if len(parts) != len(paths):
            raise BookError(f'error: noweb markup read {len(parts)} of {len(paths)} files; ' + ' '.join(complaints))
        for path, part in zip(paths, parts):
            text = (self.root / path).read_bytes().decode('utf-8', 'surrogateescape')
            chapter = Chapter(path, text, overlay)
            if not chapters or chapters[-1].number != chapter.number:
                number = 1
            chapter.read(part, number)
            number += len(chapter.definitions)
            chapters.append(chapter)
        for complaint in complaints:
            self.blame(complaint, chapters)
        return chapters

    def blame(self, complaint, chapters):
        """File a message of markup's under the chapter it names."""
        match = re.fullmatch(r'(.*?):(\d+): (.*)', complaint)
        chapter = match and next((c for c in chapters if c.path == match[1]), None)
        if not chapter:
            raise BookError(f'error: noweb markup: {complaint}')
        text = match[3]
        if text.startswith('unescaped <<'):
            text = ('`<<` in prose: chunk names and shifts do not belong there; write [[name]] for a chunk, '
                    'put code in a chunk, and close the chunk above with @ on a line of its own')
        chapter.mistakes.append(Mistake(match[1], int(match[2]), text))

    def overlay(self, path):
        """Read an exercise's file. Its path stays relative to the repository where it is inside."""
        full = Path(path).resolve()
        if not full.is_file():
            raise BookError(f'{path}:1: error: no such file')
        inside = full.is_relative_to(self.root.resolve())
        return self.read([str(full.relative_to(self.root.resolve())) if inside else str(full)], overlay=True)[0]

    def find(self, key, chapters=None):
        """The checkpoint called '2', '02' or '13-a'; '13' is the last part of 13. None if there is none."""
        match = re.fullmatch(r'(\d+)(?:-?([a-z]))?', str(key))
        found = [c for c in (self.chapters if chapters is None else chapters)
                 if match and c.number == int(match[1]) and match[2] in (None, c.part)]
        return found[-1] if found else None

    def chapter(self, key):
        found = self.find(key)
        if not found:
            draft = self.find(key, self.drafts)
            raise BookError(f'error: no checkpoint {key}; ' + (f'{draft.path} is a draft, and ' if draft else '')
                            + f'there are {", ".join(c.key for c in self.chapters)}')
        return found

    @cached_property
    def rows(self):
        """What must be shown running: tests/coverage.tsv, {name of the row: {column: text}}; {} where there is none."""
        path = self.root / 'tests/coverage.tsv'
        lines = path.read_text(encoding='utf-8').splitlines() if path.is_file() else ['']
        names = lines[0].split('\t')
        table = [dict(zip(names, line.split('\t'))) for line in lines[1:] if line]
        return {row['id']: row for row in table}

    @cached_property
    def _index(self):
        index = {}
        for chapter in self.chapters + self.drafts:
            for definition in chapter.definitions:
                if definition.modifier != 'show':
                    index.setdefault(definition.name, []).append(definition)
        return index

    def named(self, name):
        return self._index.get(name, [])

    def first(self, name):
        return next(iter(self.named(name)), None)

    @cached_property
    def roots(self):
        """The first definitions of all files, whatever their checkpoint."""
        return [definitions[0] for definitions in self._index.values() if definitions[0].is_root]

    @cached_property
    def _users(self):
        users = {}
        for chapter in self.chapters:
            for definition in chapter.definitions:
                for use in definition.uses:
                    users.setdefault(use.name, []).append(use)
        return users

    def users(self, name):
        return self._users.get(name, [])

    def at(self, path, line):
        """The definition that has this line of a chapter's file in its code."""
        chapter = next((c for c in self.chapters + self.drafts if c.path == path), None)
        if not chapter:
            return None
        position = bisect.bisect([d.line for d in chapter.definitions], line) - 1
        definition = chapter.definitions[position] if position >= 0 else None
        return definition if definition and definition.line < line < definition.end else None

    def state(self, checkpoint, overlays=()):
        last = checkpoint if isinstance(checkpoint, Chapter) else self.chapter(checkpoint)
        if overlays:
            return State(self, last, overlays)
        if last.index not in self._states:
            self._states[last.index] = State(self, last)
        return self._states[last.index]


# ------------------------------------------------------------------------------------------------------------- state

class State:
    """What is in force at a checkpoint: chapters up to `last`, then the overlays, then what they borrow. Of a draft, what
    would be: it stands on the chapters before it, but not on drafts, nor on what these lend."""

    def __init__(self, book, last, overlays=()):
        self.book, self.last = book, last
        self.chapters = [c for c in book.chapters if c.index < last.index] + [last, *overlays]
        self.live, self.stars, self.gone, self.borrowed, self.mistakes = {}, {}, {}, {}, []
        for chapter in self.chapters:
            self.mistakes += chapter.mistakes
            for definition in chapter.definitions:
                getattr(self, 'do_' + {'': 'define', '+': 'append'}.get(definition.modifier, definition.modifier))(
                    definition, self.live.get(definition.name))
        for chapter in () if last.draft else self.chapters:      # two drafts that lend to one chapter would ask each other
            for path in chapter.head.borrow:
                self.borrow(chapter, path)

    def wrong(self, definition, text):
        self.mistakes.append(Mistake(definition.path, definition.line, text))

    def do_show(self, definition, live):
        pass

    def do_define(self, definition, live):
        if live:
            first, what = live[0], 'the file' if definition.is_root else ''
            self.wrong(definition, f'duplicate root {definition.name}: {where(first)} defines that file already; use '
                       '[+] to append, [replace] to supersede, or choose another path' if definition.is_root else
                       f'<<{definition.name}>> is defined already at {where(first)}; '
                       'add [+] to append or [replace] to supersede')
            return
        self.live[definition.name] = [definition]
        self.stars[definition.name] = definition.star
        self.gone.pop(definition.name, None)

    def do_append(self, definition, live):
        if self.exists(definition, live, 'append to'):
            live.append(definition)

    def do_replace(self, definition, live):
        if self.supersedes(definition, live):
            self.live[definition.name] = [definition]

    def do_delete(self, definition, live):
        if self.supersedes(definition, live):
            del self.live[definition.name]
            self.gone[definition.name] = definition
            if any(definition.lines):
                self.wrong(definition, f'<<{definition.title}>> has code below it; [delete] takes none: '
                           'write [replace], or remove the code')

    def exists(self, definition, live, action):
        if live:
            return True
        name, gone = definition.name, self.gone.get(definition.name)
        later = next((d for d in self.book.named(name) if d.modifier == ''), None)
        reason = (f'was deleted at {where(gone)}' if gone else
                  f'is first defined later, at {where(later)}' if later else 'is not defined')
        self.wrong(definition, f'cannot {action} <<{name}>>, which {reason}; '
                   'drop the modifier to define it here, or correct the name')
        return False

    def supersedes(self, definition, live):
        """A chunk replaced in the chapter that wrote it would be printed code that no checkpoint ever runs."""
        if not self.exists(definition, live, definition.modifier):
            return False
        same = next((d for d in live if d.chapter is definition.chapter), None)
        if same:
            self.wrong(definition, f'<<{definition.name}>> is {definition.modifier}d in the chapter that defines it '
                       f'(line {same.line}), so no checkpoint ever contains that code; edit it there, or mark it [show]')
            return False
        definition.replaces = live
        if not (definition.chapter.overlay or definition.chapter.draft):
            for old in live:
                old.replaced_by = definition
        return True

    def borrow(self, borrower, path):
        """Lend a file of a later chapter, as that chapter first leaves it, with the chunks it reaches there."""
        if path in self.live:
            return
        first = self.book.first(path)
        if not first or not first.is_root or not self.can_lend(first.chapter, borrower):
            return                       # check.py says so, for the whole book
        lent = self.book.state(first.chapter)
        self.borrowed[path] = first.chapter
        self.stars[path] = first.star
        for name in lent.reach([path]):
            if name not in self.live:
                self.live[name] = lent.live[name]

    @staticmethod
    def can_lend(lender, borrower):
        return lender.index > borrower.index or lender.draft and lender is not borrower

    @cached_property
    def roots(self):
        return {name: self.stars[name] for name in sorted(self.live) if name in self.stars and self.live[name][0].is_root}

    def fate(self, name):
        if self.live.get(name):
            return 'live'
        if name in self.gone:
            return 'retired'
        first = self.book.first(name)
        return 'promised' if first and (first.chapter.index > self.last.index or first.chapter.draft) else 'undefined'

    def uses(self, name):
        return [use for definition in self.live.get(name, []) for use in definition.uses]

    def reach(self, names):
        """The names and every live chunk name below them."""
        found, todo = set(), list(names)
        while todo:
            name = todo.pop()
            if name not in found and name in self.live:
                found.add(name)
                todo += [use.name for use in self.uses(name)]
        return found

    @cached_property
    def _files(self):
        files = {}
        for root in self.roots:
            for name in self.reach([root]):
                files.setdefault(name, []).append(root)
        return files

    def files(self, name):
        return self._files.get(name, [])


def where(definition):
    return f'{definition.path}:{definition.line}'


def main(argv):
    try:
        book = Book.load()
        if argv[:1] == ['list']:
            print(*(c.key for c in book.chapters), sep='\n')
        elif argv[:1] == ['roots'] and len(argv) == 2:
            print(*book.state(argv[1]).roots, sep='\n')
        else:
            usage('usage: book.py list | roots NN')
    except BookError as error:
        sys.exit(str(error))


if __name__ == '__main__':
    main(sys.argv[1:])
