"""Grader of exercise 04-1: tasks run and sleep for minutes of the machine's time, and the host computes the averages, too."""

import struct

from grading import check, claim, equal

ICOUNT = 9                             # a minute takes a second, or less
HZ, SHIFT = 250, 11
FREQ = 5 * HZ + 1
ONE = 1 << SHIFT
MARGIN = 50                            # ticks that the monitor may have to wait for the processor before it sleeps
EXP = (1884, 2014, 2037)


def next_load(load, active):
    active *= ONE
    return tuple((a * e + active * (ONE - e) + (ONE - 1 if active >= a else 0)) >> SHIFT for a, e in zip(load, EXP))


def averages(k):
    return struct.unpack('<3I', k.read('avenrun', 12))


def pause(k, tick):
    k.call('grader_sleep_until', tick, patience=8)


def after_sample(k):
    """A moment at which the next sample is nearly five seconds away."""
    pause(k, (k.u32('jiffies') // FREQ + 1) * FREQ + 5)


def samples(k, number, active, what):
    """So many samples, during which so many tasks are active; each must be as computed."""
    base = k.u32('jiffies') // FREQ * FREQ
    for i in range(1, number + 1):
        want = next_load(averages(k), active)
        pause(k, base + i * FREQ - MARGIN)
        before = averages(k)
        pause(k, base + i * FREQ + 5)
        equal(averages(k), want, f'avenrun after sample {i} of {number} with {active} active tasks: {what}')
        check(before != want or before == next_load(before, active), f'avenrun had changed before jiffies was {base + i * FREQ}')


def settle(k, hogs=0, sleepers=0):
    after_sample(k)
    check(k.call('grader_hogs', hogs) & 0xff and k.call('grader_sleepers', sleepers) & 0xff, 'no task can be made')
    pause(k, k.u32('jiffies') + 20)


def must_work(k, rng):
    """That nothing counts as nothing is worth no point alone."""
    hogs = rng.randrange(1, 4)
    settle(k, hogs)
    samples(k, 2, hogs, 'tasks that run')


@claim(2, 'tasks that run or are ready are counted, every five seconds and a tick', fresh=True)
def running(k, rng):
    hogs = rng.randrange(2, 7)
    settle(k, hogs)
    samples(k, rng.randrange(3, 5), hogs, 'tasks that run')


@claim(1, 'an idle machine has no load, and what was fades', fresh=True)
def idle(k, rng):
    must_work(k, rng)
    k.call('grader_end', patience=2)
    after_sample(k)
    samples(k, 5, 0, 'the monitor sleeps interruptibly, and nobody runs')


@claim(2, 'a task that sleeps uninterruptibly counts, and counts once', fresh=True)
def sleeping(k, rng):
    hogs, sleepers = rng.randrange(0, 3), rng.randrange(2, 7)
    settle(k, hogs, sleepers)
    samples(k, 2, hogs + sleepers, f'{sleepers} of them sleep uninterruptibly')
    for _ in range(20):                # woken, and asleep again
        k.call('wake_up_process', k.u32(k.address('grader_task') + 4 * (hogs + rng.randrange(sleepers))))
    after_sample(k)
    samples(k, 2, hogs + sleepers, f'{sleepers} of them have slept, were woken, and sleep again')
    k.call('grader_end', patience=2)
    after_sample(k)
    samples(k, 2, 0, 'all have ended')


@claim(1, 'the clock counts on as before', fresh=True)
def clock(k, rng):
    must_work(k, rng)
    k.call('grader_end', patience=2)
    start, ticks = k.call('sched_clock'), k.u32('jiffies')
    pause(k, ticks + 750)
    took = (k.call('sched_clock') - start) % (1 << 32)
    check(abs(took - 3_000_000_000) < 20_000_000, f'750 ticks took {took / 1e9:.3f} s')


@claim(1, '`loadavg` prints what is in memory')
def command(k, rng):
    must_work(k, rng)
    for _ in range(3):
        values = [rng.randrange(ONE * 40), rng.randrange(ONE), ONE * rng.randrange(1, 9) - rng.randrange(1, 20)]
        rounded = [value + ONE // 200 for value in values]
        want = ' '.join(f'{r >> SHIFT}.{(r & ONE - 1) * 100 >> SHIFT:02}' for r in rounded)
        for _ in range(10):            # or the host was so slow to type that a sample came in between
            after_sample(k)
            k.write('avenrun', struct.pack('<3I', *values))
            lines = k.type('loadavg')
            if list(averages(k)) == values:
                break
        equal(list(lines), [want], 'loadavg')
