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
EXCUSED = 200                         # lines between an announcement and what it announces
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
    log = Log(text for _, text in result.lines)
    reasons = log.reasons + counts(log, tests, result)
    end = ending(log, result)
    if end:
        # How it ended explains what is missing, but for a prompt, which explains nothing.
        reasons.insert(len(log.reasons) if result.ended == 'prompt' else 0, end)
    failed = [test for test in log.tests if not test.ok]
    due = FAILED if failed else OK
    if not reasons and result.ended == 'exit' and result.status not in (None, due):
        reasons.append(f'exit status {result.status}, and {due} was due')
    if reasons:
        return Verdict(log.tests, reasons[0], True)
    if failed:
        first = failed[0]
        why = f': {first.diagnostics[-1]}' if first.diagnostics else ''
        return Verdict(log.tests, f'{len(failed)} of {log.plan} tests failed, first {first.row or first.number} '
                                  f'({first.text}){why}', False)
    skipped = sum(test.skip is not None for test in log.tests)
    return Verdict(log.tests, (f'all {len(log.tests)} tests passed' if tests else 'it ended as it should') +
                   (f', {skipped} of them skipped' if skipped else ''), False)


class Log:
    """What a boot said, read line by line: its tests, its plan, and what should not be there."""

    def __init__(self, lines):
        self.tests, self.plan, self.started, self.reasons = [], None, False, []
        self.diagnostics, self.expected, self.announced = [], None, 0
        self.last = ''
        for number, self.last in enumerate(lines, 1):
            self.read(number, self.last)
            if self.expected and number - self.announced > EXCUSED:
                self.expected = None                 # an announcement does not excuse everything that follows

    def read(self, number, line):
        if line == 'KTAP version 1':
            if self.started:
                self.reasons.append(f'line {number}: the tests began a second time')
            self.started = True
        elif match := re.fullmatch(r'1\.\.(\d+)', line):
            if self.plan is not None:
                self.reasons.append(f'line {number}: a second plan, {line}')
            self.plan = int(match[1])
        elif self.started and (match := RESULT.fullmatch(line)):
            self.test(number, Test(int(match[2]), not match[1], match[3], self.diagnostics, number))
        elif line.startswith('# expect: '):
            self.expected, self.announced = line[10:].strip(), number
        elif line.startswith('# calibrate: '):
            pass
        elif line.startswith('# '):
            self.diagnostics.append(line[2:])
        elif line.startswith('Bail out!'):
            self.reasons.append(f'line {number}: {line}')
        else:
            self.console(line)

    def test(self, number, test):
        if self.expected:
            self.reasons.append(f'test {test.number}: the console never said "{self.expected}", which the test announced')
        if test.number != len(self.tests) + 1:
            twice = any(test.number == other.number for other in self.tests)
            self.reasons.append(f'line {number}: test number {test.number} ' +
                                ('twice' if twice else f'where {len(self.tests) + 1} was due'))
        self.tests.append(test)
        self.diagnostics, self.expected = [], None

    def console(self, line):
        """A line of the kernel's log, with its level or without."""
        level = LEVEL.match(line)
        text = level[2] if level else line
        if self.expected is None and (TROUBLE.match(text) or level and int(level[1]) <= 3):
            self.reasons.append(f'{name_trouble(text)}: {text.strip()}')
        if self.expected and self.expected in text:
            self.expected = ''

    @property
    def doing(self):
        """Which test it was in when the log broke off."""
        if not self.tests or len(self.tests) >= (self.plan or 0):
            return ''
        return f' in test {len(self.tests) + 1}, after "{self.tests[-1].text}"'


def ending(log, result):
    """What is wrong with the way the boot ended, or None."""
    where = f'; it stood in {" < ".join(result.where)}' if result.where else ''
    if result.ended == 'exit':
        return (f'the emulator gave up: {result.complaint.splitlines()[-1]}'
                if result.complaint and result.status not in (OK, FAILED, PANIC) else None)
    return {
        'silence': f'hang{log.doing}: no word for {result.limit:.0f} s{where}',
        'dead': f'hang{log.doing}: all processors halted with interrupts off{where}',
        'time': f'endless{log.doing}: it kept talking, but did not end in {result.seconds:.0f} s{where}',
        'flood': f'flood{log.doing}: megabytes of output without an end, {log.last[:60]!r}{where}',
        'prompt': 'it waits at its prompt: nothing told it to power off',
        'reset': f'reset{log.doing}: the machine restarted itself (a triple fault?){where}',
    }.get(result.ended)


def counts(log, tests, result):
    """What is missing from the log, or too much in it."""
    reasons = []
    if result.cut and result.ended == 'exit':
        reasons.append(f'truncated: the last line, {log.last!r}, has no end')
    if tests and not log.started:
        reasons.append('no tests: the line "KTAP version 1" never came')
    elif tests and log.plan is None:
        reasons.append('no plan: the line "1..N" never came')
    elif tests and len(log.tests) < log.plan:
        reasons.append(f'truncated: {len(log.tests)} of {log.plan} tests reported{log.doing}')
    elif tests and len(log.tests) > log.plan:
        reasons.append(f'{len(log.tests)} tests reported, {log.plan} planned')
    return reasons


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
