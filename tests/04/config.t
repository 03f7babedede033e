#!/usr/bin/env python3
"""Other clocks, other models of preemption, small stacks: each such kernel boots and passes its tests."""

import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, machine, ok, tail, variant  # noqa: E402

for name, symbol in {'hz100': 'HZ_100', 'hz1000': 'HZ_1000', 'none': 'PREEMPT_NONE', 'voluntary': 'PREEMPT_VOLUNTARY',
                     '4k': '4KSTACKS'}.items():
    elf = variant(name, **{symbol: 'y'}) / 'weft.elf'
    for kind in ({}, {'icount': 4}):
        result = boot(machine.test_words(**kind), elf=elf, **kind)
        verdict = result.verdict()
        ok(verdict.ok, f'a kernel with {symbol} passes its tests{" under icount" if kind else ""}', verdict.reason, *tail(result))
done()
