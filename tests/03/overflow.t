#!/usr/bin/env python3
"""A stack that runs over: the scheduler sees it, and the panic names the task; on both emulators, with both sizes of stack."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, 'tests/lib')
from weft import boot, build, ok, done, tail, variant  # noqa: E402

PANIC = 2 * 0x12 + 1                    # the exit status that VERDICT_PANIC gives
CORRUPTED = r'Kernel panic - not syncing: corrupted stack end detected inside scheduler: overflow/(\d+)\n'

kernels = {'8 KB': build(), '4 KB': variant('4kstacks-y', **{'4KSTACKS': 'y'})}
runs = [(size, emu) for emu in ('bochs', 'qemu') for size in kernels]
with ThreadPoolExecutor(2) as pool:
    results = pool.map(lambda run: boot('do=ps,overflow,ps,off', elf=kernels[run[0]] / 'weft.elf', emu=run[1]), runs)
for (size, emu), result in zip(runs, results):
    said = re.search(r'(?m)^overflow dives\noverflow is back, and all seems well\n' + CORRUPTED, result.output)
    report = result.output[said.end():] if said else ''
    where = f'a stack of {size}, in {emu}'
    ok(said and (emu == 'bochs' or result.status == PANIC) and '> ps' not in report,
       f'MM-37 what a deep recursion has overwritten is seen at the next switch: {where}', *tail(result, 40))
    ok(said and re.match(rf'CPU: 0 PID: {said[1]} Comm: overflow ', report),
       f'MM-37 the report names the task: {where}', *tail(result, 40))
    ok(re.search(r'\] schedule\+\S+ (?s:.*)\] lkdtm_overflow\+\S+ (?s:.*)\] ret_from_fork\+\S+ .*\n---\[ end Kernel panic', report),
       f'MM-37 and its calls, to the first one: {where}', *tail(result, 40))

result = boot('do=test,stack,off', elf=kernels['4 KB'] / 'weft.elf')
ok(result.verdict().ok and re.search(r'^stack \w+ to \w+, 4096 bytes$', result.output, re.M),
   'with CONFIG_4KSTACKS the kernel passes its tests on half the stack', *tail(result))
done()
