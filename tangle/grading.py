"""What an exercise's grade.py is written with, and what runs it. exercises/README.md explains it with examples.

    from grading import check, claim, equal

    @claim(2, 'dump shows the bytes that are in memory')
    def bytes_are_shown(k, rng):
        data = rng.randbytes(16)
        k.write('grader_buffer', data)
        equal(k.type(f'dump {k.address("grader_buffer"):x} 16'), [line_of(data)])

A claim is GOOD when its function returns, BAD when it raises (a wrong answer, or the kernel hung, crashed, or powered
off), MISSING when there is nothing to judge: no such command or symbol, or no kernel at all.
"""

import hashlib
import importlib.util
import random
import re
import time
import traceback

from machine import MachineError
from session import NoCommand, NoSymbol, Session, Trouble

CONTEXT = 14                          # lines of transcript shown with a claim that failed
NO_BOOT = 'the kernel did not come to its prompt'
GIVE_UP = 2                           # so many time-outs, and the remaining claims are not tried


class Wrong(Exception):
    """The kernel answered, and the answer is wrong."""


class Missing(Exception):
    """There is nothing to judge."""


class GraderError(Exception):
    """Not the student's fault."""


# ------------------------------------------------------------------------------------------- what grade.py calls

class Claim:
    def __init__(self, points, text, function, boot, fresh):
        self.points, self.text, self.function, self.boot, self.fresh = points, text, function, boot, fresh
        self.verdict, self.cause, self.reason, self.transcript, self.seconds = 'MISSING', '', '', [], 0.0

    @property
    def earned(self):
        return self.points if self.verdict == 'GOOD' else 0

    def settle(self, verdict, cause='', reason=''):
        self.verdict, self.cause, self.reason = verdict, cause, reason


CLAIMS = []


def claim(points, text, boot='', fresh=False):
    """The function below proves this and earns the points. boot: words for the kernel's command line, or a function of
    rng that makes them; fresh: on a machine that no claim before has touched."""
    def wrap(function):
        CLAIMS.append(Claim(points, text, function, boot, fresh))
        return function
    return wrap


def check(condition, reason):
    """Wrong unless condition; say what the kernel did, not what it should have done."""
    if not condition:
        raise Wrong(reason)


def equal(got, want, what=''):
    """Wrong unless the two are the same; lists are compared line by line, and the first difference shown."""
    if isinstance(got, list) and isinstance(want, list):
        for number, (g, w) in enumerate(zip(list(got) + [None] * len(want), want)):
            if g != w:
                where = f'line {number + 1}' if len(want) > 1 or len(got) > 1 else ''
                raise Wrong(difference(f'{what}{", " if what and where else ""}{where}',
                                       'nothing' if g is None else g, w))
        if len(got) > len(want):
            raise Wrong(difference(f'{what} after the last line expected'.strip(), got[len(want)], 'nothing'))
    elif got != want:
        raise Wrong(difference(what, got, want))


def difference(what, got, want):
    return (f'{what}\n' if what else '') + f'got   {shown(got)}\nwant  {shown(want)}'


def shown(value):
    if isinstance(value, (bytes, bytearray)):
        return value.hex(' ')
    if isinstance(value, list):
        return ' / '.join(value) or '(no line)'
    return str(value)


# ------------------------------------------------------------------------------------------------ what runs it

