#!/usr/bin/env python3
"""What ps and sched say about a task: its real-time priority or a dash, the one scale of priorities, its times."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, same, tail  # noqa: E402


def tables(output, command):
    """What each run of the command printed: [{pid: [words of the line]}]."""
    texts = re.findall(rf'(?ms)^weft:04> {command}\n(.*?)(?=^weft:04> )', output)
    key = {'ps': 1, 'sched': 0}[command]
    lines = [[line.split() for line in text.splitlines() if re.match(r' *\d+ ', line)] for text in texts]
    return [{int(words[key]): words for words in table} for table in lines]


result = boot('do=chrt:30:2,ps,sched,chrt:0:2,ps,off')
ps, sched = tables(result.output, 'ps'), tables(result.output, 'sched')
if not ok(len(ps) == 2 and len(sched) == 1 and {0, 1, 2} <= set(ps[0]), 'ps and sched list the tasks', *tail(result, 40)):
    done()
same(ps[0][2][4:7], ['FF', '30', '-'], 'SCHED-38 ps shows the priority of a real-time task')
same({tuple(words[4:7]) for pid, words in ps[0].items() if pid != 2}, {('TS', '-', '0')},
     'SCHED-38 ps shows a dash for all others, and their nice value')
same(ps[1][2][4:7], ['TS', '-', '0'], 'SCHED-38 and for the same task when it is one of them again')
same(sched[0][2][2:4], ['rt', '69'], 'SCHED-39 sched shows 99 less the real-time priority')
same({tuple(words[2:5]) for pid, words in sched[0].items() if pid > 2}, {('fair', '120', '0')},
     'SCHED-39 sched shows 120 for nice 0')

result = boot('do=sched,hogs:50:0,sched,off')
tables = tables(result.output, 'sched')
if not ok(len(tables) == 2, 'sched can be asked twice', *tail(result, 40)):
    done()
VRUNTIME, EXEC_START, SUM_EXEC = 7, 8, 9
times = [{pid: [float(words[i]) for i in (VRUNTIME, EXEC_START, SUM_EXEC)] for pid, words in table.items()}
         for table in tables]
same(times[1][1], times[0][1], 'SCHED-17 the times of PID 1, which slept, are the same as before')
ok(all(now > then for now, then in zip(times[1][2], times[0][2])),
   'SCHED-17 those of PID 2, which has made a hog, have grown', times[0][2], times[1][2])
done()
