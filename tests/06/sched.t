#!/usr/bin/env python3
"""The scheduler on its tree: the price of a turn, EEVDF, O(1) beside it, and kernels that preempt less."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, machine, ok, tail, variant  # noqa: E402


# What a turn costs: the same command that grows a hundredfold on chapter 4's list
def costs(words):
    result = boot(f'{words} do=costs:1024,off', icount=0, mem='256M')
    found = {int(n): int(cost) for n, cost in re.findall(r'(?m)^cost yield (\d+) (\d+)$', result.output)}
    ok(len(found) == 11, f'costs are measured with {words}', *tail(result))
    return found


for words in ('sched=fair', 'sched=eevdf'):
    tree = costs(words)
    few, many = tree.get(2, 0), tree.get(1024, 0)
    ok(few and many < 2.5 * few, f'{"SCHED-22 " if "fair" in words else ""}a turn among 1024 costs less than 2.5 among 2, {words}', tree)


# The kernel's own tests under the other normal classes
def passes(words, row, **kind):
    result = boot(f'{words} ' + machine.test_words(icount=4), icount=4, **kind)
    verdict = result.verdict()
    ok(verdict.ok, f'the checkpoint passes its own tests with {words or "nothing said"}', verdict.reason, *tail(result))
    for test in verdict.tests:
        if row and test.row == row:
            ok(test.ok and test.skip is None, f'{row} {test.text}', *test.diagnostics)


passes('sched=eevdf', 'SCHED-53')
passes('sched=o1', None)
for name, symbol in {'none': 'PREEMPT_NONE', 'voluntary': 'PREEMPT_VOLUNTARY'}.items():
    passes(f'preemption={symbol}', None, elf=variant(name, **{symbol: 'y'}) / 'weft.elf')

# What the listing and the trace say about requests
result = boot('sched=eevdf sched_check=1 do=events:on,hogs:100:0:5,events,sched,off', icount=4)
text = result.output
ok(re.search(r'(?m)^class +: eevdf$|^ +\d+ R eevdf ', text), 'SCHED-53 sched= chooses the class, and tasks are in it', *tail(result))
ok(re.search(r'(?m)^  PID REQUEST +LAG +DEADLINE-V +SLICE COMMAND$', text) and
   re.search(r'(?m)^ +\d+ (eligible|early|asleep) +-?[\d.]+ +-?[\d.]+ +0\.750000 sched$', text),
   'SCHED-53 the listing has lag, deadline and slice', *tail(result))
checked = re.search(r'picks checked +: (\d+)\n.*picks wrong +: (\d+)', text)
ok(checked and int(checked[1]) > 50 and checked[2] == '0', 'SCHED-53 every pick since boot was right', checked and checked[0])
runs = re.findall(r'(?m)^trace [\d.]+ run \d+ (-?\d+) (-?\d+)', text)
ok(len(runs) > 20 and all(int(lag) >= 0 for lag, _ in runs), 'SCHED-53 in the trace nobody begins a turn with a lag below 0', runs)
done()
