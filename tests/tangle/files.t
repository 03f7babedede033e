#!/usr/bin/env python3
"""What tangle does to a directory: writes what changed, deletes what is stale, touches nothing else, leaves no half."""

import os
import random
import shutil
import signal
import subprocess
import time

from scratch import Scratch, TOOLS, done, ok, same

ONE = ''.join(f'<<dir{i}/file{i}.c*>>=\nint version_A_of_{i};\n{"/* long */" * 200}\n@\n\n' for i in range(30))
book = Scratch({'chapters/01-one.nw': ONE + '<<old/deep/gone.c>>=\nint gone;\n@\n'})
CHAPTER = 'chapters/01-one.nw'


def edit(old, new):
    text = book.read(CHAPTER)
    assert old in text
    book.write(CHAPTER, text.replace(old, new))


def times():
    return {path: (book.path / 'out' / path).stat().st_mtime_ns for path in book.files()}


run = book.tangle('01')
ok(run.status == 0 and not run.errors and not run.out, 'a tangle says nothing', run)
same(len(book.files()), 31, 'and writes every file')
same(sorted(book.read('out.files').split()), book.files(), 'OUT.files lists them')

before = times()
stamp = (book.path / 'out.files').stat().st_mtime_ns
book.tangle('01')
same(times(), before, 'a second tangle leaves all times alone')
ok((book.path / 'out.files').stat().st_mtime_ns > stamp, 'but for that of OUT.files, the time stamp for make')

book.write('out/dir1/file1.o', 'an object')
book.write('out/.config', 'CONFIG_X=y')
edit('int version_A_of_3;', 'int version_B_of_3;')
edit('<<old/deep/gone.c>>=\nint gone;\n@\n', '')
run = book.tangle('01')
changed = sorted(path for path, when in times().items() if before.get(path) != when)
same(changed, ['.config', 'dir1/file1.o', 'dir3/file3.c'], 'after an edit only the file that changed is written')
ok('old/deep/gone.c' not in book.files() and not (book.path / 'out/old').exists(), 'a stale file is deleted, and its directories')
ok(book.read('out/.config') and book.read('out/dir1/file1.o'), 'files that are not of the book stay')

(book.path / 'out/dir4/file4.c').write_text('edited by hand')
(book.path / 'out/dir5/file5.c').unlink()
book.tangle('01')
ok('version_A_of_4' in book.read('out/dir4/file4.c') and 'version_A_of_5' in book.read('out/dir5/file5.c'),
   'files edited or deleted by hand are restored')

edit('<<dir6/file6.c*>>=', '<<dir6>>=')
ok(book.tangle('01').status == 0 and (book.path / 'out/dir6').is_file(), 'a directory can become a file')
edit('<<dir6>>=', '<<dir6/file6.c*>>=')
ok(book.tangle('01').status == 0 and (book.path / 'out/dir6/file6.c').is_file(), 'and a file a directory')


# ------------------------------------------------------------------------------- the exit statuses of noweb's tools

def fake(name, script):
    """A directory like noweb's in which one tool is another."""
    directory = book.path / f'noweb-{name}'
    directory.mkdir()
    from book import noweb
    for tool in ('markup', 'mnt'):
        os.symlink(noweb(tool), directory / tool)
    (directory / name).unlink()
    (directory / name).write_text(f'#!/bin/sh\n{script}\n')
    (directory / name).chmod(0o755)
    return str(directory)


before = times()
edit('int version_B_of_3;', 'int version_C_of_3;')
for name, script, what in (('mnt', 'echo half >dir3/file3.c; exit 3', 'mnt that fails half-way'),
                           ('markup', 'echo @file chapters/01-one.nw; exit 3', 'markup that fails without a word')):
    run = book.tangle('01', NOWEBLIB=fake(name, script))
    ok(run.status == 1 and run.errors and f'noweb {name}' in run.errors[0], f'{what} is noticed', run)
    same(times(), before, 'and nothing is written')
run = book.tangle('01', NOWEBLIB=str(book.path))
ok(run.status == 0, "a NOWEBLIB without noweb's tools is passed over", run)


# -------------------------------------------------------------------------------------------- killed at a bad moment

def killed(delay):
    """A tangle that is killed after so many seconds; is every file whole, old or new?"""
    process = subprocess.Popen([str(TOOLS / 'tangle'), '--book', str(book.path), '01', str(book.path / 'out')])
    time.sleep(delay)
    process.send_signal(random.choice([signal.SIGKILL, signal.SIGTERM]))
    process.wait()
    texts = [book.read(f'out/dir{i}/file{i}.c') for i in range(30)]
    return all(text in whole[i] for i, text in enumerate(texts))


expected = book.read(CHAPTER)
whole = [set() for _ in range(30)]
random.seed(1)
good = True
for attempt in range(12):
    letter, other = 'XY' if attempt % 2 else 'YX'
    for i in range(30):
        whole[i].add(book.read(f'out/dir{i}/file{i}.c'))
    text = book.read(CHAPTER)
    for old in 'ABCXY':
        text = text.replace(f'version_{old}_of', f'version_{letter}_of')
    book.write(CHAPTER, text)
    shutil.rmtree(book.path / 'new', ignore_errors=True)
    book.tangle('01', 'new')
    for i in range(30):
        whole[i].add(book.read(f'new/dir{i}/file{i}.c'))
    good = killed(random.uniform(0.05, 0.25)) and good
ok(good, 'a tangle that is killed leaves every file whole')
book.tangle('01')
same([book.read(f'out/dir{i}/file{i}.c') for i in range(30)], [book.read(f'new/dir{i}/file{i}.c') for i in range(30)],
     'and the next one completes the work')
ok(not any(path.endswith('~') for path in book.files()), 'and sweeps up')

processes = [subprocess.Popen([str(TOOLS / 'tangle'), '--book', str(book.path), '01', str(book.path / f'many{i}'),
                               *(['--clean'] if i % 2 else [])]) for i in range(6)]
same([process.wait() for process in processes], [0] * 6, 'tangles of different outputs run at the same time')
ok(all(book.files('many0') == book.files(f'many{i}') for i in range(6)), 'and write what they should')

processes = [subprocess.Popen([str(TOOLS / 'tangle'), '--book', str(book.path), '01', str(book.path / 'same')]) for _ in range(4)]
same([process.wait() for process in processes], [0] * 4, 'and so do tangles of the same output')
same(book.files('same'), book.files('many0'), 'which is then complete')

run = book.tangle('7')
ok(run.status == 1 and run.errors == ['error: no checkpoint 7; there are 01'], 'an unknown checkpoint is an error', run)
done()
