#!/usr/bin/env python3
"""A wake-up at every moment, a million times: in the right order none is lost, in the wrong order some are."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, tail, variant  # noqa: E402

RACES = 1_000_000
SHIFT = 10                              # an instruction takes 1024 ns: 3906 of them from tick to tick


def races(order, number, **machine):
    """-> how often the news came before the look, between look and sleep, afterwards; how often it was lost."""
    result = boot(f'do=lostwake:{order}:{number},off', icount=SHIFT, limit=500, **machine)
    found = re.search(r'races: news before the look (\d+), between look and sleep (\d+), asleep (\d+)\n(\d+) lost', result.output)
    return [int(n) for n in found.groups()] if found else [0, 0, 0, -1], result


(early, between, late, lost), result = races('right', RACES)
ok(early + between + late == RACES and between > RACES / 10 and lost == 0,
   f'SCHED-29 of {RACES} wake-ups, many between look and sleep, none is lost', *tail(result))

(early, between, late, lost), result = races('wrong', 1000)
ok(early + between + late == 1000 and between > 100 and lost > 0,
   'SCHED-29 who looks before getting in line sleeps through some, and a watchdog notices', *tail(result))

elf = variant('preempt_none-y', PREEMPT_NONE='y') / 'weft.elf'
(early, between, late, lost), result = races('wrong', 1000, elf=elf)
ok(early + between + late == 1000 and between == 0 and lost == 0,
   'without preemption nobody comes between, on one processor', *tail(result))
done()
