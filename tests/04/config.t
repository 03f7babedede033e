#!/usr/bin/env python3
"""Other clocks, other models of preemption, small stacks: each such kernel boots and passes its tests."""

import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, machine, ok, tail, variant  # noqa: E402

for symbol in ('HZ_100', 'HZ_1000', 'PREEMPT_NONE', 'PREEMPT_VOLUNTARY', '4KSTACKS'):
    elf = variant(f'{symbol.lower()}-y', **{symbol: 'y'}) / 'weft.elf'
    for kind in ({}, {'icount': 4}):
        result = boot(machine.test_words(**kind), elf=elf, **kind)
        verdict = result.verdict()
        ok(verdict.ok, f'a kernel with {symbol} passes its tests{" under icount" if kind else ""}', verdict.reason, *tail(result))
done()
