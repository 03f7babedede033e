"""Grader of exercise 05-2: the page is looked at by a program, and by a trap after every instruction of its writers."""

from grading import check, claim, equal

ICOUNT = 4
TICK, LATE = 4000, 1000                # microseconds
EFAULT = -14


def run(k, words, *names, patience=3):
    """The numbers behind each of the names, in the lines that the program prints"""
    lines = k.type(f'run /tests/grader {words}', patience=patience)
    found = {line.split()[0]: [int(w) for w in line.split()[1:]] for line in lines if line.startswith(names)}
    missing = [name for name in names if name not in found]
    check(not missing, f'`{words}` did not print {missing}: {lines.text or "nothing"}')
    return [found[name] for name in names]


@claim(2, 'the page follows the clock, a tick behind at most')
def follows(k, rng):
    for _ in range(3):
        sec = rng.randrange(1 << 30, (1 << 31) - 1000)
        (at_once,), (least, most, back, goes) = run(k, f'follow {sec} {rng.randrange(300, 600)} {rng.randrange(3, 30)}', 'set', 'follow',
                                                    patience=4)
        check(0 <= at_once - sec * 1_000_000 <= TICK + LATE, f'after settimeofday() to {sec} s the page has {at_once / 1e6:.6f} s')
        check(least >= 0, f'the page was {-least} us ahead of gettimeofday()')
        check(most <= TICK + LATE, f'the page was {most} us behind gettimeofday()')
        equal(back, 0, 'how often it went back')
        check(goes, 'while nobody called anything it stood still, or went back')


@claim(1, 'it is there after fork and exec')
def inherited(k, rng):
    sec = rng.randrange(1 << 30, (1 << 31) - 1000)
    (child,), (became,) = run(k, f'inherit {sec}', 'child', 'exec')
    check(0 <= child - sec * 1_000_000 < 1_000_000, f'set to {sec} s, a child saw {child / 1e6:.6f} s')
    check(child <= became < child + 1_000_000, f'after {child / 1e6:.6f} s in the child, its next program saw {became / 1e6:.6f} s')


@claim(1, 'it tells the time, nothing else, and cannot be written')
def secrets(k, rng):
    (goes, status, other, result, odd), = run(k, 'secrets', 'secrets')
    check(goes and not odd, 'the clock stands still')
    equal(status & 127, 11, 'the signal that ends a program which writes to the page')
    equal(other, 0, 'words behind the time that are not zero')
    equal(result, EFAULT, 'gettimeofday() into the page')


def sweep(k, rng, which, what):
    sec = rng.randrange(1 << 30, (1 << 31) - 5000)
    (steps, wrong, at, torn), = run(k, f'sweep {which} {sec}', 'sweep', patience=4)
    check(steps > 10, f'{what} had {steps} instructions')
    check(not wrong, f'after a tick behind each of {steps} instructions of {what}, the page was wrong {wrong} times, '
          f'the last time behind instruction {at}')
    return torn


@claim(2, 'a tick may come after any instruction of gettimeofday', fresh=True)
def tick_in_get(k, rng):
    torn = sweep(k, rng, 0, 'gettimeofday()')
    equal(torn, 0, 'times that were not the first one under an even number')


@claim(2, 'and of settimeofday; and no number has two times', fresh=True)
def tick_in_set(k, rng):
    torn = sweep(k, rng, 1, 'settimeofday()')
    equal(torn, 0, 'times that were not the first one under an even number')


@claim(1, 'nor has it in the tick', fresh=True)
def tick_itself(k, rng):
    (ticks, torn), = run(k, f'ticks {rng.randrange(1 << 30, (1 << 31) - 1000)}', 'ticks', patience=4)
    check(20 <= ticks < 1000, f'seconds went over after {ticks} ticks; there were 40 seconds, each a millisecond or two before its end')
    equal(torn, 0, 'times that were not the first one under an even number')
