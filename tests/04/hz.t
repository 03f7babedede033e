#!/usr/bin/env python3
"""The tick is when a hog can lose the processor: the shortest turn of two hogs is a tick, at 100 Hz and at 1000."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, tail, variant  # noqa: E402

PREEMPTED = 0x10000                     # TRACE_PREEMPTED
SHORT = 'sched_latency_ns=1000000 sched_min_granularity_ns=100000'     # half a millisecond for each of two


def events(output):
    """(us, type, a, b, c) of each event."""
    return [(float(us), kind, int(a), int(b), int(c)) for us, kind, a, b, c in
            re.findall(r'^trace (\d+\.\d{3}) (\w+) (-?\d+) (-?\d+) (-?\d+)$', output, re.M)]


def turns(output):
    """Microseconds of each turn that one hog had between two of the other."""
    found, hogs, begin, last = [], set(), None, None
    for us, kind, a, b, c in events(output):
        if kind == 'mark':                          # start_hogs(): here they begin
            found, hogs, begin, last = [], set(), None, None
        elif kind == 'wakeup' and begin is None and len(hogs) < 2:
            hogs.add(a)
        elif kind == 'switch':
            if begin is not None and {a, b} == hogs and last == b and c == PREEMPTED:
                found.append(us - begin)
            begin, last = us, a
    return found


for hz in (100, 1000):
    elf = variant(f'hz_{hz}-y', **{f'HZ_{hz}': 'y'}) / 'weft.elf'
    result = boot(f'{SHORT} do=events:on,hogs:300:0:0,events,off', elf=elf, icount=4)
    found, tick = turns(result.output), 1e6 / hz
    shown = [f'{us:.0f}' for us in found[:20]]
    ok(len(found) > 0.5 * 300e3 / tick and abs(min(found) - tick) < tick / 50,
       f'SCHED-20 at {hz} Hz the shortest turn is {tick / 1000:g} ms', f'turns in us: {shown}', *tail(result))
done()
