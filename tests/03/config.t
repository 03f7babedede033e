#!/usr/bin/env python3
"""Chapter 3's kernel configured otherwise: what is left out is not missed."""

import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, same, tail, variant  # noqa: E402


def tests(result):
    return {test.text for test in result.verdict().tests}


usual = boot('do=test,off')
for symbol, test in (('FAULT_INJECTION', 'whichever allocation fails in the middle, nothing is lost'),
                     ('DEBUG_STACK_USAGE', 'the deepest use of the stack is found afterwards')):
    result = boot('do=test,ps,stack,off', elf=variant(f'{symbol.lower()}-n', **{symbol: 'n'}) / 'weft.elf')
    ok(result.verdict().ok, f'without CONFIG_{symbol} the kernel passes its tests', *tail(result))
    same(tests(usual) - tests(result), {test}, 'and has all of them but the one that needs it')
done()
