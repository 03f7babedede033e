#!/usr/bin/env python3
"""The structures of this chapter on the host: three kinds of machine, sanitizers, a fuzzer, and planted faults."""

import re
import shutil
import sys
import tempfile
from pathlib import Path

sys.path[:0] = ['tests/lib', 'tests/06/host']
import harness  # noqa: E402
from mutant import Broken, Mutant  # noqa: E402
from weft import build, done, ok  # noqa: E402

INPUTS, FUZZ_RUNS, THREADED = 1000, 10000, 20
FAULTS = sorted(Path('tests/06/faults').glob('*.mutant'))
src, scratch = build() / 'src', Path(tempfile.mkdtemp(prefix='weft-host-'))


def said(program, *arguments):
    """(did it end well, what it observed, all it said)"""
    finished = harness.run(program, *arguments)
    found = re.search(r'observed (\w+)$', finished.stdout, re.M)
    return finished.returncode == 0, found and found[1], finished.stdout


def run(name, kind):
    try:
        program = harness.compile(name, kind, src, scratch)
    except harness.HostError as error:
        return False, None, str(error)
    if kind == 'fuzz':
        return said(program, f'-runs={FUZZ_RUNS}', '-seed=1', '-max_len=1024', '-verbosity=0')
    return said(program, INPUTS if name != 'threads' else THREADED)


def planted(path):
    """Does the harness notice? The fault is in a copy of the tree."""
    fault = Mutant(path)
    tree = scratch / path.stem
    shutil.copytree(src, tree)
    try:
        fault.apply(tree)
        program = harness.compile(fault.row, harness.kinds(fault.row)[0], tree, tree)
    except (harness.HostError, Broken) as error:
        return False, str(error)
    good, _, text = said(program, INPUTS if fault.row != 'threads' else THREADED)
    return not good and re.search(r'failed: |Sanitizer|runtime error:', text), text


def claim(name, kind):
    if kind == 'fuzz':
        return f"{name}: {FUZZ_RUNS} strings of the fuzzer's find nothing"
    if name == 'threads':
        return f'a queue and a list without locks stay whole between threads, on {kind}'
    return f'{name} agrees with its model on {kind}'


try:
    jobs = [(name, kind) for name in harness.PROGRAMS for kind in harness.kinds(name)]
    results = dict(zip(jobs, harness.all_of(lambda job=job: run(*job) for job in jobs)))
    for name, kind in jobs:
        good, _, text = results[name, kind]
        ok(good, claim(name, kind), *text.splitlines()[-30:])
    for name in harness.PROGRAMS:
        seen = {results[job][1] for job in jobs if job[0] == name and job[1] != 'fuzz'}
        ok(len(seen) == 1 and None not in seen, f'{name}: all machines observe the same', seen)
    for path, (noticed, text) in zip(FAULTS, harness.all_of(lambda path=path: planted(path) for path in FAULTS)):
        ok(noticed, f'a planted fault is noticed: {Mutant(path).what}', *text.splitlines()[-30:])
    missing = set(harness.PROGRAMS) - {Mutant(path).row for path in FAULTS}
    ok(not missing, 'every structure has a planted fault', *missing)
finally:
    shutil.rmtree(scratch)
done()
