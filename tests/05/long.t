#!/usr/bin/env python3
"""Great numbers: ten thousand lives that leave nothing, twice a million switches that disturb nobody."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, same, tail  # noqa: E402

LIVES, SWITCHES = 10000, 1000000
result = boot('', typed=['run /tests/tasks cycles 100', 'memory', 'ps', f'run /tests/tasks cycles {LIVES}', 'memory', 'ps',
                         'off'], silence=600)
statuses = re.findall(r'(?m)^exit status (\d+)', result.output)
same(statuses, ['0', '0'], f'PROC-38 {LIVES} processes come and go')
memory = re.findall(r'(\d+ of \d+ frames free.*\n(?:kmalloc.*\n)*)', result.output)
ok(len(memory) == 2 and memory[0] == memory[1], 'PROC-38 and leave not an object behind', *memory)
tables = re.findall(r'(?ms)COMMAND$(.*?)^weft:', result.output)
tasks = [[line.split()[-1] for line in table.splitlines() if line] for table in tables]
ok(len(tasks) == 2 and tasks[0] == tasks[1], 'PROC-38 nor a task, nor a number', *tail(result))

# Two processes yield to each other, half a million times each. Not every yield is a switch: of a host that stands still the time
# is charged to whoever ran, who then goes on for a while. So instructions are the clock, and the kernel's own count is compared.
cases = ('switches', 'fpu')
result = boot('', typed=['sched'] + [line for case in cases for line in (f'run /tests/threads {case} {SWITCHES // 2}', 'sched')]
              + ['off'], icount=4, silence=600)
same(re.findall(r'(?m)^exit status (\d+)', result.output), ['0', '0'],
     f'SCHED-31 after {SWITCHES} switches each has its registers, and after as many its floating point numbers')
counts = [int(count) for count in re.findall(r'\.nr_switches *: (\d+)', result.output)]
made = [after - before for before, after in zip(counts, counts[1:])]
ok(len(made) == len(cases) and min(made) >= SWITCHES * 9 // 10, 'SCHED-31 and they were switches indeed',
   f'{made} of {SWITCHES} each')
done()
