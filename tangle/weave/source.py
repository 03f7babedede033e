"""Restrained syntax colouring: words, comments, strings; enough to read by, little enough to print in grey.

    tokens(lines, kind)    lines: each a list of str and Use (book.py's definition.parts)
                           -> each a list of (class, text or Use); classes: '' k(eyword) c(omment) s(tring)
                              p(reprocessor, assembler directive) i(dentifier) u(se of a chunk)
    kind(path)             'c', 'asm', 'make', 'script' or 'text' of a file in the tree
    pieces(text)           code among words, cut where a line may break
    changes(old, new)      [(sign, line)]: ' ' stays, '-' goes, '+' comes
"""

import difflib
import re

KEYWORDS = frozenset('''auto break case char const continue default do double else enum extern float for goto if inline
int long register return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof
_Bool _Static_assert bool'''.split())
SHELL = frozenset('if then else elif fi for in do done while until case esac function return exit'.split())
MAKE = frozenset('ifeq ifneq ifdef ifndef else endif include define endef export override'.split())
KCONFIG = frozenset('''config menuconfig mainmenu menu endmenu choice endchoice if endif source bool tristate int hex
string default depends on select range help prompt imply visible comment'''.split())

WORD = r'[A-Za-z_]\w*'
STRING = r'"(?:\\.|[^"\\])*"|' r"'(?:\\.|[^'\\])*'"
C = re.compile(rf'(?P<c>//.*|/\*.*?(?:\*/|$))|(?P<s>{STRING})|(?P<i>{WORD})|(?P<n>\.?\d[\w.]*)')
HASH = re.compile(rf'(?P<c>(?:(?<=\s)|^)\#.*)|(?P<s>"(?:\\.|[^"\\])*")|(?P<i>{WORD})|(?P<n>\d\w*)')
DIRECTIVE = re.compile(r'\s*#\s*[a-z]+(?:\s*<[^>]*>)?')
ASM_DIRECTIVE = re.compile(r'\s*\.[a-z]\w*')


def kind(path):
    name = path.rsplit('/', 1)[-1]
    suffix = name.rsplit('.', 1)[-1] if '.' in name else ''
    if suffix in ('c', 'h', 'lds'):
        return 'c'
    if suffix == 'S':
        return 'asm'
    if name.startswith(('Makefile', 'Kbuild')) or suffix == 'mk':
        return 'make'
    if name.startswith('Kconfig'):
        return 'kconfig'
    if suffix in ('sh', 'awk', 'py', 'lua') or path.startswith('scripts/'):
        return 'script'
    return 'text'


def tokens(lines, kind):
    in_comment, found = False, []
    for parts in lines:
        row, first = [], True
        for part in parts:
            if not isinstance(part, str):
                row.append(('u', part))
            elif kind in ('c', 'asm'):
                in_comment = c_tokens(part, row, first, in_comment, kind)
            else:
                hash_tokens(part, row, kind)
            first = False
        found.append(row)
    return found


def put(row, name, text):
    if text:
        row.append((name, text))


def c_tokens(text, row, first, in_comment, kind):
    at = 0
    if in_comment:
        end = text.find('*/')
        if end < 0:
            put(row, 'c', text)
            return True
        at = end + 2
        put(row, 'c', text[:at])
    elif first:
        match = DIRECTIVE.match(text) or kind == 'asm' and ASM_DIRECTIVE.match(text)
        if match:
            at = match.end()
            put(row, 'p', text[:at])
    for match in C.finditer(text, at):
        put(row, '', text[at:match.start()])
        at, name, word = match.end(), match.lastgroup, match.group()
        if name == 'i' and word in KEYWORDS and kind == 'c':
            name = 'k'
        put(row, '' if name == 'n' else name, word)
        if name == 'c' and word.startswith('/*') and not (word.endswith('*/') and len(word) > 3):
            return True
    put(row, '', text[at:])
    return False


def hash_tokens(text, row, kind):
    words = {'make': MAKE, 'kconfig': KCONFIG, 'script': SHELL}.get(kind, frozenset())
    at = 0
    for match in HASH.finditer(text):
        put(row, '', text[at:match.start()])
        at, name, word = match.end(), match.lastgroup, match.group()
        if name == 'i' and word in words and not (kind in ('make', 'kconfig') and text[:match.start()].strip(' \t-')):
            name = 'k'
        if name == 'i' and kind in ('make', 'script', 'text') and not word.startswith('CONFIG_'):
            name = ''
        put(row, '' if name == 'n' else name, word)
    put(row, '', text[at:])


# where inline code may break: after a slash, an underscore, a hyphen, an equals sign, a comma, an opening paren
BREAKS = re.compile(r'(?<=[^/])/(?=[^/])|(?<=[a-z0-9])_(?=\w)|(?<=\w)-(?=\w)|->|,(?=\S)|(?<=\w)[=|:](?=\w)|(?<=\w)\((?=\w)')


def pieces(text):
    return BREAKS.sub(r'\g<0>\0', text).split('\0')


def changes(old, new):
    found = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == 'equal':
            found += [(' ', line) for line in new[j1:j2]]
        else:
            found += [('-', line) for line in old[i1:i2]] + [('+', line) for line in new[j1:j2]]
    return found
