#!/usr/bin/env python3
"""No row of the benchmark that chapter 5 promises is dearer than on the leanest Linux, and both ways in give the same."""

import sys

sys.path[:0] = ['tests/lib', 'tests/bench']
from lbench import PROMISED, linux, rows  # noqa: E402
from weft import build, done, ok  # noqa: E402

there, here = linux(), rows(build() / 'weft.elf', list(PROMISED))
for name, words in PROMISED.items():
    ok(name in here and here[name] <= there[name], f'{words}: not dearer than on Linux',
       f'{here.get(name, "it did not run")} instructions, Linux {there[name]}')
done()
