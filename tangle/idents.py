"""What every identifier of the kernel is, and where the book defines it.

    idents = Idents(book)                     reads build/idents.json, or runs Universal Ctags where it is out of date
    idents.named('schedule')                  [Ident] of the whole book, in reading order
    idents.at('schedule', state)              the one in force at a checkpoint; else the first that comes later; or None
    idents.resolve('task->state', state)      what [[task->state]] in prose means: an Ident, a Definition, or None
    idents.used(definition)                   [Ident] that its code uses, in order of appearance; doubtful ones left out
    idents.defined(definition)                [Ident] that stand in its code

    ident.name .kind .signature .scope        'schedule', 'function', 'void schedule(void)', '' (a member's structure)
    ident.private                             known in its own file only
    ident.definition, .path, .line            its chunk, and its line in the chapter

Kinds: function, prototype, variable, extern, macro, struct, union, enum, enumerator, member, typedef; label (assembler
and linker script), config (Kconfig), make (a variable).

Tags are found once for each chapter, in the tree of its own checkpoint: that is where its chunks first stand in
context. They are kept by chunk and line in the chunk, under a hash of the chapter's code, so that an edit of the prose
costs nothing and an edit of the code one chapter's tags. What is in force at a later checkpoint follows from the chunks.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from book import Book, BookError, HERE, usage
from tree import MEMORY, save, write_aside

VALUES = ('function', 'variable', 'macro', 'struct', 'union', 'enum', 'typedef', 'enumerator', 'label', 'config',
          'extern', 'prototype', 'member', 'make')      # which one a bare name means, if it is several things

NAMES = VALUES[:-2]                                       # what it can mean in C without `.` or `->` before it
TAGS = ('struct', 'union', 'enum')

# Macros that define something, as ctags sees them: NAME(arguments). {} is what the parentheses caught.
TAUGHT = [
    (r'(?:COMPAT_)?SYSCALL_DEFINE\d\((\w+).*', 'function', 'sys_{}'),
    (r'(?:DEFINE|DECLARE)_PER_CPU\w*\(.*,\s*(\w+)\)', 'variable', '{}'),
    (r'(?:DEFINE|DECLARE)_\w+\((\w+).*', 'variable', '{}'),
    (r'H?LIST_HEAD\((\w+)\)', 'variable', '{}'),
    (r'(?:ENTRY|SYM_\w*START\w*)\((\w+).*', 'label', '{}'),
]
# Macros that open a function whose name is nobody's business, but whose locals would be taken for globals.
OPENERS = ['KTEST(a,b)=static void ktest(void)']

# Lines that ctags does not look at, or not in our way: (the file, the line).
PLAIN = [
    (r'(^|.*/)Kconfig[^/]*', r'(?:menu)?config\s+(\w+)', 'config'),
    (r'.*\.S', r'(?:ENTRY|SYM_\w*START\w*)\((\w+)', 'label'),
    (r'.*\.S', r'([A-Za-z_]\w*):', 'label'),
    (r'.*\.S', r'(?:#\s*define|\.macro)\s+(\w+)', 'macro'),
    (r'.*\.lds(\.S)?', r'(?:PROVIDE\()?([A-Za-z_]\w*)\s*=[^=]', 'label'),
    (r'(^|.*/)Makefile[^/]*', r'(?:export\s+)?([A-Za-z][\w-]*)\s*[:?+]?=', 'make'),
]


class Ident:
    __slots__ = ('name', 'kind', 'signature', 'scope', 'private', 'definition', 'line')

    def __init__(self, name, kind, signature, scope, private, definition, offset):
        self.name, self.kind, self.signature, self.scope, self.private = name, kind, signature, scope, private
        self.definition, self.line = definition, definition.line + 1 + offset

    @property
    def path(self):
        return self.definition.path

    def __repr__(self):
        return f'{self.path}:{self.line}: {self.kind} {self.signature or self.name}'


# ------------------------------------------------------------------------------------------------ finding the tags

def tags_of(book, chapter):
    """[(number of the chunk, line in it, name, kind, signature, scope, private)] of the definitions in a chapter."""
    state = book.state(chapter)
    places = {id(definition): index for index, definition in enumerate(chapter.definitions)}
    files = [path for path in state.roots
             if any(d.chapter is chapter for name in state.reach([path]) for d in state.live[name])]
    found = set(plain_tags(state, chapter))
    with tempfile.TemporaryDirectory(prefix='idents.', dir=MEMORY) as tree:
        write_aside(state, False, Path(tree))
        for path, line, tag in run_ctags(book, tree, [f for f in files if f.endswith(('.c', '.h'))]):
            definition = book.at(path, line)
            if definition and definition.chapter is chapter:
                found.add((places[id(definition)], line - definition.line - 1, *tag))
    return sorted(found)


def plain_tags(state, chapter):
    for index, definition in enumerate(chapter.definitions):
        files = state.files(definition.name)
        rules = [(re.compile(pattern), kind) for name, pattern, kind in PLAIN if any(re.fullmatch(name, f) for f in files)]
        for offset, line in enumerate(definition.lines if rules else ()):
            for pattern, kind in rules:
                match = pattern.match(line.strip() if kind in ('label', 'config') else line)
                if match and definition.modifier != 'show':
                    yield index, offset, match[1], kind, '', '', False


def run_ctags(book, tree, files):
    """Yield (chapter file, line, (name, kind, signature, scope, private)) for what ctags finds in files of a tree with #line."""
    command = ['ctags', '--options=NONE', '-f', '-', '--output-format=json', '--fields=NFnKStsf', '--kinds-C=+px',
               '--languages=C', '--langmap=C:.c.h', '-L', '-']
    for macro in OPENERS + attributes(book):
        command += ['-D', macro]
    try:
        done = subprocess.run(command, input='\n'.join(files), cwd=tree, capture_output=True, text=True,
                              errors='replace')
    except FileNotFoundError:
        raise BookError('error: ctags not found: install the package universal-ctags')
    if done.returncode:
        raise BookError(f'error: ctags: {done.stderr.strip()}')
    maps = {}
    for row in done.stdout.splitlines():
        tag = json.loads(row)
        origin = maps.get(tag['path']) or maps.setdefault(tag['path'], origins(Path(tree, tag['path'])))
        meaning = interpret(tag)
        if meaning and origin[tag['line']]:
            yield (*origin[tag['line']], meaning)


