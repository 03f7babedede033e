#!/usr/bin/env python3
"""The benchmark that chapter 5 promises, again: what this chapter has made dearer, and that no row is above Linux's."""

import sys

sys.path[:0] = ['tests/lib', 'tests/bench']
from lbench import PROMISED, linux, rows  # noqa: E402
from weft import build, done, ok  # noqa: E402

EXPLAINED = {'yield_2': 1.35}           # the chapter says why, under "What came out"; others may be a tenth dearer
there, before, here = linux(), rows(build('05') / 'weft.elf', list(PROMISED)), rows(build() / 'weft.elf', list(PROMISED))
for name, words in PROMISED.items():
    counts = f'{here.get(name, "it did not run")} instructions, {before.get(name)} in chapter 5, {there[name]} on Linux'
    ok(name in here and here[name] <= there[name], f'{words}: not dearer than on Linux', counts)
    ok(name in here and here[name] <= before[name] * EXPLAINED.get(name, 1.1), f'{words}: not dearer than explained', counts)
done()
