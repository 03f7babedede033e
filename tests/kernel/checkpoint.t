#!/usr/bin/env python3
"""Boot a checkpoint on a machine of tests/machines.tsv and pass on its TAP: checkpoint.t 02@qemu-1g [ELF]."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'lib'))
from weft import machine  # noqa: E402


def main():
    chapter, _, name = sys.argv[1].partition('@')
    try:
        elf = Path(sys.argv[2]) if len(sys.argv) > 2 else machine.kernel(chapter)
        kind = machine.named(name)
        result = machine.boot(elf, cmdline=machine.test_words(**kind), **kind)
    except machine.MachineError as error:
        sys.exit(f'Bail out! {error}')
    verdict = result.verdict()
    for number, test in enumerate(verdict.tests, 1):
        for line in test.diagnostics:
            print(f'# {line}')
        skip = '' if test.skip is None else f' # SKIP {test.skip}'
        print(f'{"ok" if test.ok else "not ok"} {number} - {test.row + " " if test.row else ""}{test.text}'
              f' [{chapter} on {name}]{skip}')
    number = len(verdict.tests) + 1
    if verdict.fatal:
        for _, text in result.lines[-20:]:
            print(f'# | {text}')
        print(f'# {verdict.reason}')
    print(f'{"not ok" if verdict.fatal else "ok"} {number} - checkpoint {chapter} boots on {name}, says nothing amiss and '
          'powers off')
    print(f'1..{number}')
    return 0 if verdict.ok else 1


if __name__ == '__main__':
    sys.exit(main())
