#!/usr/bin/env python3
"""Tasks seen from outside: what ps prints against nm and memory, the lists walked by the host, and what 100,000 tasks leave."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import build, command, done, ok, same  # noqa: E402
from session import Session, Trouble  # noqa: E402

TASK_RUNNING, WALL = 0, 0x40000000
MOST = 100                              # tasks in a list that closes
elf = build() / 'weft.elf'
k = Session(elf)


def offset(field, struct='task_struct'):
    return k.constant(f'(int)&((struct {struct} *)0)->{field}')


TASKS, PID, STACK, STATE = (offset(field) for field in ('tasks', 'pid', 'stack', 'state'))
THREAD_NODE, SIGNAL, HEAD = offset('thread_node'), offset('signal'), offset('thread_head', 'signal_struct')
TASK = offset('task', 'thread_info')


def walk(head, step):
    """The entries of a list from a head on, by ->next (0) or ->prev (4); one that does not close is cut off."""
    found, at = [], k.u32(head + step)
    while at != head and len(found) < MOST:
        found.append(at)
        at = k.u32(at + step)
    return found


def processes(step=0):
    return [at - TASKS for at in walk(k.address('init_task') + TASKS, step)]


def threads(leader):
    return [at - THREAD_NODE for at in walk(k.u32(leader + SIGNAL) + HEAD, 0)]


def counters():
    """What tasks take: free pages, numbers in use, tasks."""
    return [k.call('nr_free_pages'), k.call('pids_in_use'), k.u32('nr_threads')]


def listed():
    """{PID: (address, command)} as ps prints them."""
    return {int(pid): (int(address, 16), comm) for pid, address, comm in
            re.findall(r'^ +\d+ +(\d+) +\d+ \w +\d+ (\w{8}) (\S+)$', k.type('ps').text, re.M)}


try:
    k.boot()
    shown = listed()
except Trouble as trouble:
    sys.exit(f'Bail out! {trouble}')

# BOOT-05
symbol = re.search(r'^(\w{8}) (\w) init_task$', command('nm', elf), re.M)
section = re.search(r'^ *\d+ \.data +(\w{8}) +(\w{8}) ', command('objdump', '-h', elf), re.M)
start, size = int(section[2], 16), int(section[1], 16)
same(symbol[2], 'D', 'BOOT-05 the linker knows init_task as initialized data')
ok(start <= int(symbol[1], 16) < start + size, 'BOOT-05 it lies in the section .data of the image', symbol[0], section[0])
same(shown.get(0), (int(symbol[1], 16), 'swapper/0'), 'BOOT-05 ps shows PID 0 at that address')

# PROC-03 and PROC-05, while the machine stands still
k.type('forks 10')
forward, backward = processes(), processes(4)
same(forward[::-1], backward, 'PROC-03 forward and backward, the list has the same processes, and closes')
alive = {k.u32(task + PID): task for task in forward}
same({pid: task for pid, task in alive.items() if pid},
     {pid: address for pid, (address, comm) in shown.items() if pid and comm != 'ps'}, 'PROC-03 they are those that ps has shown')
every = [k.address('init_task')] + [thread for leader in forward for thread in threads(leader)]
same(k.call('pids_in_use'), len(every) - 1, 'PROC-03 and as many as numbers are in use')
THREAD_SIZE = k.address('init_stack_end') - k.address('init_stack')
bases = [k.u32(task + STACK) for task in every]
same([base % THREAD_SIZE for base in bases], [0] * len(bases), 'PROC-05 each stack is aligned to its size')
same([k.u32(base + TASK) for base in bases], every, 'PROC-05 thread_info, at its low end, points back to the task')
pid = k.call('user_mode_thread', k.address('nr_free_pages'), 0, 0)
new = processes(4)[0]
same((k.u32(new + PID), k.u32(new + STATE), k.u32(k.u32(new + STACK) + TASK)), (pid, TASK_RUNNING, new),
     'PROC-05 that of a task that has not run yet as well')
same(k.call('kernel_wait4', pid, 0, WALL), pid, 'a function that sleeps until the task has exited is called from outside')

# nothing is lost
before, born = counters(), k.u32('total_forks')
said = k.type('forks 100000', patience=20)
ok('100000 tasks' in said.text, 'a hundred thousand tasks are made, end and are waited for', said.text)
same(counters(), before, 'pages, numbers and tasks are as many as before, seen from outside')
same(k.u32('total_forks') - born, 100001, 'all were counted, and the command itself')
k.close()
done()
