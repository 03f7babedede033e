#!/usr/bin/env python3
"""The allocators' storms with an order that is new in each run: WEFT_SEED=N repeats one."""

import os
import random
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, note, ok, tail  # noqa: E402

seed = int(os.environ.get('WEFT_SEED') or random.randrange(1 << 32))
note(f'seed {seed}')
for mem in ('64M', '1G'):
    result = boot(f'do=test,off seed={seed}', mem=mem)
    storms = [test for test in result.verdict().tests if 'storm' in test.text]
    ok(len(storms) == 2 and all(test.ok for test in storms), f'the storms pass with {mem} and a seed of their own',
       f'repeat with WEFT_SEED={seed}', *(line for test in storms for line in test.diagnostics), *tail(result, 3))
done()
