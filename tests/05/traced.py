#!/usr/bin/env python3
"""Which system calls do Debian's programs make? qemu-user traces them on the host, as strace -f would on Linux.

    traced.py [APPLET ...]            for each, the calls that checkpoint 05 has, and those it has not
    from traced import APPLETS, calls, linux, ours      in tests
"""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUSYBOX = ROOT / 'build/i386/bin/busybox'
TABLE = ROOT / 'build/05/src/arch/x86/entry/syscalls/syscall_32.tbl'
LINUX = ROOT / 'build/i386/usr/include/i386-linux-musl/bits/syscall.h'
APPLETS = {'echo': ['hello'], 'uname': ['-a'], 'id': [], 'sleep': ['0']}


def linux():
    """{number: name} as musl has them, but for its mark on those with 32 bits of time."""
    numbers = {}
    for name, base, number in re.findall(r'#define __NR_(\w+)\s+\(?(?:__NR_(\w+)\+)?(\d+)', LINUX.read_text()):
        numbers[name] = int(number) + numbers.get(base, 0)
    return {number: re.sub('_time32$|(?<=time)32$', '', name) for name, number in numbers.items()}


def ours():
    """{name} of the table's lines that have a function."""
    rows = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith('#')]
    return {row[1] for row in rows if row[-1] != 'ni_syscall'}


def calls(applet):
    """The names, each once, in the order of their first use; execve made it, and is not traced."""
    trace = subprocess.run(['qemu-i386', '-strace', BUSYBOX, applet, *APPLETS[applet]], stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE, text=True, errors='replace', check=True).stderr
    found = re.findall(r'(?m)^\d+ (?:(\w+)\(|Unknown syscall (\d+))', trace)
    return list(dict.fromkeys(name or linux()[int(number)] for name, number in found))


def columns(title, words):
    return textwrap.fill(' '.join(words), 76, initial_indent=f'{title:7}', subsequent_indent=' ' * 7)


def main(applets):
    known = ours()
    for applet in applets or APPLETS:
        made = calls(applet)
        print(columns(applet, [name for name in made if name in known]))
        print(columns('', ['not here:', *(name for name in made if name not in known)]))


if __name__ == '__main__':
    main(sys.argv[1:])
