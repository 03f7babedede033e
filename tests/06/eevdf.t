#!/usr/bin/env python3
"""EEVDF: the kernel's own tests under it, and what the listing and the trace say about requests."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, machine, ok, tail  # noqa: E402

result = boot('sched=eevdf ' + machine.test_words(icount=4), icount=4)
verdict = result.verdict()
ok(verdict.ok, 'the checkpoint passes its own tests under EEVDF', verdict.reason, *tail(result))
for test in verdict.tests:
    if test.row == 'SCHED-53':
        ok(test.ok and test.skip is None, f'SCHED-53 {test.text}', *test.diagnostics)

result = boot('sched=eevdf sched_check=1 do=events:on,hogs:1500:0:0:0:1:2:3:5:-1:-2:-5:10:19,events,sched,off', icount=4)
text = result.output
ok(re.search(r'(?m)^ +\d+ R eevdf ', text), 'SCHED-53 sched= chooses the class, and tasks are in it', *tail(result))
ok(re.search(r'(?m)^ +\d+ (eligible|early|asleep) +-?[\d.]+ +-?[\d.]+ +0\.750000 sched$', text),
   'SCHED-53 the listing has lag, deadline and slice', *tail(result))
checked = re.search(r'picks checked +: (\d+)\n.*picks wrong +: (\d+)', text)
ok(checked and int(checked[1]) > 50 and checked[2] == '0', 'SCHED-53 every pick since boot was right', checked and checked[0])
lags = [int(lag) for lag in re.findall(r'(?m)^trace [\d.]+ run \d+ (-?\d+) ', text)]
ok(len(lags) > 20 and min(lags) >= 0, 'SCHED-53 in the trace nobody begins a turn with a lag below 0', lags)
done()
