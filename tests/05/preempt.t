#!/usr/bin/env python3
"""Where the kernel itself is not preemptible, it is on the way back to ring 3 that a waker gives way to whom it has woken."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, tail, variant  # noqa: E402

WAKES, AT_USER = 40, 3                # of user/sched.c; of linux/trace.h
result = boot('', typed=['events on', 'run /tests/sched wake', 'events', 'off'],
              elf=variant('preempt_none-y', PREEMPT_NONE='y') / 'weft.elf')
ok('exit status 0' in result.output, 'SCHED-33 on its way back from a call a program gives way at once, by both doors',
   *tail(result, 40))
named = len(re.findall(rf'(?m)^trace \S+ preempt \d+ {AT_USER} ', result.output))
ok(named >= WAKES, 'SCHED-33 and the trace names that way', f'{named} times')
done()
