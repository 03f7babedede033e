#!/usr/bin/env python3
"""lbench.py [--ch NN] [--before NN] [--table] [ROW ...]: what the benchmark says on a checkpoint, in instructions an operation.

A line has the row's name, the count, with --before another checkpoint's count, and Linux's. --table: as a table for the book.
Without rows: those that chapter 5 promises.
    from lbench import rows, LINUX        in tests
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / 'tangle'))
import machine  # noqa: E402

PROMISED = {'null_getppid': 'null call, `int $0x80`', 'null_vsyscall': 'null call, sysenter', 'gettimeofday': 'gettimeofday',
            'fork_exit_wait': 'fork, exit, wait', 'fork_exec_wait': 'fork, exec, wait', 'vfork_exec_wait': 'vfork, exec, wait',
            'thread_futex': 'thread: create, join', 'yield_2': 'sched_yield, two processes'}
A_BOOT = 4                            # rows; the kernel's command line has 256 bytes
CFLAGS = ('-O2 -march=i586 -mno-sse -ffreestanding -fno-pie -no-pie -fno-stack-protector -fno-asynchronous-unwind-tables '
          '-fcf-protection=none -nostdlib -static -Wl,--build-id=none').split()


def linux():
    lines = (HERE / 'results-linux-min.tsv').read_text().splitlines()
    return {f[0]: float(f[2]) for f in (line.split('\t') for line in lines if not line.startswith('#')) if f[2] != 'n/a'}


def tiny():
    """The 93 bytes of the smallest program, as lbench.c has them."""
    text = re.search(r'tiny\[\] = \{(.*?)\};', (HERE / 'lbench.c').read_text(), re.S)[1]
    return bytes(ord(word[1]) if word[0] == "'" else int(word, 0) for word in re.findall(r"'.'|0x[0-9a-f]+|\d+", text))


def archive(directory):
    """Build lbench and pack it; Return: (the archive, the program)."""
    root = Path(directory) / 'root'
    (root / 'bin').mkdir(parents=True)
    program, packed = root / 'bin/lbench', Path(directory) / 'lbench.cpio'
    subprocess.run(['i686-linux-gnu-gcc', *CFLAGS, '-o', program, HERE / 'lbench.c', '-lgcc'], check=True)
    (root / 'bin/tiny').write_bytes(tiny())
    (root / 'bin/tiny').chmod(0o755)
    packed.write_bytes(subprocess.run(['cpio', '--quiet', '-o', '-H', 'newc'], input=b'bin\nbin/lbench\nbin/tiny\n', cwd=root,
                                      stdout=subprocess.PIPE, check=True).stdout)
    return packed, program


def rows(elf, names, scale=20):
    """{row: instructions an operation}, of those that ran."""
    found = {}
    with tempfile.TemporaryDirectory() as directory:
        packed, _ = archive(directory)
        for first in range(0, len(names), A_BOOT):
            commands = ''.join(f'run:/bin/lbench:-s:{scale}:-o:{name},' for name in names[first:first + A_BOOT])
            result = machine.boot(elf, cmdline=f'do={commands}off', icount=0, modules=[packed])
            found.update((row, float(count)) for row, count in
                         re.findall(r'(?m)^([a-z]\w+)\t[\d.]+\t([\d.]+)\t\d+\r?$', result.output))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--ch', default='05')
    parser.add_argument('--before', metavar='NN')
    parser.add_argument('--table', action='store_true')
    parser.add_argument('rows', nargs='*', default=list(PROMISED))
    args = parser.parse_args()
    there = linux()
    here = rows(ROOT / 'build' / args.ch / 'weft.elf', args.rows)
    before = rows(ROOT / 'build' / args.before / 'weft.elf', args.rows) if args.before else {}
    if args.table:
        print('| operation | Weft | Linux 6.1 | ratio |\n|:------------------------------|----------:|----------:|------:|')
    for name in args.rows:
        if args.table:
            print(f'| {PROMISED.get(name, name)} | {here[name]:,.0f} | {there[name]:,.0f} | {here[name] / there[name]:.2f} |')
        else:
            columns = [here, *([before] if args.before else []), there]
            print(f'{name:16}', *(f'{found[name]:>10,.0f}' if name in found else f'{"n/a":>10}' for found in columns))


if __name__ == '__main__':
    main()
