#!/usr/bin/env python3
"""An oops ends the task it happens in, and no other."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, same, tail  # noqa: E402

PANIC = 2 * 0x12 + 1                    # the exit status that VERDICT_PANIC gives


def parts(result, command):
    """What a command printed, each time."""
    return re.findall(rf'(?ms)^weft:\S+> {command}\n(.*?)(?=^weft:)', result.output)


def tasks(text):
    """{PID: (PPID, command)} out of ps."""
    return {int(pid): (int(ppid), comm) for pid, ppid, comm in re.findall(r'^ +\d+ +(\d+) +(\d+) \w +\d+ \w{8} (\S+)$', text, re.M)}


result = boot('do=ps,oops,ps,bug,divide,ps,forks:100,off')
first, second, third = (tasks(text) for text in parts(result, 'ps')) if len(parts(result, 'ps')) == 3 else ({}, {}, {})
oops = (parts(result, 'oops') or [''])[0]
found = re.search(r'^CPU: 0 PID: (\d+) Comm: (\w+) ', oops, re.M)
lasting = {pid: task for pid, task in first.items() if task[1] != 'ps'}
victim = max(first, default=0) + 1
same(found and (int(found[1]), found[2]), (victim, 'oops'), 'DBG-05 the report names the task, which is none of the lasting ones')
ok(re.search(r'^ \[<\w{8}>\] ret_from_fork\+0x', oops, re.M), 'DBG-05 its trace begins where that task began', oops)
ok(oops.endswith('oops: killed\n'), 'DBG-05 its parent learns of it, and says so', oops)
same({pid: task for pid, task in second.items() if task[1] != 'ps'}, lasting, 'DBG-05 the others are there as before')
same({pid: task for pid, task in third.items() if task[1] != 'ps'}, lasting, 'DBG-05 also after two more')
same([re.search(r'\[#(\d+)\]', text)[1] for command in ('oops', 'bug', 'divide') for text in parts(result, command)[:1]],
     ['1', '2', '3'], 'DBG-05 the three are counted')
ok('100 tasks; pages lost: 0, numbers lost: 0' in result.output and result.status == 33,
   'DBG-05 and the commands after them work to the end', *tail(result, 30))

result = boot('do=wild,off')
ok(result.status == PANIC and re.search(r'PID: \d+ Comm: wild (?s:.*)EIP is at lkdtm_wild\+0x(?s:.*)Call Trace:\n(?s:.*)'
                                        r'\] ret_from_fork\+(?s:.*)Kernel panic - not syncing: double fault in wild\n', result.output),
   'a wild stack pointer does not keep the report from naming the task, nor from its trace', *tail(result, 40))
result = boot('panic_on_oops do=oops,off')
ok(result.status == PANIC and 'Kernel panic - not syncing: Fatal exception' in result.output,
   'with panic_on_oops, an oops is still the end', *tail(result))
done()
