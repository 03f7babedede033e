#!/usr/bin/env python3
"""When nobody wants to run, the processor halts, and the host has its own back."""

import os
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, 'tests/lib')
from weft import build, done, machine, ok, tail  # noqa: E402

SAMPLES, PAUSE, WAIT = 30, 0.05, 2.0    # a number, and seconds


def seconds(pid):
    """Processor time of a process of the host and its children."""
    stat = Path(f'/proc/{pid}/stat').read_text().rpartition(') ')[2].split()
    children = Path(f'/proc/{pid}/task/{pid}/children').read_text().split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf('SC_CLK_TCK') + sum(map(seconds, children))


def watch(m):
    """What part of the host's time the emulator takes, and in what part of the samples its processor is halted."""
    start, used, halted = time.monotonic(), seconds(m.process.pid), 0
    for _ in range(SAMPLES):
        time.sleep(PAUSE)
        halted += 'HLT=1' in m.monitor('info registers')
    return (seconds(m.process.pid) - used) / (time.monotonic() - start), halted / SAMPLES


found = {}


def on_line(m, text):
    if text.endswith('> hogs 8000 0'):
        time.sleep(0.5)
        found['busy'] = watch(m)
    elif text.startswith('hog/0'):              # from here on it stands at its prompt
        time.sleep(0.5)
        found['idle'] = watch(m)
        m.send('sched\n')
    elif re.match(r' *\d+ R fair .* sched$', text):     # the end of the listing
        if 'asked' in found:
            return True
        found['asked'] = time.monotonic()
        time.sleep(WAIT)
        found['waited'] = time.monotonic() - found['asked']
        m.send('sched\n')
    return False


with machine.Machine(build() / 'weft.elf', cmdline='do=hogs:8000:0') as m:
    result = m.start().run(on_line, silence=60)
said = result.output
if not ok({'busy', 'idle', 'waited'} <= set(found), 'the machine was seen busy, and idle', *tail(result)):
    done()
(busy, halted_busy), (idle, halted_idle) = found['busy'], found['idle']
ok(halted_idle > 0.7 and halted_busy < 0.1, 'SCHED-51 the processor executes hlt, unless somebody wants to run',
   f'halted in {halted_idle:.0%} of the samples when idle, {halted_busy:.0%} when busy')
ok(idle < busy / 2, 'SCHED-51 an idle machine costs the host less than half of a busy one',
   f'{idle:.1%} and {busy:.1%} of a processor')
clock = [float(ms) for ms in re.findall(r'^  \.clock +: ([\d.]+)', said, re.M)]
idled = [float(ms) for ms in re.findall(r'^ +0 R idle .* ([\d.]+) swapper/0', said, re.M)]
wall, clock, counted = 1000 * found['waited'], clock[-1] - clock[-2], idled[-1] - idled[-2]
ok(0.6 * wall < counted < 1.1 * clock, 'SCHED-51 the idle time grows as the time on the wall does',
   f'in {wall:.0f} ms on the wall and {clock:.0f} ms of the machine, it grew by {counted:.0f} ms')
done()
