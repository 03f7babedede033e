#!/usr/bin/env python3
"""The table of system calls: one line changed and all rebuilt, only that number is another; and mistakes in it are named."""

import errno
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path[:0] = ['tests/lib', 'tests/05']
from archive import repacked, unpack  # noqa: E402
from traced import APPLETS, calls, linux, ours  # noqa: E402
from weft import ROOT, boot, build, done, machine, note, ok, same, source, tail  # noqa: E402

TABLE = 'arch/x86/entry/syscalls/syscall_32.tbl'
HOLE = 399                              # Linux has none there, and we neither
old = build()
out = old / 'variants/renumbered'
if (out / 'src').exists():
    shutil.rmtree(out / 'src')
shutil.copytree(old / 'src', out / 'src')
text = source(TABLE)
(out / 'src' / TABLE).write_text(re.sub(r'(?m)^500\tfoo$', f'{HOLE}\tfoo', text))
made = machine.make(out / 'src', out / 'obj', f'I386={ROOT / "build/i386"}')
if made.returncode:
    note(made.stdout[-2000:])
    sys.exit('Bail out! the kernel with another number does not build')


def numbers(where):
    lines = (where / 'obj/include/generated/asm/unistd_32.h').read_text().splitlines()
    return dict(line.split()[1:] for line in lines if line.startswith('#define __NR_'))


before, after = numbers(old), numbers(out)
same({name: (before.get(name), after.get(name)) for name in {*before, *after} if before.get(name) != after.get(name)},
     {'__NR_foo': ('500', str(HOLE))}, 'SYSC-10 of the generated numbers only the one is another')

# Linux's numbers, names and errors, by other people's lists of them
theirs = {f'__NR_{name}': str(number) for number, name in linux().items()}
common = {name for name in before if name in theirs}
same({name: before[name] for name in common}, {name: theirs[name] for name in common}, "the numbers are those of Linux")
same({name for name in before if name not in theirs and int(before[name]) < 448}, set(), 'and no name is ours alone')
errors = dict(re.findall(r'#define (E\w+)\s+(\d+)', source('include/linux/errno.h')))
same({name: int(number) for name, number in errors.items() if hasattr(errno, name)},
     {name: getattr(errno, name) for name in errors if hasattr(errno, name)}, "the errors' numbers are those of Linux")

# what Debian's programs call on Linux is here, or they can do without
WITHOUT = {'set_robust_list', 'rseq', 'readlink', 'getrandom', 'prctl', 'statx', 'openat', 'close'}
known = ours()
for applet in APPLETS:
    made = set(calls(applet))
    ok('exit_group' in made and made <= known | WITHOUT and not known & WITHOUT,
       f'of the calls of {applet}, traced, all but the known ones are in the table', sorted(made - known))

new = out / 'obj/weft.elf'
result = boot('do=run:/tests/foo,dmesg,off', elf=new)
ok('System call returned 0.' in result.output and 'HELLO' in result.output, 'SYSC-10 a program that was rebuilt gets there',
   *tail(result))

# the old programs in the new kernel: their foo is gone, all else is where it was
keep = ('sbin/init', 'tests/foo', 'tests/calls', 'tests/tasks', 'tests/syscall3')
image = repacked(new, {name: file for name, file in unpack(old / 'weft.elf').items() if name in keep}, 'renumbered')
result = boot('do=run:/tests/foo,run:/tests/calls:registers,run:/tests/calls:six,run:/tests/calls:retval,'
              'run:/tests/calls:copies,run:/tests/tasks:vfork,run:/tests/syscall3,off', elf=image)
ok('System call returned -1.' in result.output, 'SYSC-10 one that was not finds a hole at the old number', *tail(result))
same(re.findall(r'(?m)^exit status (\d+)', result.output), ['255', '0', '0', '0', '0', '0', '3'],
     'SYSC-10 and every other call at its number')


# Mistakes
def awk(table, what='table'):
    with tempfile.NamedTemporaryFile('w', suffix='.tbl') as file:
        file.write(table)
        file.flush()
        try:
            done = subprocess.run(['awk', '-f', old / 'src/scripts/syscalltbl.awk', '-v', f'what={what}', file.name],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=10)
        except subprocess.TimeoutExpired:
            return 0, '', 'it does not end'
        return done.returncode, done.stdout, done.stderr.replace(file.name, 'FILE')


good = '1\texit\n# a comment\n\n3\tread\n4\twrite\tother\n'
same(awk(good), (0, '__SYSCALL(0, sys_ni_syscall)\n__SYSCALL(1, sys_exit)\n__SYSCALL(2, sys_ni_syscall)\n'
                    '__SYSCALL(3, sys_read)\n__SYSCALL(4, sys_other)\n', ''), 'a table becomes one line for each number')
for line, why in {'five\tx': 'not a number', '-1\tx': 'not a number', '5': 'not a number', '5\tx\ty\tz': 'not a number',
                  '5\tx-y': 'not a number', '5\tX': 'not a number', '5\tx\r': 'not a number', '0x5\tx': 'not a number',
                  '05\tx': 'not a number', '5\tx;system("id")': 'not a number', '3\tx': 'number 3 is read already',
                  '5\tread': 'read is number 3 already', '99999999\tx': 'above', '4294967297\tx': 'above',
                  '99999999999999999999\tx': 'above'}.items():
    for what in ('table', 'numbers'):
        status, _, error = awk(good + line + '\n', what)
        ok(status == 1 and error.startswith('FILE:6: ') and why in error, f'{line!r} is refused, with its line ({what})',
           status, error)
done()
