#!/usr/bin/env python3
"""Exercises: files laid over a checkpoint, and what they must leave alone."""

from scratch import Scratch, done, ok, same

book = Scratch({
    'chapters/01-one.nw': '<<kernel/a.c*>>=\n<<a: body>>\n<<a: later>>\n@\n<<a: body>>=\nint one;\n@\n',
    'chapters/02-two.nw': '<<a: later>>=\nint later;\n@\n',
    'x/student.nw': '# My answer\n\nIt works.\n\n<<a: body [+]>>=\nint student;\n@\n<<a: later>>=\nint mine;\n@\n'
                    '<<kernel/new.c*>>=\n<<new: part>>\n@\n<<new: part>>=\nint fresh;\n@\n',
    'x/replace.nw': '<<a: body [replace]>>=\nint student;\n@\n',
    'x/grader.nw': '<<kernel/grader.c*>>=\nint grader;\n@\n<<a: body [+]>>=\nint check;\n@\n',
    'x/list.txt': '# what a student may not touch\nMakefile\nscripts/*\na: body\n'})
LAUGHS = '<<a: body [+]>>=\n<<l: 0>>\n@\n' + ''.join(
    f'<<l: {i}>>=\n<<l: {i + 1}>>\n<<l: {i + 1}>>\n@\n' for i in range(60)) + '<<l: 60>>=\nha;\n@\n'
DEEP = '<<a: body [+]>>=\n<<l: 0>>\n@\n' + ''.join(
    f'<<l: {i}>>=\n<<l: {i + 1}>>\n@\n' for i in range(3000)) + '<<l: 3000>>=\nha;\n@\n'


def overlay(*names, forbid=(), clean='--clean'):
    options = [word for name in names for word in ('--overlay', f'x/{name}.nw')]
    options += [word for name in forbid for word in ('--forbid', f'x/{name}')]
    return book.tangle('01', 'out', *options, *([clean] if clean else []))


def refused(run, place, text, what):
    ok(run.status == 1 and any(e.startswith(f'{place}: error: ') and text in e for e in run.errors), what, run)


run = overlay('student')
ok(run.status == 0, "a student's file tangles over its checkpoint", run)
same(book.read('out/kernel/a.c'), 'int one;\nint student;\nint mine;\n', 'it appends, and may keep a promise itself')
same(book.read('out/kernel/new.c'), 'int fresh;\n', 'it adds files')
overlay('student', clean='')
ok('#line 6 "x/student.nw"\nint student;' in book.read('out/kernel/a.c'), '#line names it', book.read('out/kernel/a.c'))
overlay('replace')
same(book.read('out/kernel/a.c'), 'int student;\n', 'it replaces')
same(book.files(), ['kernel/a.c'], "the files of another student's work are gone")
overlay('student', 'grader')
same(book.read('out/kernel/a.c'), 'int one;\nint student;\nint check;\nint mine;\n', 'the grader lies on top')
ok(overlay('student', 'grader', forbid=['grader.nw']).status == 0, 'a student may append to what the grader appends to')

for text, line, what in (('<<kernel/grader.c>>=\nint x;\n@\n', 1, "define the grader's file"),
                         ('\n<<kernel/grader.c [+]>>=\nint x;\n@\n', 2, "append to the grader's file"),
                         ('<<a: body [replace]>>=\nint x;\n@\n', 1, 'replace what the grader appends to'),
                         ('<<a: body [delete]>>=\n@\n', 1, 'delete what the grader appends to')):
    book.write('x/hostile.nw', text)
    refused(overlay('hostile', 'grader', forbid=['grader.nw']), f'x/hostile.nw:{line}', 'belongs to the exercise (x/grader.nw)',
            f'a student may not {what}')
for name, text in (('Makefile', '<<Makefile>>=\nall:\n@\n'), ('scripts/x', '<<scripts/x>>=\n@\n'), ('a: body', '<<a: body [+]>>=\n@\n')):
    book.write('x/hostile.nw', text)
    refused(overlay('hostile', forbid=['list.txt']), 'x/hostile.nw:1', f'<<{name}>> belongs to the exercise', f'nor {name}, which a list forbids')

for text, line, words, what in (
        ('<<../../x>>=\n@\n', 1, 'bad name', 'write outside the tree'),
        ('<<a: other>>=\nint x;\n@\n', 1, 'is used by no file', 'lose its code by a misspelt name'),
        ('<<a: body [replace]>>=\n<<a: body>>\n@\n', 2, 'cyclic chunks', 'use itself'),
        ('<<a: body [+]>>=\n<<a: none>>\n@\n', 2, 'no chapter defines it', 'use what is not defined'),
        ('<<a: body>>=\nint x;\n@\n', 1, 'is defined already at chapters/01-one.nw', 'define what there is'),
        ('I wrote a << b.\n\n<<a: body [+]>>=\nint x;\n@\n', 1, '`<<` in prose', 'have << in its prose'),
        ('<<a: body [+]>>=\nint x;\n', 1, 'is never closed', 'leave a chunk open'),
        (LAUGHS, 1, 'lines; no chunk needs more than', 'fill the disk')):
    book.write('x/hostile.nw', text)
    refused(overlay('hostile'), f'x/hostile.nw:{line}', words, f'a file may not {what}')
book.write('x/hostile.nw', DEEP)
run = overlay('hostile')
ok(run.status == 1 and len(run.errors) == 1 and 'nested' in run.errors[0], 'nor chunks that are nested too deeply', run.status, *run.errors[:9])
refused(overlay('missing'), 'x/missing.nw:1', 'no such file', 'a file that is not there')
refused(overlay('student', forbid=['missing.txt']), 'x/missing.txt:1', 'cannot read', 'a list that is not there')
ok(book.tangle('01').status == 0 and book.read('out/kernel/a.c').endswith('int one;\n\n'), 'the chapters are as they were', book.read('out/kernel/a.c'))
done()
