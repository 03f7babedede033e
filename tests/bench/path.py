#!/usr/bin/env python3
"""path.py [--ch NN] [--most N] ROW ...: in which functions are the instructions of a row of the benchmark spent?

QEMU notes the address of every instruction of one batch; the marks in lbench.c say which are the row's own.
"""

import argparse
import bisect
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from lbench import ROOT, archive, machine

EXECUTED = re.compile(rb'\[[0-9a-f]+/([0-9a-f]+)/')


def symbols(elf):
    """([address], [name]) of a program's functions and labels, ascending."""
    lines = subprocess.run(['i686-linux-gnu-nm', '-n', elf], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    found = [(int(f[0], 16), f[2]) for f in map(str.split, lines) if len(f) == 3 and f[1] in 'tT']
    return [address for address, _ in found], [name.partition('.')[0] for _, name in found]


def record(elf, row, log):
    """Run one batch of the row under a trace of all instructions; Return: (operations, the program's symbols)."""
    with tempfile.TemporaryDirectory() as directory:
        packed, program = archive(directory)
        marks = dict(zip(*reversed(symbols(program))))
        count = 0

        def on_line(_, text):
            nonlocal count
            if text.startswith('weft:') and 'entries' in text:
                m.monitor('singlestep on')
                m.monitor('log exec,nochain')
            if match := re.match(rf'{row}\t\S+\t\S+\t(\d+)', text):
                count = int(match[1])
                m.monitor('log none')
                m.monitor('singlestep off')

        with machine.Machine(elf, icount=0, modules=[packed], options=['-D', log]) as m:
            m.start().run(on_line, typed=['entries', f'run /bin/lbench -1 -s 1 -o {row}', 'off'])
    return count, marks


def last_batch(log, marks):
    """The addresses between the last mark_start and the mark_stop behind it."""
    addresses, batch, inside = [], [], False
    with open(log, 'rb') as lines:
        for line in lines:
            match = EXECUTED.search(line)
            if not match:
                continue
            address = int(match[1], 16)
            if address == marks['mark_start']:
                batch, inside = [], True
            elif address == marks['mark_stop'] and inside:
                addresses, inside = batch, False
            elif inside:
                batch.append(address)
    return addresses


def shares(elf, row):
    """([(function, instructions an operation)], all)"""
    with tempfile.NamedTemporaryFile(suffix='.log') as log:
        count, marks = record(elf, row, log.name)
        addresses = last_batch(log.name, marks)
    starts, names = symbols(elf)
    where = Counter('the program' if address < starts[0] else names[bisect.bisect_right(starts, address) - 1]
                    for address in addresses)
    return [(name, n / count) for name, n in where.most_common()], len(addresses) / max(count, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--ch', default='05')
    parser.add_argument('--most', type=int, default=6, help='functions a row')
    parser.add_argument('rows', nargs='+')
    args = parser.parse_args()
    print('| operation | instructions | where |\n|:-----------------|-------:|:--------------------------------------------------|')
    for row in args.rows:
        parts, total = shares(ROOT / 'build' / args.ch / 'weft.elf', row)
        first, others = parts[:args.most], parts[args.most:]
        where = [f'`{name}` {n:,.0f}' for name, n in first]
        if others:
            where.append(f'{len(others)} others {sum(n for _, n in others):,.0f}')
        print(f'| {row} | {total:,.0f} | {", ".join(where)} |')


if __name__ == '__main__':
    main()
