#!/usr/bin/env python3
"""mutants, coverage, soak and capture: each shown to say no when it must, on small books and the stand-in kernel."""

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'lib'))
from weft import ROOT, command, done, ok, same  # noqa: E402

tmp = Path(tempfile.mkdtemp(prefix='weft-test-'))
atexit.register(shutil.rmtree, tmp, True)
os.environ['WEFT_PATIENCE'] = '0.1'


def run(*words, root=ROOT):
    """(exit status, output)"""
    words = [root / words[0], *words[1:]]
    finished = subprocess.run(list(map(str, words)), cwd=root, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    return finished.returncode, finished.stdout


def says(description, status, text, *words, root=ROOT):
    found, output = run(*words, root=root)
    ok(found == status and re.search(text, output), description, f'status {found}, wanted {status}',
       f'wanted: /{text}/', output)
    return output


def stub(out, *flags):
    out.parent.mkdir(parents=True, exist_ok=True)
    command('gcc', '-O1', '-g', '-m32', '-ffreestanding', '-nostdlib', '-static', '-fno-pie', '-no-pie', *flags,
            '-fno-stack-protector', '-Wl,-Ttext=0x1000000,--build-id=none', ROOT / 'tests/self/stub.c', '-o', out)


# mutants, against the first checkpoint of the book
first = sorted(path.parent.name for path in ROOT.glob('build/*/weft.elf'))[0]
directory = tmp / first / 'mutants'
directory.mkdir(parents=True)


def mutant(name, file='init/version.c', old='return minor % 2', new='return minor & 1', row='INTRO-11', test='kernel'):
    (directory / name).write_text(f'row: {row}\nwhat: planted\ntest: {test}\nfile: {file}\n'
                                  f'<<<<\n{old}\n====\n{new}\n>>>>\n')
    return directory / name



def kills():
    """The kill list of this book without its head; a fresh clone has none yet."""
    path = ROOT / 'build/mutants/killed.tsv'
    return path.read_text().splitlines()[1:] if path.exists() else []


before = kills()
says('a mutant that changes nothing survives, twice', 1, r'again .*\n.*stays green\nsurvived .*\n.*stays green', 'tests/mutants', mutant('a.mutant'))
says('a mutant is killed', 0, r'killed .*\n(.*\n)?1 of 1 mutants killed', 'tests/mutants',
     mutant('b.mutant', new='return minor %  1'))
says('old text that is not there', 1, 'broken .*\n.*init/version.c has the old text 0 times, not once', 'tests/mutants',
     mutant('c.mutant', old='no such text'))
says('old text that is there often', 1, r'has the old text \d+ times', 'tests/mutants', mutant('d.mutant', old='return'))
says('a file that is not there', 1, 'the tree has no file x.c', 'tests/mutants', mutant('e.mutant', file='x.c'))
says('a mutant that does not build', 1, 'broken .*\n.*does not build: .*error', 'tests/mutants',
     mutant('f.mutant', new='return syntax error'))
says('a row that no test names', 1, 'kernel has no test of BOOT-99', 'tests/mutants', mutant('g.mutant', row='BOOT-99'))
says('a kernel that does not reach its tests', 1, 'survived .*\n.*dies before its test: hang|dies before', 'tests/mutants',
     mutant('h.mutant', file='init/main.c', old='early_console_init();', new='for (;;) ;'))
says('a test file that is not there', 1, 'error: no test tests/', 'tests/mutants', mutant('i.mutant', test='none.t'))
(directory / 'j.mutant').write_text('row: INTRO-11\nwhat: x\n')
says('a mutant without its test', 1, ':1: error: no `test:` line', 'tests/mutants', directory / 'j.mutant')
(directory / 'k.mutant').write_text('row: INTRO-11\nwhat: x\ntest: kernel\nfile: init/main.c\n<<<<\na\n>>>>\n')
says('a mutant without a new text', 1, 'error: after `file: init/main.c` come blocks', 'tests/mutants',
     directory / 'k.mutant')
(directory / 'l.mutant').write_text('row: INTRO-11\nwhat: x\ntest: kernel\noverlay: history/none.nw\nfile: a\n<<<<\na\n====\n>>>>\n')
says('a mutant of an overlay that nothing builds', 1, 'error: `overlay:` names a file of the repository', 'tests/mutants',
     directory / 'l.mutant')
same(kills(), before, 'mutants from elsewhere do not enter the kill list')

# coverage, in a small repository
small = tmp / 'small'
for name in ('tangle', 'tests/lib'):
    shutil.copytree(ROOT / name, small / name, ignore=shutil.ignore_patterns('weave', '__pycache__'))
for name in ('coverage', 'soak', 'machines.tsv'):
    shutil.copy(ROOT / 'tests' / name, small / 'tests' / name)
ROWS = {'A-01': '01', 'A-02': '01', 'A-03': '01', 'A-04': '01', 'A-05': '01', 'A-06': '02', 'A-07': '02', 'A-08': '01'}
(small / 'tests/coverage.tsv').write_text('id\tchapter\tfeature\tmust_show\tseeds\ttier\tproven_from\tnote\n' + ''.join(
    f'{row}\tone\tx\tx\t000\tcore\t{due}\t\n' for row, due in ROWS.items()))
(small / 'chapters').mkdir()


def book(runs='', proves='  - A-01\n  - A-07\n'):
    (small / 'chapters/01-one.nw').write_text(f'---\ntitle: One\nsummary: x\nproves:\n{proves}{runs}---\n\n'
                                              '<<init/main.c*>>=\nKTEST("A-01", "x")\n@\n')


book()
(small / 'build/tap/tests/01').mkdir(parents=True)
(small / 'build/tap/01@qemu').write_text('ok 1 - A-01 x\nnot ok 2 - A-02 x\nok 3 - A-03 x\nok 4 - A-05 x # SKIP smp\n'
                                         'ok 5 - A-08 x\n1..5\n')
(small / 'build/01/src').mkdir(parents=True)
(small / 'build/01/src/main.c').write_text('int a;\n')
(small / 'tests/01/mutants').mkdir(parents=True)
for row in ('A-01', 'A-02', 'A-08'):
    (small / f'tests/01/mutants/{row}-x.mutant').write_text(
        f'row: {row}\nwhat: x\ntest: kernel\nfile: main.c\n<<<<\na\n====\nb\n>>>>\n')
kill = ('import sys; sys.path.insert(0, "tests/lib"); import mutant; mutant.save({m.name: mutant.Kill(m.name, m.row, '
        'm.chapter, "survived" if m.row == "A-08" else "killed", "why", m.key("build/01/src")) '
        'for m in mutant.mutants("01")})')
subprocess.run([sys.executable, '-c', kill], cwd=small, check=True)
output = says('coverage fails while rows are missing', 1, '1 proven .* 1 deferred .* 6 missing', 'tests/coverage', root=small)
for row, words in {'A-01': 'proven   01 chapters/01-one.nw:10', 'A-02': 'missing  01 its test fails: 01@qemu',
                   'A-03': 'missing  01 it has no mutant', 'A-04': 'missing  01 no test names it',
                   'A-05': 'missing  01 its test is skipped everywhere: 01@qemu', 'A-06': 'deferred 02',
                   'A-07': r'missing  02 no test names it (claimed by chapters/01-one.nw:6)',
                   'A-08': 'missing  01 its mutant survived: why'}.items():
    ok(re.search(rf'(?m)^{row} +{re.escape(words)}$', output), f'coverage: {row} {words}', output)

# a chapter in parts: what a test of any of them shows is the chapter's, and it is not due before the last is written
PART = '---\ntitle: Two\nsummary: x\n{}---\n\n<<init/two-{}.c*>>=\nKTEST("A-06", "x")\n@\n'
(small / 'chapters/02-a-two.nw').write_text(PART.format('proves:\n  - A-06\n', 'a'))
(small / 'chapters/02-b-two.nw').write_text(PART.format('draft: true\n', 'b').replace('KTEST("A-06", "x")', 'int b;'))
(small / 'build/tap/02-a@qemu').write_text('ok 1 - A-06 x\n1..1\n')
(small / 'build/02-a/src').mkdir(parents=True)
(small / 'build/02-a/src/main.c').write_text('int a;\n')
(small / 'tests/02-a/mutants').mkdir(parents=True)
(small / 'tests/02-a/mutants/A-06-x.mutant').write_text((small / 'tests/01/mutants/A-01-x.mutant').read_text().replace('A-01', 'A-06'))
book(proves='  - A-01\n')
says('coverage: a row claimed by one part', 1, 'A-06 +missing +02 it has|A-06 +missing +02 its mutant has not run yet', 'tests/coverage', root=small)
subprocess.run([sys.executable, '-c', kill.replace('mutant.save({', 'mutant.save({**mutant.killed(), **{').replace('("01")})', '("02-a")}})')
                .replace('build/01/src', 'build/02-a/src')], cwd=small, check=True)
says('and proven there', 1, r'A-06 +proven +02-a chapters/02-a-two.nw:9', 'tests/coverage', root=small)
says('a row that no part has claimed is deferred while one is a draft', 1, 'A-07 +deferred 02', 'tests/coverage', root=small)
(small / 'chapters/02-b-two.nw').write_text((small / 'chapters/02-b-two.nw').read_text().replace('draft: true\n', ''))
says('and missing then', 1, 'A-07 +missing +02 no test names it', 'tests/coverage', root=small)
(small / 'build/tap/sampled').write_text('02-a\n')
(small / 'build/tap/02-a@qemu').unlink()
says('a sampled part', 1, 'A-06 +sampled', 'tests/coverage', root=small)
(small / 'build/tap/sampled').unlink()
for path in small.glob('chapters/02-*'):
    path.unlink()
shutil.rmtree(small / 'tests/02-a')
book()
(small / 'build/01/src/main.c').write_text('#line 7 "x"\nint   a;\n')
(small / 'build/tap/sampled').write_text('01\n')
says('rows of a sampled chapter are not missing, unless a test failed', 1, 'A-07 +sampled(.|\n)*1 sampled .* 5 missing',
     'tests/coverage', root=small)
(small / 'build/tap/sampled').unlink()
says('where the code stands in the book does not matter', 1, 'A-01 +proven', 'tests/coverage', root=small)
(small / 'build/01/src/main.c').write_text('int b;\n')
says('a kill is no proof for other code', 1, 'A-01 +missing .*was killed before the code changed', 'tests/coverage',
     root=small)
with open(small / 'build/tap/01@qemu', 'a') as tap:
    tap.write('ok 6 - Z-99 x\n')
says('a row that the table does not have', 1, 'does not have: Z-99', 'tests/coverage', root=small)

# soak
os.environ['WEFT_PATIENCE'] = '1'
elf = small / 'build/01/weft.elf'
stub(elf)
says('soak: a kernel that always says the same', 0, '8 of 8 boots alike, 2 tests, 1 always skipped', 'tests/soak', '01', '8',
     '--seed', '1', root=small)
stub(elf, '-DFLAKY')
says('soak: one that does not', 1, r'BAD  tangle/boot 01 --judge .*--mem (1|2)G(.|\n)*DEMO-02: (not )?ok, elsewhere',
     'tests/soak', '01', '8', '--seed', '1', root=small)

# the driver
shutil.copy(ROOT / 'tests/run', small / 'tests/run')
(small / 'tests/04').mkdir()
says('tests that no checkpoint would run', 1, 'tests/04 belongs to no checkpoint and would not run; there are 01: rename it',
     'tests/run', '01', root=small)
(small / 'tests/04').rmdir()

# capture
os.environ['WEFT_PATIENCE'] = '0.1'
stub(elf)
RUNS = 'runs:\n  good: act=good\n  command: $ echo "$ELF" && ls "$SRC"\n'
book(RUNS)
says('capture runs what is new', 0, '2 runs, 2 of them anew', 'tangle/capture', root=small)
same((small / 'build/01/runs/command.txt').read_text(), 'weft.elf\nmain.c\n', 'capture: a host command')
ok((small / 'build/01/runs/good.txt').read_text().startswith('stub: weft.elf act=good\n'), 'capture: a boot')
says('and nothing else', 0, '2 runs, 0 of them anew', 'tangle/capture', root=small)
book(RUNS.replace('good: ', 'other: '))
says('a run by another name', 0, '2 runs, 1 of them anew', 'tangle/capture', root=small)
ok(not (small / 'build/01/runs/good.txt').exists(), 'and the old one is gone')
for name, line, words in (
        ('hang', 'act=hang', r'it hangs: no word for \d+ s; it stood in main'),
        ('prompt', 'act=shell', 'it waits at its prompt; end the run with `off`'),
        ('status', '$ false', r'exit status 1; write `\|\| true`'),
        ('other', 'ch=07', 'no chapter 07|07')):
    book(f'runs:\n  {name}: {line}\n')
    says(f'capture: {name} is an error at the line of the head', 1,
         rf'chapters/01-one\.nw:8: error: run `{name}`: .*{words}', 'tangle/capture', root=small)
    ok(not (small / f'build/01/runs/{name}.txt').exists(), f'{name} leaves no transcript')
book('runs:\n  reset: act=reset\n')
says('a triple fault is worth a transcript', 0, '1 of them anew', 'tangle/capture', root=small)
ok('(the machine restarted itself' in (small / 'build/01/runs/reset.txt').read_text(), 'and it says so')
done()