class Grader:
    """exercises/NN-k-slug/grade.py, loaded: its claims, and the few settings it may make."""

    def __init__(self, path):
        CLAIMS.clear()
        spec = importlib.util.spec_from_file_location('grade_' + path.parent.name.replace('-', '_'), path)
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception:
            raise GraderError(f'{path} does not load:\n' + traceback.format_exc(limit=-1).strip())
        self.path, self.claims = path, list(CLAIMS)
        self.free = list(getattr(module, 'FREE', []))              # protected chunks that this exercise is about
        self.host_files = list(getattr(module, 'HOST_FILES', []))  # files the host runs that it may change
        self.mem = getattr(module, 'MEM', '64M')
        self.smp = getattr(module, 'SMP', 1)
        self.icount = getattr(module, 'ICOUNT', None)
        self.idle = getattr(module, 'IDLE', Session.idle)
        if not self.claims:
            raise GraderError(f'{path}:1: error: no @claim; an exercise without claims proves nothing')

    @property
    def total(self):
        return sum(c.points for c in self.claims)

    @property
    def score(self):
        return sum(c.earned for c in self.claims)

    def nothing(self, cause, reason):
        """All claims MISSING for one reason."""
        for c in self.claims:
            c.settle('MISSING', cause, reason)

    def run(self, elf, seed, on_claim=lambda claim: None):
        k = Session(elf, mem=self.mem, smp=self.smp, icount=self.icount)
        k.idle = self.idle
        timeouts, stuck = 0, None
        try:
            for c in self.claims:
                start = time.monotonic()
                if timeouts >= GIVE_UP:
                    c.settle('MISSING', 'timeout', f'not tried: the kernel had hung {timeouts} times')
                elif stuck:
                    c.settle('MISSING', stuck.cause, f'not tried: {NO_BOOT}')
                else:
                    stuck = self.judge(k, c, seed)
                timeouts += c.cause == 'timeout' and c.verdict == 'BAD'
                c.seconds = time.monotonic() - start
                on_claim(c)
        finally:
            k.close()
        return k

    def judge(self, k, c, seed):
        """One claim, with random numbers of its own, so that the seed repeats it whatever the others drew. Returns it if
        the kernel does not even boot."""
        digest = hashlib.sha256(f'{seed} {c.text}'.encode()).digest()
        rng = random.Random(int.from_bytes(digest[:8], 'big'))
        words = c.boot(rng) if callable(c.boot) else c.boot
        begin = self.prepare(k, c, words)
        if begin is None:
            return None if words else c
        try:
            c.function(k, rng)
            self.dirty = c.fresh
            c.settle('GOOD')
        except Wrong as wrong:
            c.settle('BAD', 'wrong', str(wrong))
        except (Missing, NoCommand, NoSymbol) as missing:
            c.settle('MISSING', 'missing', str(missing))
        except Trouble as trouble:
            c.settle('BAD', trouble.cause, words_of(trouble))
        except Exception:
            raise GraderError(f'claim "{c.text}":\n' + traceback.format_exc(limit=-2).strip())
        if c.verdict != 'GOOD':
            k.finish_line()
            c.transcript = k.lines[begin:]
        return None

    dirty = False                     # a machine on which a claim failed is not lent to the next one

    def prepare(self, k, c, words):
        """A machine at its prompt; where its transcript stands. None: it did not get there."""
        if k.alive and k.cmdline == words and not (c.fresh or self.dirty):
            self.dirty = True
            return len(k.lines)
        self.dirty = True
        try:
            k.boot(words)
        except Trouble as trouble:
            c.settle('MISSING', trouble.cause, f'{NO_BOOT}: {words_of(trouble)}')
            c.transcript = k.lines
            return None
        except MachineError as error:
            raise GraderError(str(error))
        return 0


def words_of(trouble):
    return str(trouble) + ''.join(f'\n  in {place}' for place in trouble.where)


def printable(text):
    """Text of the student's kernel, fit for a terminal: what is not printing ASCII is shown escaped."""
    return re.sub(r'[^ -~]', lambda m: f'\\x{ord(m[0]):02x}', text)


def report(c):
    """The lines of one claim. Every line of the kernel's begins with a bar, every one of the host's with >."""
    yield f'{c.verdict:8}{c.earned:2}/{c.points:<2}  {c.text}'
    for line in c.reason.split('\n') if c.reason else ():
        yield ' ' * 15 + printable(line)
    lines = c.transcript[-CONTEXT:] if c.cause != 'missing' else []
    if lines:
        skipped = len(c.transcript) - len(lines)
        yield ' ' * 15 + ('the end of the transcript:' if skipped else 'transcript:')
    for who, line in lines:
        yield ' ' * 15 + ('> ' if who == 'host' else '| ') + printable(line)[:160]
