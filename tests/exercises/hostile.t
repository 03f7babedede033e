#!/usr/bin/env python3
"""Answers that are broken, or out for points they have not earned: each must get none, and be told why.

The first line of each file in hostile/ says `Expect: CAUSE, words that the student must read`. They answer exercise 01-1.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXERCISE = '01-1'


def grade(path):
    """Exit status, what the student sees, the JSON report."""
    with tempfile.TemporaryDirectory() as tmp:
        answer = path
        if expected(path)[0] == 'self-tests':        # a right answer that breaks something else
            answer = Path(tmp, path.name)
            solution, = ROOT.glob(f'exercises/{EXERCISE}-*/solution.nw')
            answer.write_text(solution.read_text() + '\n' + path.read_text())
        # What hangs on purpose need not be waited for as long as what may only be slow.
        patience = {'WEFT_PATIENCE': '0.4'} if expected(path)[0] == 'timeout' else {}
        done = subprocess.run([ROOT / 'tangle/grade', EXERCISE, answer, '--json', f'{tmp}/json'], cwd=ROOT,
                              env={**os.environ, **patience}, capture_output=True, text=True, errors='replace')
        report = Path(tmp, 'json')
        return done.returncode, done.stdout + done.stderr, json.loads(report.read_text()) if report.exists() else None


def expected(path):
    cause, words = re.match(r'Expect: ([\w-]+), (.*)', path.read_text()).groups()
    return cause, words


def failures(path, status, output, report):
    cause, words = expected(path)
    if report is None:
        return ['no report']
    causes = {c['cause'] for c in report['claims']} | {(report['refused'] or {}).get('cause')}
    found = []
    if status != 1:
        found.append(f'exit status {status}, expected 1')
    if cause != 'self-tests':
        if report['score']:
            found.append(f'score {report["score"]}, expected 0')
        if cause not in causes:
            found.append(f'no claim has the cause {cause}, but {sorted(filter(None, causes))}')
    if report['full_marks']:
        found.append('full marks')
    if words not in output:
        found.append(f'the output does not say: {words}')
    if re.search(r'[^\n -~]', output):
        found.append('control characters reach the terminal')
    return found


def main():
    files = sorted((HERE / 'hostile').glob('*.nw'))
    print(f'1..{len(files)}', flush=True)
    with ThreadPoolExecutor(2) as pool:
        for number, (path, result) in enumerate(zip(files, pool.map(grade, files)), 1):
            found = failures(path, *result)
            print(*(f'# {line}' for text in found for line in text.split('\n')), sep='\n', end='\n' if found else '')
            if found:
                print(*(f'#   | {line}' for line in result[1].splitlines()), sep='\n')
            print(f'{"not ok" if found else "ok"} {number} - {path.stem.replace("-", " ")}: no points, and told why',
                  flush=True)


if __name__ == '__main__':
    sys.exit(main())