def origins(path):
    """For each line of a tangled file (from 1), where it stands in the book, by the #line directives."""
    place, found = None, [None]
    for line in path.read_text(errors='replace').split('\n'):
        match = re.match(r'#line (\d+) "(.*)"', line)
        if match:
            found.append(None)
            place = (match[2], int(match[1]))
        else:
            found.append(place)
            place = place and (place[0], place[1] + 1)
    return found


def attributes(book):
    """The book's own macros for attributes, by which ctags would be led astray, defined away."""
    found = set()
    for chapter in book.chapters + book.drafts:
        for definition in chapter.definitions:
            for match in re.finditer(r'^#define (\w+(?:\([\w, ]*\))?)\s+__attribute__', '\n'.join(definition.lines), re.M):
                found.add(match[1].replace(' ', '') + '=')
    return sorted(found)


def interpret(tag):
    """ctags' opinion and ours -> (name, kind, signature, scope, private), or None."""
    name, kind = tag['name'], {'externvar': 'extern'}.get(tag['kind'], tag['kind'])
    arguments = re.sub(r'\s*,\s*', ', ', tag.get('signature', '')).replace('* ', '*')
    if kind in ('prototype', 'function') and 'typeref' not in tag:
        return taught(name + arguments)
    if name.startswith('__anon') or kind not in VALUES or re.fullmatch(r'_+[A-Z0-9_]+_H_*', name):
        return None                      # the last are the guards of headers
    scope = tag.get('scope', '').split('::__anon')[0].split('::')[-1]
    return name, kind, signature(name, kind, arguments, tag.get('typeref', '')), scope, 'file' in tag


def taught(call):
    """A macro call where a definition is expected: SYSCALL_DEFINE1(close, ...) defines sys_close."""
    for pattern, kind, form in TAUGHT:
        match = re.fullmatch(pattern, call)
        if match:
            return form.format(match[1]), kind, call, '', False
    return None


def signature(name, kind, arguments, typeref):
    """One line of C that a reader recognizes."""
    if kind == 'macro':
        return f'#define {name}{arguments}'
    if kind in TAGS:
        return f'{kind} {name}'
    if kind == 'enumerator':
        return name
    what, _, type_ = typeref.partition(':')
    type_ = (type_ if what in ('typename', '') else f'{what} {type_}').replace('* ', '*')
    if '__anon' in type_:
        type_ = what
    array = re.search(r'(\[.*\])$', type_)
    base = type_[:array.start()] if array else type_
    pointer = '(*)' in base
    text = base.replace('(*)', f'(*{name})') if pointer else f'{base}{"" if base.endswith("*") else " "}{name}'
    return ('typedef ' if kind == 'typedef' else '') + text + (array[1] if array else '') + arguments


# -------------------------------------------------------------------------------------------------------- the index

