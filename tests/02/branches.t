#!/usr/bin/env python3
"""likely() and unlikely(): where the compiler puts the block, and how often the guess was right."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, build, command, done, ok, tail, variant  # noqa: E402


def counts(text):
    """{function: (correct, incorrect)}, of its branch that ran most."""
    found = {}
    for correct, incorrect, function in re.findall(r'^ *(\d+) +(\d+) (\w+) \S+:\d+$', text, re.M):
        found[function] = max(found.get(function, (0, 0)), (int(correct), int(incorrect)), key=sum)
    return found


code = command('objdump', '-d', '--no-show-raw-insn', '--disassemble=kfree', build() / 'weft.elf')
lines = [line.split('\t')[1] for line in code.splitlines() if re.match(r' *[0-9a-f]+:\t', line)]
returns = [i for i, line in enumerate(lines) if line.startswith('ret')]
report = [i for i, line in enumerate(lines) if re.search(r'(call|jmp).*print', line)]
ok(returns and (not report or report[0] > returns[0]),
   'BOOT-15 the block that kfree() seldom needs stands behind its return', code)

result = boot('do=branches,test,branches,off', elf=variant('profile_annotated_branches-y', PROFILE_ANNOTATED_BRANCHES='y') / 'weft.elf')
before, after = (counts(part) for part in result.output.split('> test\n')) if '> test\n' in result.output else ({}, {})
ok('kmalloc' in after and after['kmalloc'][0] > before.get('kmalloc', (0, 0))[0] + 1000,
   'BOOT-15 the counters see the guess come true a thousand times', *tail(result, 60))
ok('kmalloc' in after and 0 < after['kmalloc'][1] < 10, 'BOOT-15 and see the few times when it was wrong', *tail(result, 60))
done()
