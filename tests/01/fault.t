#!/usr/bin/env python3
"""What checkpoint 1 cannot do yet: a fault ends it without a word. Chapter 2 begins here."""

import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, same, tail  # noqa: E402

result = boot('do=fault')
same(result.lines[-1][1], 'weft:01> fault', 'nothing is said after an undefined instruction')
same(result.ended, 'reset', 'and the machine resets')
ok(result.where and result.where[0].startswith('fault at chapters/01-'), 'the host sees where it stood', *tail(result))

result = boot('do=null,off')
ok('at address 0' in result.output and result.status == 33, 'a null pointer can be read without harm', *tail(result))
done()
