#!/usr/bin/env python3
"""The processes that must not end: the monitor comes back, and without init the machine stops."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import build, done, ok, same  # noqa: E402
from session import Panic, Session, Trouble  # noqa: E402

EXIT_NINE = 0x900                       # as wait4() reports exit(9)
k = Session(build() / 'weft.elf')


def kill(function):
    """Have the task that stands at this function's first instruction end there."""
    k.stub.set(eip=k.address('do_exit'), eax=EXIT_NINE)
    k.mark = len(k.text)


def monitors():
    return re.findall(r'^ +(\d+) +\d+ +1 \w +\d+ \w{8} monitor$', k.type('ps').text, re.M)


try:
    k.boot('do=help')
    old = monitors()
    k.settle()
    kill('serial_getc')
    k.run_to_prompt(k.limit())
    said = k.text[k.mark:]
except Trouble as trouble:
    sys.exit(f'Bail out! {trouble}')
ok('init: the monitor has exited; here is another\nweft:' in said, 'init notices that the monitor has exited, and starts another', said)
ok('list the commands' not in said, 'which does not begin the boot loader\'s commands again', said)
new = monitors()
ok(len(old) == len(new) == 1 and old != new, 'there is one monitor again, with a number of its own', old, new)
same(k.type('forks 20').text, '20 tasks; pages lost: 0, numbers lost: 0', 'and it works')

# stop init where it has just learned of a death
k.settle()
kill('serial_getc')
k.stub.insert(k.address('user_mode_thread'))
k.stub.go()
stopped = k.stub.poll(k.limit())
kill('user_mode_thread')
try:
    k.run_to_prompt(k.limit())
    said = 'there is a prompt, and no panic'
except Panic as panic:
    said = str(panic)
ok(stopped and 'Kernel panic - not syncing: Attempted to kill init! exitcode=0x900' in said, 'without init the machine stops', said,
   k.text[k.mark:])
done()
