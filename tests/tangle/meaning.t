#!/usr/bin/env python3
"""What append, promise, borrow, replace, delete and show mean, seen in the clean trees of three checkpoints."""

import re
import subprocess

from scratch import ROOT, Scratch, done, ok, same
from book import Book

HEAD = '---\ntitle: One\nsummary: x\nborrow:\n  - include/list.h\n---\n\n'
ONE = HEAD + '''<<kernel/a.c*>>=
#include <list.h>

<<a: types of a later chapter>>

int a(void)
{
	<<a: first>>
	<<a: a promise at the end>>

	if (x) {
		<<a: a promise alone in a block>>
	}
	call(1, <<a: an argument>>); <<a: a promise after code>>
	return <<a: nothing>> 0 @<< 1;
}

<<a: functions of a later chapter>>
@

<<a: first>>=
int x = 1,
    y;

for (;;)
	<<a: body>>
@

<<a: body>>=
x++;
@

<<a: nothing>>=
@

<<a: a promise at the end>>=
<<a: types of a later chapter>>
@

<<a: an argument>>=
2
@

<<race: what one might write [show]>>=
<<a: body>>
never();
@

<<Makefile>>=
all:
	<<make: a promise>>
	touch $@
<<make: more>>

clean:
@

<<scripts/run.sh>>=
#!/bin/sh
@@echo
@
'''
TWO = '''<<a: first [+]>>=
y = 2;
@
<<a: types of a later chapter>>=
struct later;
@
<<include/list.h*>>=
<<list: all>>
@
<<list: all>>=
int list;
<<list: of chapter 3>>
@
<<list: all [+]>>=
int list_2;
@
<<a: a promise alone in a block>>=
kept();
@
'''
THREE = '''<<a: body [replace]>>=
x--;
@
<<a: body [+]>>=
x -= 2;
@
<<list: all [+]>>=
int list_3;
@
<<list: of chapter 3>>=
int of_3;
@
<<a: an argument [delete]>>=
@
<<scripts/run.sh [delete]>>=
@
<<a: functions of a later chapter>>=
void f(void);
@
<<make: a promise>>=
echo
@
<<make: more>>=
more: all
@
<<a: a promise after code>>=
done();
@
'''

A1 = '''#include <list.h>

int a(void)
{
	int x = 1,
	    y;

	for (;;)
		x++;

	if (x) {
	}
	call(1, 2);
	return 0 << 1;
}
'''
A2 = A1.replace('list.h>\n', 'list.h>\n\nstruct later;\n').replace('x++;\n', 'x++;\n\ty = 2;\n\tstruct later;\n').replace(
    'if (x) {\n', 'if (x) {\n\t\tkept();\n')
A3 = A2.replace('x++;', 'x--;\n\t\tx -= 2;').replace('call(1, 2);', 'call(1, ); done();') + '\nvoid f(void);\n'

book = Scratch({'chapters/01-one.nw': ONE, 'chapters/02-two.nw': TWO, 'chapters/03-three.nw': THREE})
for key in ('01', '02', '03'):
    run = book.tangle(key, key, '--clean')
    ok(run.status == 0, f'checkpoint {key} tangles', *run.errors)

same(book.read('01/kernel/a.c'), A1, 'promises leave neither blank lines nor trailing blanks')
same(book.read('02/kernel/a.c'), A2, 'a kept promise and an append, in chapter 2')
same(book.read('03/kernel/a.c'), A3, 'a replaced chunk, and an append to the new one; a deleted chunk expands to nothing')
same(book.read('01/Makefile'), 'all:\n\ttouch $@\n\nclean:\n', 'promises in a file without #line')
same(book.read('03/Makefile'), 'all:\n\techo\n\ttouch $@\nmore: all\n\nclean:\n', 'the same, kept')
same(book.read('01/include/list.h'), 'int list;\nint list_2;\n', 'a file borrowed as chapter 2 first leaves it')
same(book.read('02/include/list.h'), 'int list;\nint list_2;\n', 'the same in its own chapter')
same(book.read('03/include/list.h'), 'int list;\nint of_3;\nint list_2;\nint list_3;\n', 'and as chapter 3 extends it')
same(book.read('01/scripts/run.sh'), '#!/bin/sh\n@echo\n', '@@ at the beginning of a line is one @')
ok((book.path / '01/scripts/run.sh').stat().st_mode & 0o111, 'a script is executable')
same(book.files('03'), ['Makefile', 'include/list.h', 'kernel/a.c'], 'a deleted file leaves the tree')
ok('never' not in ''.join(book.read(f'{k}/kernel/a.c') for k in ('01', '02', '03')), 'what is only shown is not in the tree')

run = book.tangle('01', 'line')
same(book.read('line/Makefile'), book.read('01/Makefile'), 'files without * are the same in both trees')
tree = re.sub(r'#line.*', '', book.read('line/kernel/a.c'))
same(''.join(tree.split()), ''.join(A1.split()), 'with #line, the same text but for blanks')

