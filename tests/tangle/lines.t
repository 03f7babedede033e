#!/usr/bin/env python3
"""#line is exact: what the compiler, nm and addr2line say is the line of the chapter, in a book that has every trick and
in this one."""

import os
import re
import subprocess

from scratch import ROOT, Scratch, done, ok, same
from book import Book, BookError
from idents import origins
from tree import tangle

CROSS = os.environ.get('CROSS_COMPILE', 'i686-linux-gnu-')
ONE = '''Prose with [[kernel/a.c]],
and a quote.

<<kernel/a.c*>>=
int v1;
<<a: promised>>
int v2;
	<<a: nested>>
int v3; <<a: promised>>
int v4 = 1 @<< 2;

<<a: promised>>

int v5;
@

Some prose.

<<a: nested>>=
int v6;

<<a: promised>>
int v7;
<<a: deep>>
@

<<a: shown [show]>>=
int never;
@

More prose.

<<a: deep>>=
int v8;
int f(int x)
{
	return x +
		v8;
}
@

<<Makefile>>=
all:
	<<a: promised>>
	<<a: promised>>
@

<<kernel/b.c*>>=
int w1;
@
'''
TWO = '''<<a: deep [replace]>>=
int v9;
<<a: deeper>>
int v10;
@

<<a: promised>>=
int *p;
@

<<a: nested [+]>>=
int v11;
@

<<a: deeper>>=
int v12;
@

<<kernel/b.c [+]>>=
int w2;
@
'''


def check_tree(book, out, state, what):
    """Every line of a tangled file is the line of the chapter that its #line says."""
    wrong, met = [], set()
    for path in (p for p, starred in state.roots.items() if starred):
        text = (out / path).read_text().split('\n')
        for number, place in enumerate(origins(out / path)):
            if place and text[number - 1].strip():
                met.add(place)
                definition = book.at(*place)
                printed = definition and definition.parts[place[1] - definition.line - 1]
                if not printed or not contains(printed, text[number - 1].strip()):
                    wrong.append(f'{path}:{number}: {text[number - 1]!r} is not at {place[0]}:{place[1]}')
    ok(not wrong, f'{what}: {len(met)} lines are where #line says', *wrong[:10])
    lost = [f'{path}:{line}' for path, line in printed_lines(state) if (path, line) not in met]
    ok(met and not lost, f'{what}: no line is lost', *lost[:10])


def printed_lines(state):
    """Where the code stands that should be in files with #line."""
    for name in state.reach(path for path, starred in state.roots.items() if starred):
        for definition in state.live[name]:
            for line, parts in enumerate(definition.parts, definition.line + 1):
                if any(isinstance(part, str) and part.strip() for part in parts):
                    yield definition.path, line


def contains(printed, text):
    """A line is cut at its uses; each piece of it is tangled by itself."""
    return any(isinstance(part, str) and text in part for part in printed)


def compile_and_ask(scratch):
    """nm -l and addr2line, on variables and a function."""
    a = scratch.path / '01/kernel/a.c'
    objects = [CROSS + 'gcc', '-c', '-g', '-gdwarf-4', '-O0', '-fno-common', '-ffreestanding', '-fno-pic',
               '-o', str(scratch.path / 'a.o'), str(a)]
    built = subprocess.run(objects, capture_output=True, text=True)
    if not ok(built.returncode == 0, 'the tree compiles', built.stderr):
        return
    chapter = (scratch.path / 'chapters/01-one.nw').read_text().split('\n')
    symbols = subprocess.run([CROSS + 'nm', '-l', 'a.o'], cwd=scratch.path, capture_output=True, text=True).stdout
    found = {m[1]: m[2] for m in re.finditer(r'\w (v\d+|f)\t.*?([^/]+/[^/]+:\d+)$', symbols, re.M)}
    wanted = {m[1]: f'chapters/01-one.nw:{n}' for n, line in enumerate(chapter, 1)
              for m in [re.match(r'\s*int (v\d+|f)\b', line)] if m}
    same({k: v for k, v in found.items()}, wanted, 'nm -l names the line of the chapter for every symbol')
    where = subprocess.run([CROSS + 'addr2line', '-e', 'a.o', '-j', '.text', '0x3', '0xb'], cwd=scratch.path, capture_output=True, text=True).stdout
    line = next(n for n, text in enumerate(chapter, 1) if 'return x +' in text)
    ok(f'chapters/01-one.nw:{line}' in where, 'addr2line names the line of the chapter for an instruction', where, line)


def warning(scratch):
    """A compiler's message names the chapter."""
    text = (scratch.path / 'chapters/01-one.nw').read_text().replace('int v7;', 'int v7 = "x";')
    scratch.write('chapters/01-one.nw', text)
    scratch.tangle('01', '01')
    done = subprocess.run([CROSS + 'gcc', '-fsyntax-only', '01/kernel/a.c'], cwd=scratch.path, capture_output=True, text=True)
    line = 1 + next(n for n, row in enumerate(text.split('\n')) if 'int v7' in row)
    ok(f'chapters/01-one.nw:{line}:' in done.stderr, "a compiler's message names the line of the chapter", done.stderr)


def main():
    scratch = Scratch({'chapters/01-one.nw': ONE, 'chapters/02-two.nw': TWO})
    for root, what in ((scratch.path, 'a small book'), (ROOT, 'this book')):
        book = Book.load(root)
        for chapter in book.chapters:
            name, out = f'{what}, checkpoint {chapter.key}', scratch.path / 'trees' / chapter.key
            try:
                tangle(book, chapter.key, out)
                check_tree(book, out, book.state(chapter), name)
            except BookError as error:
                ok(False, f'{name} tangles', error)
    scratch.tangle('01', '01')
    compile_and_ask(scratch)
    warning(scratch)
    done()


if __name__ == '__main__':
    main()
