#!/usr/bin/env python3
"""EEVDF: the kernel's own tests under it, and what the listing and the trace say about requests.

The last boot's trace is a proof by itself: while nobody comes or goes, V moves on at one rate, and from the event of its last
pause it is known where each hog stands and when it is due. So each choice is made once more here, of all who wait.
"""

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


WEIGHTS = {0: 1024, 5: 335, -3: 1991}
NICES = [0, 0, 5, -3]
ASKED, CLOSE = 7500, 40                 # us: a request; what roundings and the way to an event may amount to


def only_hogs(text):
    """Of the trace, from when nobody but hogs runs to when somebody else wakes up -> weight of each hog, [(us, event, who, ...)]."""
    events = [(float(time), name, *map(int, values.split())) for time, name, values in
              re.findall(r'(?m)^trace ([\d.]+) (\w+) (-?\d+ -?\d+ -?\d+)$', text)]
    names = [event[1] for event in events]
    if 'mark' not in names:
        return {}, []
    mark = names.index('mark')
    hogs = [event[2] for event in events[mark:] if event[1] == 'wakeup' and event[3] == events[mark][2]][:len(NICES)]
    begin = next((n for n in range(mark, len(events)) if names[n] == 'switch' and events[n][3] == hogs[0]), mark)
    end = next((n for n in range(begin, len(events)) if names[n] == 'wakeup'), len(events))
    return dict(zip(hogs, (WEIGHTS[nice] for nice in NICES))), events[begin:end]


def again(weight, events):
    """Each choice again -> those that were wrong, events that are not where V says, us asked for, choices that each rule decided."""
    stands, due, v = {}, {}, 0.0        # virtual us
    wrong, astray, asked, decided = [], [], [], [0, 0]
    for time, name, who, lag, deadline in events:
        if name == 'pause':             # it is with this V that the next one is chosen
            v = time * 1024 / sum(weight.values())
            stands[who], due[who] = v - lag * 1024 / weight[who], v + deadline
            asked.append((due[who] - stands[who]) * weight[who] / 1024)
        elif name == 'run' and len(due) == len(weight):
            owed = {hog: (v - stands[hog]) * weight[hog] / 1024 for hog in weight}
            eligible = {hog for hog in weight if owed[hog] > CLOSE}
            earlier = {hog for hog in weight if due[hog] < due[who] - CLOSE}
            decided[0] += any(due[hog] > due[who] + CLOSE for hog in eligible)
            decided[1] += bool(earlier)
            if lag < 0 or eligible & earlier:
                wrong.append((time, who, owed, {hog: due[hog] - v for hog in due}))
            if abs(owed[who] - lag) > CLOSE or abs(due[who] - v - deadline) > CLOSE:
                astray.append((time, who, lag, owed[who], deadline, due[who] - v))
    return wrong, astray, asked, decided


result = boot(f'sched=eevdf sched_base_slice_ns={ASKED}000 do=events:on,hogs:1500:{":".join(map(str, NICES))},events,off', icount=4)
weight, events = only_hogs(result.output)
wrong, astray, asked, decided = again(weight, [event for event in events if event[2] in weight])
ok(not wrong and min(decided) > 20, 'SCHED-53 in the trace nobody who was eligible and due earlier was passed over',
   f'{decided[0]} choices had somebody who was due later, {decided[1]} somebody who was early', *wrong[:5])
ok(asked and not astray, 'SCHED-53 in the trace each one begins with the lag and the deadline that V gives it', *astray[:5])
ok(asked and ASKED - CLOSE < min(asked) and max(asked) <= ASKED, 'SCHED-53 in the trace each new deadline is one request ahead',
   asked and f'from {min(asked):.0f} to {max(asked):.0f} us')
done()
