#!/usr/bin/env python3
"""The scheduler on its tree: the price of a turn, the tests under O(1), and in kernels that preempt less."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, machine, ok, tail, variant  # noqa: E402

# What a turn costs: the same command that grows fivefold on chapter 4's list
for words in ('sched=fair', 'sched=eevdf'):
    result = boot(f'{words} do=costs:256,off', icount=0)
    cost = {int(n): int(cost) for n, cost in re.findall(r'(?m)^cost yield (\d+) (\d+)$', result.output)}
    row = 'SCHED-22 ' if words == 'sched=fair' else ''
    ok(len(cost) == 9 and cost[256] < 2 * cost[2], f'{row}a turn among 256 costs less than two among 2, {words}', cost, *tail(result))


# The kernel's own tests
def passes(text, words='', **kind):
    result = boot(f'{words} {machine.test_words(icount=4)}', icount=4, **kind)
    verdict = result.verdict()
    ok(verdict.ok, f'the checkpoint passes its own tests {text}', verdict.reason, *tail(result))


passes('under O(1)', 'sched=o1')
for name, symbol in {'none': 'PREEMPT_NONE', 'voluntary': 'PREEMPT_VOLUNTARY'}.items():
    passes(f'with {symbol}', elf=variant(name, **{symbol: 'y'}) / 'weft.elf')
done()
