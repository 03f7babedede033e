#!/usr/bin/env python3
"""A million random system calls by several processes: what they must not do, and that planted bugs are found.

The short attack is enough for the bugs that tests/05/mutants plants for this file. If it finds one, there is no long attack,
in which the program also compares what came of each call with its table. To see the calls of an attack from number N on,
say `run /tests/fuzz SEED CALLS WORKERS N` at the monitor of a kernel that was booted with the word `poison`.
"""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, results, skip, tail  # noqa: E402

SEED, WORKERS, SHORT, LONG = 1, 4, 40000, 1000000       # in a long one each worker judges by its table
FINDINGS = (('SYSC-12', 'nothing is in memory that the kernel had not meant to give', 'poison|address|not empty'),
            ('SYSC-05', 'all registers but the result are as they were', 'registers have changed'),
            ('SYSC-01', 'no hole of the table has answered', 'not in the table'))


def attack(calls):
    """The kernel is asked what it holds twice: after a first attack, which fills what it keeps for later, and at the end."""
    look = ['run /bin/sleep 3', 'memory', 'ps']      # time for init to bury the orphans, on a busy host too
    result = boot('poison', typed=[f'run /tests/fuzz {SEED + 1} {SHORT // 2} {WORKERS}', *look,
                                   f'run /tests/fuzz {SEED} {calls} {WORKERS}', *look, 'off'], silence=600)
    answers = re.split(r'(?m)^weft:\d\d> .*\n', result.output)[1:]
    killed = re.findall(r'(?m)^fuzz \d+: victim .*', result.output)
    if not ok(result.ended == 'exit' and len(answers) == 9 and 'Oops' not in result.output and not killed,
              f'SYSC-19 {calls} calls from {WORKERS} processes: the kernel goes on, and so do they', *killed[:5], *tail(result)):
        for row in ('SYSC-12', 'SYSC-05', 'SYSC-01', 'PROC-38'):
            skip(f'{row} what the calls leave', 'the attack came to a bad end')
        return ''
    said = answers[0] + answers[4]
    trouble = re.findall(r'(?m)^fuzz \d+: (?:call|ax|at) .*', said)
    for row, what, finding in FINDINGS:
        ok(not re.search(finding, '\n'.join(trouble)), f'{row} {what}', *trouble)
    before, after = (held(''.join(answers[at:at + 2])) for at in (2, 6))
    ok(before == after, 'PROC-38 neither a page, nor an object, nor a task is left', before, after)
    return answers[4]


def held(text):
    """`memory` and `ps`, without how deep the stacks have been and without `ps` itself."""
    return re.sub(r'(?m)\d+( [0-9a-f]{8} \S+)$', r'\1', re.sub(r'(?m)^.* ps$', '', text))


attack(SHORT)
if all(results):
    said = attack(LONG)
    content = re.findall(r'(?m)^fuzz (\d+): .* 0 killed, 0 complaints$', said)
    ok(sorted(content) == [str(worker) for worker in range(WORKERS)],
       'each call has succeeded, has given each error of its table, and no other',
       *re.findall(r'(?m)^fuzz \d+: \w+: .*', said))
    holes = sum(int(n) for n in re.findall(r'(?m)^fuzz \d+: holes 0 ENOSYS (\d+)$', said))
    ok(LONG // 20 < holes < LONG // 12, 'SYSC-01 about each sixteenth call was to a hole, and got ENOSYS', f'{holes} of {LONG}')
done()