(book.path / 'chapters/02-two.nw').rename(book.path / 'chapters/03-b-two.nw')
(book.path / 'chapters/03-three.nw').rename(book.path / 'chapters/03-c-three.nw')
model = Book.load(book.path)
same([c.key for c in model.chapters], ['01', '03-b', '03-c'], 'parts of a chapter are checkpoints')
same(model.chapter('3').key, '03-c', 'and a chapter ends with its last part')
same([c.definitions[0].number for c in model.chapters], ['1.1', '3.1', '3.7'], 'numbers run on through the parts')
book.tangle('3-b', 'b', '--clean')
same(book.read('b/kernel/a.c'), A2, 'a part can be tangled')

one, two, three = model.chapters
replaced = model.first('a: body')
same([str(d.number) for d in replaced.replaced_by.replaces], [replaced.number], 'the model knows what replaces what')
same([model.state(c).fate('a: functions of a later chapter') for c in model.chapters], ['promised', 'promised', 'live'], 'and what is promised')
same([model.state(c).fate('a: an argument') for c in model.chapters], ['live', 'live', 'retired'], 'and what is retired')
same(model.state(one).borrowed['include/list.h'].key, '03-b', 'and who lends a file')
same(model.state(one).files('a: body'), ['kernel/a.c'], 'and where a chunk lands')
same(replaced.lines, ['x++;'], "and a chunk's code")
same(model.first('kernel/a.c').lines[13], '	return <<a: nothing>> 0 << 1;', 'with its escapes resolved')
same(str(model.at('chapters/01-one.nw', replaced.line + 1)), str(replaced), 'and which chunk has a line')

# -- drafts: chapters that are no checkpoints, and only lend
DRAFT = '---\ntitle: D\nsummary: x\ndraft: true\n---\n\n'
draft = Scratch({
    'chapters/01-one.nw': HEAD.replace('list.h\n', 'list.h\n  - include/both.h\n') + '<<kernel/a.c*>>=\nint a;\n<<a: of a draft>>\n<<a: of the draft before>>\n@\n',
    'chapters/02-two.nw': DRAFT + '<<include/list.h*>>=\nint list;\n<<list: more>>\n@\n<<list: more>>=\nint more;\n@\n'
                          '<<include/early.h>>=\nint early;\n@\n<<kernel/own.c>>=\n<<a: of the draft before>>\n@\n<<a: of the draft before>>=\nint before;\n@\n',
    'chapters/03-three.nw': '<<kernel/c.c*>>=\nint c;\n<<a: of the draft before>>\n@\n',
    'chapters/04-four.nw': '---\ntitle: x\nsummary: x\nborrow:\n  - include/late.h\n  - include/early.h\n---\n\n<<kernel/d.c>>=\nint d;\n@\n',
    'chapters/05-five.nw': DRAFT + '<<kernel/e.c>>=\n<<a: of a draft>>\n@\n<<a: of a draft>>=\nint e;\n@\n'
                           '<<include/late.h>>=\nint late;\n@\n<<include/both.h>>=\nint both;\n@\n<<kernel/c.c [replace]>>=\nint replaced;\n@\n'})
same(draft.lint(), (0, [], ''), 'a book with drafts has no mistakes')
for key in ('01', '03', '04'):
    run = draft.tangle(key, key, '--clean')
    same((run.status, run.errors), (0, []), f'checkpoint {key} of it')
same(draft.files('04'), ['include/both.h', 'include/early.h', 'include/late.h', 'include/list.h', 'kernel/a.c', 'kernel/c.c', 'kernel/d.c'],
     'a draft lends the files that are borrowed, also to a later chapter, and no others')
same(draft.read('04/include/list.h'), 'int list;\nint more;\n', 'with the chunks they need')
same(draft.read('04/kernel/a.c') + draft.read('04/kernel/c.c'), 'int a;\nint c;\n',
     'a promise that only a draft keeps expands to nothing, and what a draft replaces stays')
run = draft.tangle('05')
ok(run.status == 1 and run.errors == ['error: no checkpoint 05; chapters/05-five.nw is a draft, and there are 01, 03, 04'],
   'a draft is no checkpoint', run)
model = Book.load(draft.path)
same(([c.key for c in model.chapters], [c.key for c in model.drafts]), (['01', '03', '04'], ['02', '05']), 'nor in the model')
same(model.first('kernel/c.c').replaced_by, None, 'where it replaces nothing')
same(model.users('a: of a draft'), [use for use in model.first('kernel/a.c').uses[:1]], 'and uses nothing')
draft.run('tangle', '01', str(draft.path / 'line'))
ok('#line 8 "chapters/02-two.nw"\nint list;' in draft.read('line/include/list.h'), 'a lent line is where it is',
   draft.read('line/include/list.h'))
draft.write('chapters/02-two.nw', draft.read('chapters/02-two.nw').replace('draft: true\n', ''))
draft.write('chapters/04-four.nw', draft.read('chapters/04-four.nw').replace('  - include/early.h\n', ''))
draft.tangle('04', 'now', '--clean')
same(draft.read('now/kernel/a.c'), 'int a;\nint before;\n', 'a draft that is written keeps its promises')
makefile = subprocess.run(['make', '-pnq', '-C', str(draft.path), '-f', str(ROOT / 'Makefile')], capture_output=True, text=True)
same(sorted(re.findall(r'^(?:CHECKPOINTS|NEWEST) := (.*)$', makefile.stdout, re.M)), ['01 02 03 04', '04'], 'and make knows which are which')
done()
