#!/usr/bin/env python3
"""Numbers and their limits: what the boot says, what the compiler refuses."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, 'tests/lib')
from weft import boot, build, done, machine, ok, same, tail, variant  # noqa: E402

MASK = (1 << 30) - 1                    # FUTEX_TID_MASK


def compiles(limit):
    """Whether kernel/pid.c compiles with so many numbers, and what was said."""
    with tempfile.TemporaryDirectory(prefix='weft-limit-') as tmp:
        src = Path(tmp, 'src')
        subprocess.run(['cp', '-r', build() / 'src', src], check=True)
        header = src / 'include/linux/threads.h'
        header.write_text(re.sub(r'(#define PID_MAX_LIMIT\s+).*', rf'\g<1>{limit:#x}', header.read_text()))
        made = machine.make(src, Path(tmp, 'obj'), f'{tmp}/obj/kernel/pid.o')
        return made.returncode == 0, made.stdout


def limits(result):
    found = re.search(r'^pid_max: default: (\d+) limit: (\d+), futex: (\d+)$', result.output, re.M)
    return found and tuple(map(int, found.groups()))


usual = boot('do=off')
same(limits(usual), (32768, 32768, MASK), 'PROC-08 the boot says how many numbers there are, and how many a futex could hold')
good, said = compiles(MASK + 1)
ok(good, 'PROC-08 the compiler lets as many numbers pass as a futex can hold', said)
good, said = compiles(MASK + 2)
ok(not good and 'PID_MAX_LIMIT' in said, 'PROC-08 and stops at one more', said)

small = boot('do=test,off', elf=variant('base-small', BASE_SMALL='y') / 'weft.elf')
same(limits(small), (4096, 4096, MASK), 'PROC-07 with CONFIG_BASE_SMALL, numbers end at 4096')
ok(small.verdict().ok, 'that kernel passes its tests', *tail(small))
done()