class Idents:
    def __init__(self, book):
        self.book, self._named, self._defined = book, {}, {}
        for chapter, tags in self.load():
            for index, offset, name, *rest in tags:
                ident = Ident(name, *rest, chapter.definitions[index], offset)
                self._named.setdefault(name, []).append(ident)
                self._defined.setdefault(id(ident.definition), []).append(ident)

    def load(self):
        """[(chapter, tags)], from the cache where the code has not changed."""
        cache = self.book.root / 'build/idents.json'
        try:
            known = json.loads(cache.read_text())
        except (OSError, ValueError):
            known = {}
        fresh = {}
        for chapter in self.book.chapters + self.book.drafts:
            key = code_hash(chapter)
            fresh[key] = known.get(key) or [list(tag) for tag in tags_of(self.book, chapter)]
            yield chapter, fresh[key]
        if fresh.keys() != known.keys():
            save(cache, json.dumps(fresh).encode())

    def named(self, name):
        return self._named.get(name, [])

    def defined(self, definition):
        return self._defined.get(id(definition), [])

    def at(self, name, state, kinds=VALUES, scope=None, near=()):
        """near: files whose own (static) definition of the name is meant, rather than another file's."""
        found = [i for i in self.named(name) if i.kind in kinds and scope in (None, i.scope)]
        inside = [i for i in found if i.definition in state.live.get(i.definition.name, ())]
        return min(inside or found, default=None, key=lambda i: (
            0 if inside else i.definition.chapter.index, kinds.index(i.kind),
            not set(near) & set(state.files(i.definition.name))))

    def resolve(self, text, state):
        """What [[text]] means, for a reader who has come as far as this checkpoint."""
        return self.chunk(text, state) or self.file(text) or self.expression(text, state)

    def chunk(self, name, state):
        return next(iter(state.live.get(name, ())), None) or self.book.first(name) or next(
            (d for c in self.book.chapters for d in c.definitions if d.name == name), None)

    def file(self, text):
        """A file by the end of its path, if that can mean one file only."""
        path = text.strip('<>')
        if '.' not in path and '/' not in path:
            return None
        found = [d for d in self.book.roots if d.name.endswith('/' + path)]
        return found[0] if len({d.name for d in found}) == 1 else None

    def expression(self, text, state):
        """name, name(), struct name, CONFIG_NAME, &name, a.b and a->b (a's structure need not be named)."""
        for pattern, find in [
                (r'(?:struct|union|enum) (\w+)', lambda m: self.at(m[1], state, TAGS)),
                (r'CONFIG_(\w+)', lambda m: self.at(m[1], state, ('config',))),
                (r'&?([\w$]+)(?:\(\))?', lambda m: self.at(m[1], state)),
                (r'(?:struct )?(\w+)(?:\.|->)(\w+)', lambda m: self.at(m[2], state, ('member',), m[1])
                 or self.at(m[2], state, ('member',)))]:
            match = re.fullmatch(pattern, text)
            if match:
                return find(match)
        return None

    def used(self, definition):
        state = self.book.state(definition.chapter)
        files = set(state.files(definition.name))
        code = bare('\n'.join(''.join(p if isinstance(p, str) else ' ' for p in parts) for parts in definition.parts))
        local, found = declared(code), {}
        for before, name in re.findall(r'(->|(?<=[\w)\]])\.|\b(?:struct|union|enum)\s+|)\b([A-Za-z_]\w*)', code):
            if name in self._named and (before or name not in local):
                ident = (self.member(name) if before in ('->', '.') else
                         self.at(name, state, TAGS if before else NAMES, near=files))
                if ident and ident.definition is not definition and self.visible(ident, state, files):
                    found[id(ident)] = ident
        return list(found.values())

    def visible(self, ident, state, files):
        return not ident.private or bool(files & set(state.files(ident.definition.name)))

    def member(self, name):
        """Whose member it is takes a compiler to know, unless only one structure has it."""
        found = [i for i in self.named(name) if i.kind == 'member']
        return found[-1] if len({i.scope for i in found}) == 1 else None


def declared(code):
    """Parameters and local variables: a word of a type, then the name. (The second of `int a, b` is missed.)"""
    pairs = re.findall(r'(?<=[(,;{\n\t])\s*(?:(?:const|static|volatile|unsigned|struct|enum) )*(\w+)[\s*]+(\w+)\s*(?=[;=,)[])',
                       code)
    return {name for word, name in pairs if word not in ('return', 'goto', 'else', 'case', 'sizeof', 'define')}


def bare(code):
    """C without its comments and strings."""
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', ' ', code, flags=re.S)


def code_hash(chapter):
    """Of what a chapter's tags depend on: its code, where it lands, and this program."""
    text = '\0'.join(d.stream.partition('\n')[2].rpartition('@end code')[0] for d in chapter.definitions)
    program = (HERE / 'idents.py').read_bytes()
    return chapter.key + ' ' + hashlib.sha256(text.encode('utf-8', 'surrogateescape') + program).hexdigest()[:24]


def main(argv):
    """List the identifiers of a checkpoint, or show what one means there."""
    if not argv:
        usage('usage: idents.py NN [NAME]...')
    try:
        book = Book.load()
        idents, state = Idents(book), book.state(argv[0])
        for name in argv[1:] or sorted(idents._named):
            print(idents.resolve(name, state) if argv[1:] else idents.at(name, state))
    except BookError as error:
        sys.exit(str(error))


if __name__ == '__main__':
    main(sys.argv[1:])
