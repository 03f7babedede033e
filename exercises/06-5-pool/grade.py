"""Grader of exercise 06-5: a history happens after each instruction of a get or a put; then each item must be in one place."""

import struct
from collections import Counter

from grading import check, claim, equal

SWEEP = 400                            # instructions of a get or put, at most
ENOUGH = 12                            # not interrupted so often, one after the other: it is over
ABA = [0, 0, 1]                        # take two, give the first back


def run(k, n, taken, put, steps, history, scribble=0):
    """Whether it happened in the midst; and nothing is lost or in two places."""
    k.write('grader_history', bytes(history) or b'\0')
    k.write('grader_length', len(history))
    k.write('grader_scribble', scribble)
    inside = k.call('grader_run', n, taken, put, steps) & 0xff
    got = struct.unpack('<i', k.read('grader_got', 4))[0]
    hand, left = (struct.unpack(f'<{count}i', k.read(where, 4 * count)) if count else () for where, count in
                  (('grader_hand', k.u32('grader_held')), ('grader_free', k.u32('grader_left'))))
    places = Counter([*hand, *left, *([got] if got >= 0 else [])])
    what = (f'a pool of {n}, {taken} of them out; {told(history)} after instruction {steps} of '
            f'{"pool_put" if put else "pool_get"}()')
    twice = [i for i in places if places[i] > 1]
    check(not twice, f'{what}: item {min(twice, default=0)} is in {max(places.values(), default=0)} places; '
                     f'handed out: {shown(hand)} and {got}, found in the pool: {shown(left)}')
    equal(shown(sorted(places)), shown(range(n)), f'{what}: items that are in a hand or in the pool')
    return inside, got


def told(history):
    return ', '.join('get' if not what else f'put the item at place {what} of the hand' for what in history)


def shown(numbers):
    numbers = list(numbers)
    return ' '.join(map(str, numbers[:20])) + (' ...' if len(numbers) > 20 else '') or 'none'


def sweep(k, rng, put, make, scribble=0):
    """make() gives n, taken, history for each instruction."""
    over = 0                           # in an empty pool a get is short
    for steps in range(1, SWEEP):
        n, taken, history = make()
        inside, got = run(k, n, taken, put, steps, history, scribble)
        if not put and n - taken > history.count(0):
            check(got >= 0, f'pool_get() found nothing in a pool of {n} with {taken} out')
        over = 0 if inside else over + 1
        if over == ENOUGH:
            return
    check(False, f'after {SWEEP} instructions the function is not over')


def aba(k, rng):
    n = rng.randrange(4, 40)
    sweep(k, rng, False, lambda: (n, 0, ABA))


@claim(2, 'the first item was taken, and given back, while somebody is about to take it')
def came_back(k, rng):
    aba(k, rng)
    sweep(k, rng, False, lambda: (rng.randrange(8, 60), 2, [0] * 3 + [3] + [0, 1][:rng.randrange(3)]))


@claim(2, 'any history during a get; owners write what they like')
def any_get(k, rng):
    aba(k, rng)
    for scribble in (0, rng.randrange(1, 1 << 32), 0xffffffff):
        sweep(k, rng, False, lambda: (rng.randrange(30, 64), rng.randrange(4),
                                      [0, 0] + [rng.randrange(5) for _ in range(rng.randrange(12))]), scribble)


@claim(2, 'any history during a put')
def any_put(k, rng):
    aba(k, rng)
    for scribble in (0, rng.randrange(1, 1 << 32)):
        sweep(k, rng, True, lambda: (rng.randrange(30, 64), rng.randrange(1, 9),
                                     [rng.randrange(5) for _ in range(rng.randrange(1, 14))]), scribble)


@claim(2, 'pools that are small, and run dry')
def dry(k, rng):
    aba(k, rng)
    def small():
        n = rng.randrange(1, 4)
        return n, rng.randrange(1, n + 1), [rng.randrange(4) for _ in range(rng.randrange(1, 8))]
    for put in (False, True, False, True):
        sweep(k, rng, put, small)
    _, got = run(k, 3, 3, False, 1, [])
    equal(got, -1, 'what pool_get() finds where all is taken')
