#!/usr/bin/env python3
"""The descriptor at the end of the stack (history/03-task-on-stack.nw): the same tests, and current out of ESP alone."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, build, command, done, ok, overlay, same, tail  # noqa: E402


def lines(result):
    """What the self-tests said, without numbers."""
    return [(test.verdict, test.row, test.text) for test in result.verdict().tests]


def loads(directory, function):
    """The function's loads from memory through a register other than ESP and EBP, and all its code."""
    code = command('objdump', '-d', '--no-show-raw-insn', f'--disassemble={function}', directory / 'weft.elf')
    found = [line.split('\t', 1)[1] for line in code.splitlines() if re.match(r' *[0-9a-f]+:\t', line)]
    return [text for text in found if re.match(r'mov.*\(%e[a-ds][xip]\),%e', text)], code


here = overlay('history/03-task-on-stack.nw')
usual, moved = boot('do=test,off'), boot('do=test,off', elf=here / 'weft.elf')
ok(moved.verdict().ok, 'PROC-04 the kernel with the descriptor on the stack passes its tests', *tail(moved))
same(lines(moved), lines(usual), "PROC-04 and they are the other kernel's, with the same outcome")

# kthread_should_stop() is current->kthread->should_stop: two loads, and a third where current itself has to be loaded
with_pointer, code = loads(build(), 'kthread_should_stop')
same(len(with_pointer), 3, 'PROC-04 by way of thread_info, current costs a load')
alone, code = loads(here, 'kthread_should_stop')
ok(len(alone) == 2 and re.search(r'and +%esp,', code), 'PROC-04 on the stack, it is ESP and a constant', code)

listed = boot('do=ps,off', elf=here / 'weft.elf')
tasks = [int(address, 16) for address in re.findall(r'^ +\d+ +\d+ +\d+ \w +\d+ (\w{8}) ', listed.output, re.M)]
ok(len(tasks) == 5 and all(task % 0x2000 == 0x10 for task in tasks), 'PROC-04 each descriptor lies just above its stack\'s thread_info',
   [hex(task) for task in tasks], *tail(listed))
symbol = re.search(r'^(\w{8}) \w init_task$', command('nm', here / 'weft.elf'), re.M)
same(tasks and tasks[0], int(symbol[1], 16), 'PROC-04 that of PID 0 as well')
done()
