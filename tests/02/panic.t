#!/usr/bin/env python3
"""What ends the machine: a panic, an oops in an oops, and a stack that overflows."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, tail  # noqa: E402

PANIC = 2 * 0x12 + 1                    # the exit status that VERDICT_PANIC gives


def ends(result, *texts):
    return result.status == PANIC and all(re.search(text, result.output) for text in texts)


result = boot('do=panic,off')
ok(ends(result, r'Kernel panic - not syncing: the command said so\n', r'\] lkdtm_panic\+0x'),
   'panic says why and from where, and stops the machine', *tail(result))

result = boot('panic_on_oops do=oops,off')
ok(ends(result, r'Oops: 0002', r'Kernel panic - not syncing: Fatal exception'),
   'with panic_on_oops an oops is the end', *tail(result))

result = boot('do=recurse,off')
ok(ends(result, r'Kernel panic - not syncing: an oops while one was reported'),
   'an oops while one is reported stops the machine, by the raw path', *tail(result))

for emu in ('qemu', 'bochs'):
    result = boot('do=overflow,off', emu=emu)
    ok((emu == 'bochs' or result.status == PANIC) and re.search(
        r'stack guard page was hit at \w+\n(?s:.*)double fault: 0000 \[#1\]\n(?s:.*)EIP is at endless\+0x(?s:.*)'
        r'\] endless\+\S+ .*\n \.\.\. and \d+ times more\n(?s:.*)\] lkdtm_overflow\+(?s:.*)'
        r'Kernel panic - not syncing: kernel stack overflow in swapper/0\n', result.output),
       f'a stack overflow is named, traced and ends in a panic, in {emu}', *tail(result, 40))
    result = boot('do=wild,off', emu=emu)
    ok((emu == 'bochs' or result.status == PANIC) and re.search(
        r'double fault: 0000 \[#1\]\n(?s:.*)EIP is at lkdtm_wild\+0x(?s:.*)Call Trace:\n(?s:.*)\] start_kernel\+(?s:.*)Code: (?s:.*)'
        r'Kernel panic - not syncing: double fault in swapper/0\n', result.output),
       f'a wild stack pointer is reported with trace and code, in {emu}', *tail(result, 40))

result = boot('do=test,off caps=')
ok(re.search(r'^ok \d+ - the processor changes to another task and back by itself # SKIP this machine has no taskgate$',
             result.output, re.M),
   'a test that the machine cannot do is skipped, and says why', *tail(result))

result = boot('do=stack,off')
use = dict(re.findall(r'^(in use now|at its peak): +(\d+) bytes$', result.output, re.M))
ok(len(use) == 2 and int(use['in use now']) < int(use['at its peak']) < 4096, 'the stack is used, and its peak known',
   *tail(result))
done()
