#!/usr/bin/env python3
"""The O(1) class: its self-tests, its price against the number of tasks, and what a nice value is worth under it."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, machine, ok, tail, variant  # noqa: E402

# The kernel's own tests, with O(1) in the place of the fair class
result = boot('sched=o1 ' + machine.test_words(icount=4), icount=4)
verdict = result.verdict()
ok(verdict.ok, 'the checkpoint passes its own tests under the O(1) class', verdict.reason, *tail(result))
for test in verdict.tests:
    if test.row == 'SCHED-16':
        ok(test.ok and test.skip is None, f'SCHED-16 {test.text}', *test.diagnostics)


# What a turn costs
def costs(words):
    result = boot(f'{words} do=costs:1024,off', icount=0, mem='256M')
    found = {int(n): int(cost) for n, cost in re.findall(r'(?m)^cost yield (\d+) (\d+)$', result.output)}
    ok(len(found) == 11, f'costs are measured with {words}', *tail(result))
    return found


flat, steep = costs('sched=o1'), costs('sched=fair')
some = [flat.get(n, 0) for n in (2, 16, 128, 1024)]
ok(some[0] and max(some) < 1.05 * min(some), 'SCHED-16 a turn costs the same with 2 tasks that can run and with 1024', flat)
ok(steep.get(1024, 0) > 5 * steep.get(2, 1 << 30), 'the same measurement sees that a list is not as good', steep)


# What a nice value is worth
def turns(words, nice, elf=None):
    """The middle of the lengths of two hogs' turns, ms, once nobody takes them for interactive any more."""
    result = boot(f'{words} do=crowd:3000:2:{nice},off', icount=5, elf=elf)
    pids = set(re.findall(r'(?m)^hog/\d is PID (\d+)', result.output))
    switches = [(float(t), a) for t, a in re.findall(r'(?m)^trace (\S+) switch (\d+)', result.output)]
    last = switches[-1][0] if switches else 0
    lengths = sorted((t - t0) / 1000 for (t0, _), (t, pid) in zip(switches, switches[1:]) if pid in pids and t0 > last - 2e6)
    ok(len(lengths) > 10, f'{len(lengths)} turns are traced with {words}, nice {nice}', *tail(result))
    return lengths[len(lengths) // 2] if lengths else 0


exact = variant('hz_1000-y', HZ_1000='y') / 'weft.elf'       # 5 ms are no whole number of ticks at HZ=250
old, new = (turns('sched=o1', 0, exact), turns('sched=o1', 19, exact)), (turns('sched=fair', 0), turns('sched=fair', 19))
ok(old[1] and 19.5 < old[0] / old[1] < 20.5, 'SCHED-07 two hogs at nice 19 switch 20 times as often as two at nice 0 under O(1)', old)
ok(new[1] and 0.95 < new[0] / new[1] < 1.05, 'SCHED-07 and equally often under CFS', new)
done()
