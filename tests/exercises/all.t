#!/usr/bin/env python3
"""Every exercise: complete; the unmodified checkpoint and the starter get nothing, the solution everything, on any seed;
and the checkpoint's own tests pass with the solution in.

    all.t [EX or NN...]               only these, or those of these chapters
    all.t --all                       everything; also with WEFT_ALL=1 in the environment

Without arguments, those of the newest two chapters that have any, and a few of the others, drawn by the commit's hash.
"""

import fnmatch
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tangle'))
from book import Book                    # noqa: E402
from exercises import exercises    # noqa: E402
from machine import boot, test_words     # noqa: E402

SAMPLE = 4                            # exercises of older chapters
STEADY = 4                            # icount= of the kernel's own tests: their time goes with the instructions, however busy we are
SEEDS = (1, 2)                        # besides 0, with which the kernel is built


def grade(exercise, *arguments):
    """(exit status, output, report)"""
    with tempfile.TemporaryDirectory() as tmp:
        done = subprocess.run([ROOT / 'tangle/grade', exercise.id, *arguments, '--json', f'{tmp}/json'], cwd=ROOT,
                              capture_output=True, text=True, errors='replace')
        path = Path(tmp, 'json')
        return done.returncode, done.stdout + done.stderr, json.loads(path.read_text()) if path.exists() else {}


def complete(exercise):
    return exercise.mistakes()


def unmodified_fails(exercise):
    return fails(grade(exercise, '--unmodified'))


def starter_fails(exercise):
    status, output, report = result = grade(exercise, exercise.directory / 'starter.nw')
    if report.get('refused'):
        return ['the starter must compile: ' + report['refused']['message'], *output.splitlines()]
    return fails(result)


def fails(result):
    status, output, report = result
    if status == 1 and report.get('score') == 0:
        return []
    return [f'exit status {status}, score {report.get("score")}; expected 1, and 0', *output.splitlines()]


def solution_passes(exercise):
    """Full marks on every seed, and the boot of `make test` with the solution in, judged as strictly."""
    status, output, report = grade(exercise, exercise.directory / 'solution.nw', '--seed', '0', '--keep')
    if 'kept: ' not in output:
        return ['no kernel', *output.splitlines()]
    kept = ROOT / output.split('kept: ')[1].split(' ')[0]
    kernel = kept / 'obj/weft.elf'
    try:
        found = not_full(0, status, output, report)
        for seed in SEEDS:
            found += not_full(seed, *grade(exercise, '--kernel', kernel, '--seed', str(seed)))
        return found + (own_tests(kernel) if kernel.exists() else [])
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def not_full(seed, status, output, report):
    if status == 0 and report['full_marks']:
        return []
    return [f'seed {seed}: exit status {status}; expected full marks', *output.splitlines()]


def own_tests(kernel):
    result = boot(kernel, icount=STEADY, cmdline=test_words(icount=STEADY))
    verdict = result.verdict()
    return [] if verdict.ok else [f"the checkpoint's own tests: {verdict.reason}", *result.output.splitlines()[-20:]]


CLAIMS = (('is complete', complete),
          ('the unmodified checkpoint fails', unmodified_fails),
          ('the starter compiles and fails', starter_fails),
          (f"the solution passes on {len(SEEDS) + 1} seeds, and so do the checkpoint's own tests", solution_passes))


def protected_names():
    """A chunk that was renamed would be protected no more, silently."""
    names = {d.name for chapter in Book.load().chapters for d in chapter.definitions}
    rows = (ROOT / 'exercises/protected').read_text().splitlines()
    return [f'exercises/protected:{number}: error: `{row}` matches no chunk of the book; correct it, or delete the line'
            for number, row in enumerate(rows, 1)
            if row.strip() and not row.startswith('#') and not fnmatch.filter(names, row)]


def chosen(names):
    if names == ['--all'] or os.environ.get('WEFT_ALL'):
        return exercises()
    if names:
        return [e for e in exercises() if e.chapter in names or {e.id, e.key} & set(names)]
    newest = sorted({e.chapter for e in exercises()})[-2:]
    older = [e for e in exercises() if e.chapter not in newest]
    commit = subprocess.run(['git', 'rev-parse', 'HEAD'], cwd=ROOT, capture_output=True, text=True).stdout
    sample = random.Random(commit).sample(older, min(SAMPLE, len(older)))
    return [e for e in exercises() if e.chapter in newest or e.id in {s.id for s in sample}]


def main(names):
    wanted = chosen(names)
    todo = [(e, text, function) for e in wanted for text, function in CLAIMS]
    print(f'1..{len(todo) + 1}', flush=True)
    left = len(exercises()) - len(wanted)
    if left:
        print(f'# {left} other exercises are not graded this time', flush=True)
    tell(1, 'each line of exercises/protected names a chunk', protected_names())
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda item: item[2](item[0]), todo)
        for number, ((exercise, text, _), found) in enumerate(zip(todo, results), 2):
            tell(number, f'{exercise.id}: {text}', found)


def tell(number, claim, found):
    for line in found:
        print(f'# {line}')
    print(f'{"not ok" if found else "ok"} {number} - {claim}', flush=True)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
