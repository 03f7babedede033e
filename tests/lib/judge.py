"""The judge: did this boot keep what the checkpoint promises? And if not, why, in one line.

    verdict = judge(result)              a machine.Result: what the serial port said, how the machine ended
    verdict.ok, .reason                  True and 'all 12 tests passed', or False and the first thing that is wrong
    verdict.tests                        [Test]: .number .ok .skip .row .text .diagnostics .line
    verdict.rows()                       {(row or text, 'ok' | 'not ok' | 'skip')}, to compare boots with

    tap(text)                            [Test] of any TAP stream

It knows nothing of emulators beyond a Result's fields, so that planted logs can be judged too.

What makes a boot bad, besides a test that fails: no plan or a wrong one, numbers missing or used twice, an oops, a panic,
a console line of level error or worse (`<3>` and below) that was not announced, silence, a flood, a reset, an end in the
middle of a test or a line, an exit status that contradicts the test lines. A test that provokes such a line announces it:
`# expect: TEXT` allows console trouble until the test's own line, and wants TEXT to be part of it.
"""

import re

RESULT = re.compile(r'(not )?ok (\d+)(?: - )?(.*)')
ROW = re.compile(r'([A-Z][A-Z0-9]*-\d+)\b *')
LEVEL = re.compile(r'<([0-7])>(.*)')
TROUBLE = re.compile(r'(Kernel panic - not syncing|Oops\b|BUG\b|WARNING: )')
OK, FAILED, PANIC = 33, 35, 37        # QEMU's exit status: what the kernel wrote to port 0xf4, times two, plus one


class Test:
    def __init__(self, number, ok, text, diagnostics, line):
        self.number, self.ok, self.diagnostics, self.line = number, ok, diagnostics, line
        text, _, directive = text.partition(' # ')
        self.skip = directive[4:].strip() if directive.upper().startswith('SKIP') else None
        row = ROW.match(text)
        self.row, self.text = (row[1], text[row.end():]) if row else (None, text)

    @property
    def verdict(self):
        return 'skip' if self.skip is not None else 'ok' if self.ok else 'not ok'


class Verdict:
    def __init__(self, tests, reason, fatal):
        self.tests, self.reason, self.fatal = tests, reason, fatal

    @property
    def ok(self):
        return not self.fatal and all(test.ok for test in self.tests)

    def rows(self):
        return {(test.row or test.text, test.verdict) for test in self.tests}


def judge(result, tests=True):
    """`tests`: the boot ran `test` and must show its TAP; False: only the console and the end are judged."""
    lines = [text for _, text in result.lines]
    found, plan, reasons = [], None, []
    diagnostics, expected, started = [], None, False
    for number, line in enumerate(lines, 1):
        level = LEVEL.match(line)
        text = level[2] if level else line
        if line == 'KTAP version 1':
            if started:
                reasons.append(f'line {number}: the tests began a second time')
            started = True
        elif match := re.fullmatch(r'1\.\.(\d+)', line):
            if plan is not None:
                reasons.append(f'line {number}: a second plan, {line}')
            plan = int(match[1])
        elif started and (match := RESULT.fullmatch(line)):
            test = Test(int(match[2]), not match[1], match[3], diagnostics, number)
            if expected:
                reasons.append(f'test {test.number}: the console never said "{expected}", which the test announced')
            if test.number != len(found) + 1:
                twice = any(test.number == other.number for other in found)
                reasons.append(f'line {number}: test number {test.number} ' +
                               ('twice' if twice else f'where {len(found) + 1} was due'))
            found.append(test)
            diagnostics, expected = [], None
        elif line.startswith('# expect: '):
            expected = line[10:].strip()
            announced = number
        elif line.startswith('# calibrate: '):
            pass
        elif line.startswith('# '):
            diagnostics.append(line[2:])
        elif line.startswith('Bail out!'):
            reasons.append(f'line {number}: {line}')
        else:
            trouble = TROUBLE.match(text) or (level and int(level[1]) <= 3)
            if trouble and expected is None:
                reasons.append(f'{name_trouble(text)}: {text.strip()}')
            if expected and expected in text:
                expected = ''
        if expected and number - announced > 200:
            expected = None                          # an announcement does not excuse everything that follows
    doing = f' in test {len(found) + 1}, after "{found[-1].text}"' if found and len(found) < (plan or 0) else ''
    where = f'; it stood in {" < ".join(result.where)}' if result.where else ''
    if result.ended == 'silence':
        reasons.insert(0, f'hang{doing}: no word for {result.limit:.0f} s{where}')
    elif result.ended == 'dead':
        reasons.insert(0, f'hang{doing}: all processors halted with interrupts off{where}')
    elif result.ended == 'time':
        reasons.insert(0, f'endless{doing}: it kept talking, but did not end in {result.seconds:.0f} s{where}')
    elif result.ended == 'flood':
        reasons.insert(0, f'flood{doing}: megabytes of output without an end, {lines[-1][:60]!r}{where}')
    elif result.ended == 'prompt':
        reasons.append('it waits at its prompt: nothing told it to power off')
    elif result.ended == 'reset':
        reasons.insert(0, f'reset{doing}: the machine restarted itself (a triple fault?){where}')
    elif result.complaint and result.status not in (OK, FAILED, PANIC):
        reasons.insert(0, f'the emulator gave up: {result.complaint.splitlines()[-1]}')
    if result.cut and result.ended == 'exit':
        reasons.append(f'truncated: the last line, {lines[-1]!r}, has no end')
    if tests and not started:
        reasons.append('no tests: the line "KTAP version 1" never came')
    elif tests and plan is None:
        reasons.append('no plan: the line "1..N" never came')
    elif tests and len(found) < plan:
        reasons.append(f'truncated: {len(found)} of {plan} tests reported{doing}')
    elif tests and len(found) > plan:
        reasons.append(f'{len(found)} tests reported, {plan} planned')
    failed = [test for test in found if not test.ok]
    if result.status is not None and result.ended == 'exit':
        due = FAILED if failed else OK
        if not reasons and result.status != due:
            reasons.append(f'exit status {result.status}, and {due} was due')
    if reasons:
        return Verdict(found, reasons[0], True)
    if failed:
        first = failed[0]
        why = f': {first.diagnostics[-1]}' if first.diagnostics else ''
        return Verdict(found, f'{len(failed)} of {plan} tests failed, first {first.row or first.number} '
                              f'({first.text}){why}', False)
    skipped = sum(test.skip is not None for test in found)
    return Verdict(found, (f'all {len(found)} tests passed' if tests else 'it ended as it should') +
                   (f', {skipped} of them skipped' if skipped else ''), False)


def tap(text):
    """The tests of a TAP stream from a host's test file."""
    diagnostics, found = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if match := RESULT.fullmatch(line):
            found.append(Test(int(match[2]), not match[1], match[3], diagnostics, number))
            diagnostics = []
        elif line.startswith('# '):
            diagnostics.append(line[2:])
    return found


def name_trouble(text):
    return ('panic' if text.startswith('Kernel panic') else 'oops' if re.match(r'Oops|BUG', text)
            else 'unexpected on the console')
