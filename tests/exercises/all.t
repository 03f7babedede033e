#!/usr/bin/env python3
"""Every exercise: complete; the unmodified checkpoint and the starter get nothing, the solution everything, on any seed;
and the checkpoint's own tests pass with the solution in.

    all.t [EX...]                     only these
"""

import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tangle'))
from exercises import exercises, find    # noqa: E402
from machine import boot, test_words     # noqa: E402

SEEDS = (1, 2, 3)


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
    found = []
    for seed in SEEDS:
        status, output, report = grade(exercise, exercise.directory / 'solution.nw', '--seed', str(seed))
        if status or not report['full_marks']:
            found += [f'seed {seed}: exit status {status}; expected full marks', *output.splitlines()]
    return found


def tests_pass_with_solution(exercise):
    """The same boot as `make test`, judged as strictly."""
    status, output, report = grade(exercise, exercise.directory / 'solution.nw', '--keep')
    kept = ROOT / (output.split('kept: ')[1].split(' ')[0] if 'kept: ' in output else 'build/grade/none')
    try:
        if not (kept / 'obj/weft.elf').exists():
            return ['no kernel', *output.splitlines()]
        result = boot(kept / 'obj/weft.elf', cmdline=test_words())
        verdict = result.verdict()
        return [] if verdict.ok else [verdict.reason, *result.output.splitlines()[-20:]]
    finally:
        shutil.rmtree(kept, ignore_errors=True)


CLAIMS = (('is complete', complete),
          ('the unmodified checkpoint fails', unmodified_fails),
          ('the starter compiles and fails', starter_fails),
          (f'the solution passes on {len(SEEDS)} seeds', solution_passes),
          ("the checkpoint's own tests pass with the solution in", tests_pass_with_solution))


def main(names):
    todo = [(e, text, function) for e in ([find(n) for n in names] or exercises()) for text, function in CLAIMS]
    print(f'1..{len(todo)}', flush=True)
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda item: item[2](item[0]), todo)
        for number, ((exercise, text, _), found) in enumerate(zip(todo, results), 1):
            for line in found:
                print(f'# {line}')
            print(f'{"not ok" if found else "ok"} {number} - {exercise.id}: {text}', flush=True)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
