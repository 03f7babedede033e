"""Grader of exercise 06-2: puts and gets interrupt each other after any instruction; the host knows which records there are."""

import struct

from grading import check, claim, equal

GET, EAGAIN, EINVAL = 255, -11, -22
SWEEP = 1500                           # instructions of a get or put, at most
ENOUGH = 12                            # not interrupted so often, one after the other: it is over
BYTES = 1500                           # to put


class Run:
    """A history: some, then one that is interrupted by others, then all is taken out."""

    def __init__(self, k, rng, places, before, one, during=(), steps=1, size=200):
        self.places, self.history = places, [*before, one, *during]
        self.data = rng.randbytes(BYTES)
        k.write('grader_in', self.data)
        k.write('grader_history', bytes(self.history))
        for name, value in ('before', len(before)), ('during', len(during)), ('size', size):
            k.write(f'grader_{name}', value)
        self.inside = k.call('grader_run', places, rng.choice([0, rng.randrange(1 << 32), (1 << 32) - rng.randrange(1, 9)]), steps)
        self.what = (f'{places} bytes; {told(before)}; then {told([one])}'
                     + (f', after instruction {steps} of which: {told(during)}' if during else ''))
        self.puts = numbers(k, 'grader_put', k.u32('grader_puts'))
        self.gets = numbers(k, 'grader_got', k.u32('grader_gets'))
        self.out = k.read('grader_out', 4096)

    def records(self, order):
        """What was put in, by what the kernel said; order: lengths as they were tried."""
        at, found = 0, []
        for n, went in zip(order, self.puts):
            found += [self.data[at:at + n]] if went else []
            at += n
        return found

    def must_come_out(self, records):
        """Whole, in order, and nothing else; who finds nothing is answered EAGAIN."""
        at, left = 0, list(records)
        for n in self.gets:
            if n < 0:
                equal(n, EAGAIN, f'{self.what}: what record_get() returned')
                continue
            check(left, f'{self.what}: a record of {n} bytes came out, and {len(records)} records were put in')
            want = left.pop(0)
            equal(n, len(want), f'{self.what}: the length of record {len(records) - len(left)}')
            equal(self.out[at:at + n].hex(' '), want.hex(' '), f'{self.what}: record {len(records) - len(left)}')
            at += n
        check(not left, f'{self.what}: {len(left)} records were put in and never came out')


def told(history):
    return ', '.join('get' if what == GET else f'put {what}' for what in history) or 'nothing'


def numbers(k, where, count):
    return struct.unpack(f'<{count}i', k.read(where, 4 * count)) if count else ()


def alone(k, rng, places, history):
    """All in turn: what each returns is known."""
    run = Run(k, rng, places, history[:-1], history[-1], steps=1 << 30)
    room, inside, puts, gets = places, [], [], []
    for what in history:
        if what == GET and inside:
            gets.append(inside.pop(0))
            room += gets[-1] + 2
        elif what == GET:
            gets.append(EAGAIN)
        else:
            puts.append(int(what + 2 <= room))
            if puts[-1]:
                inside.append(what)
                room -= what + 2
    equal(run.puts, tuple(puts), f'{run.what}: whether each record went in')
    equal(run.gets, (*gets, *inside, EAGAIN), f'{run.what}: what was got, and then until nothing was left')
    run.must_come_out(run.records([what for what in history if what != GET]))


@claim(2, 'one after the other: whole records or none, in order, and what is too long stays')
def in_turn(k, rng):
    alone(k, rng, 64, [5, 0, GET, 62, 52, 3, GET, GET, GET, 62, GET, 63])
    for _ in range(12):
        places, n = rng.choice([16, 32, 64, 128]), rng.randrange(10, 50)
        alone(k, rng, places, [GET if rng.random() < 0.5 else rng.choice([0, 1, 2, rng.randrange(places // 2)]) for _ in range(n)])
    n = rng.randrange(2, 60)
    run = Run(k, rng, 128, [n, GET], GET, steps=1 << 30, size=n - 1)
    equal(run.gets, (EINVAL, EINVAL, EINVAL), f'what is got of a record of {n} bytes if there is room for {n - 1}')
    run = Run(k, rng, 128, [n, GET], GET, steps=1 << 30, size=n)
    equal(run.gets, (n, EAGAIN, EAGAIN), f'what is got of a record of {n} bytes if there is room for {n}')
    run.must_come_out(run.records([n]))


def sweep(k, rng, make):
    over = 0                           # some of the histories make it short
    for steps in range(1, SWEEP):
        over = 0 if make(steps).inside else over + 1
        if over == ENOUGH:
            check(steps > 40, 'the function is over after a few instructions')
            return
    check(False, f'after {SWEEP} instructions the function is not over')


@claim(2, 'a get may be interrupted by puts, after any instruction')
def interrupted_get(k, rng):
    def make(steps):
        before = [rng.randrange(14) for _ in range(rng.randrange(3))]
        during = [rng.randrange(14) for _ in range(rng.randrange(1, 5))]
        run = Run(k, rng, 32, before, GET, during, steps)
        used = 0
        for n, went in zip(before, run.puts):
            equal(went, int(used + n + 2 <= 32), f'{run.what}: whether {n} bytes went into a queue with {used} in use')
            used += (n + 2) * went
        records = run.records(before + during)
        if before:
            equal(run.gets[0], before[0], f'{run.what}: what the one returned that was interrupted')
        for n, went in zip(during, run.puts[len(before):]):
            fits = used + n + 2 <= 32
            check(went or not fits, f'{run.what}: {n} bytes did not go in, and {used} of 32 were in use')
            used += (n + 2) * went
        check(used - (len(records[0]) + 2 if records else 0) <= 32, f'{run.what}: more went in than there is room for')
        run.must_come_out(records)
        return run
    sweep(k, rng, make)


@claim(2, 'a put may be interrupted by gets, after any instruction')
def interrupted_put(k, rng):
    def make(steps):
        before = [rng.randrange(10) for _ in range(rng.randrange(3))]
        n = rng.randrange(1, 14)
        run = Run(k, rng, 32, before, n, [GET] * rng.randrange(1, 5), steps)
        used = sum(length + 2 for length in before)
        if used + n + 2 <= 32:
            check(run.puts[-1], f'{run.what}: {n} bytes did not go in, and {used} of 32 were in use')
        equal(run.puts[:-1], (1,) * len(before), f'{run.what}: whether the first records went in')
        equal(run.gets[:len(before)][:len(run.history) - len(before) - 1],
              tuple(before)[:len(run.history) - len(before) - 1], f'{run.what}: what those that interrupted got')
        run.must_come_out(run.records([*before, n]))
        return run
    sweep(k, rng, make)
