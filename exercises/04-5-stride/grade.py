"""Grader of exercise 04-5: hogs of random nice values run for a while of the machine's time; the host knows the weights and what follows from them."""

from grading import check, claim, equal

ICOUNT = 5                             # a second of the machine's time takes a fraction of one
TICK = 4_000_000
WEIGHT = dict(zip(range(-20, 20), (
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586,
    1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23, 18, 15)))


def u64(k, where):
    return int.from_bytes(k.read(where, 8), 'little')


def ran(k, i):
    size = k.constant('sizeof(struct hog)')
    return u64(k, k.address('grader_hog') + i * size + k.constant('(int)&((struct hog *)0)->ran'))


def in_force(k):
    """The class that the word on the command line has put in the fair one's place; or the fair one's shares, which are exact, too, would do."""
    name = k.u32(k.u32('normal_sched_class') + k.constant('(int)&((struct sched_class *)0)->name'))
    equal(k.string(name), 'stride', 'the name of normal_sched_class, with `stride` on the command line')


def start(k, nices):
    in_force(k)
    k.write('grader_nice', bytes(n & 0xff for n in nices))
    check(k.call('grader_start', len(nices)) & 0xff, 'the hogs cannot be made')


def shares(k, nices, ms):
    """Time of each hog, ns, after they have run together."""
    start(k, nices)
    k.call('grader_pause', ms, patience=8)
    k.call('grader_stop', len(nices), patience=4)
    return [ran(k, i) for i in range(len(nices))]


def compare(times, nices, quanta):
    """Each must have had its part, but for so many quanta."""
    total, weights = sum(times), [WEIGHT[n] for n in nices]
    for i, (got, weight) in enumerate(zip(times, weights)):
        want = total * weight / sum(weights)
        check(abs(got - want) <= quanta * TICK,
              f'hogs of nice {nices}: number {i} had {got / 1e6:.1f} ms of {total / 1e6:.1f}, and {want / 1e6:.1f} are its part')


def two(rng):
    a = rng.randrange(-5, 4)
    return [a, a + rng.randrange(3, 8)]


@claim(2, 'two tasks share as their tickets say, exactly', fresh=True, boot='stride')
def pair(k, rng):
    nices = two(rng)
    compare(shares(k, nices, 1600), nices, 2.5)


@claim(2, 'several do, too', fresh=True, boot='stride')
def many(k, rng):
    nices = [rng.randrange(-3, 6) for _ in range(rng.randrange(4, 8))]
    nices[0], nices[1] = -3, 5
    compare(shares(k, nices, 3000), nices, 3.5)


@claim(2, 'a task that has slept for long does not make up for it', fresh=True, boot='stride')
def sleeper(k, rng):
    nices = two(rng)
    rest, work = rng.randrange(600, 900), rng.randrange(300, 500)
    check(k.call('grader_late', nices[1], rest, work) & 0xff, 'no task can be made')
    start(k, nices[:1])
    k.call('grader_pause', rest + work + 60, patience=8)
    k.call('grader_stop', 1, patience=4)
    got = u64(k, 'grader_late_ran')
    part = work * 1e6 * WEIGHT[nices[1]] / (WEIGHT[nices[0]] + WEIGHT[nices[1]])
    check(abs(got - part) <= 3.5 * TICK, f'after {rest} ms asleep, nice {nices[1]} against {nices[0]} had {got / 1e6:.1f} of {work} ms, and its part is {part / 1e6:.1f}')


@claim(2, 'who never stays for a tick pays all the same', fresh=True, boot='stride')
def brief(k, rng):
    nice, poor, ms = rng.randrange(-2, 1), rng.randrange(9, 13), 2000
    check(k.call('grader_brief', poor) & 0xff, 'no task can be made')
    start(k, [nice])
    k.call('grader_pause', ms, patience=8)
    k.call('grader_stop', 1, patience=4)
    k.call('grader_odd_ends', patience=4)
    share = ran(k, 0) / (ms * 1e6)
    check(share >= .7, f'a hog of nice {nice} had only {100 * share:.0f} % beside a task of nice {poor} that leaves before each tick')
    nices = two(rng)
    compare(shares(k, nices, 800), nices, 2.5)


@claim(2, 'a new nice value holds from the next charge on, and real-time tasks do not care', fresh=True, boot='stride')
def renice(k, rng):
    nices = two(rng)
    start(k, nices)
    k.call('grader_pause', 400, patience=4)
    size, offset = k.constant('sizeof(struct hog)'), k.constant('(int)&((struct hog *)0)->task')
    tasks = [k.u32(k.address('grader_hog') + i * size + offset) for i in range(2)]
    runtime = k.constant('(int)&((struct task_struct *)0)->se.sum_exec_runtime')
    for task, nice in zip(tasks, reversed(nices)):
        k.call('set_user_nice', task, nice)
    k.call('grader_pause', 40, patience=4)
    before = [u64(k, task + runtime) for task in tasks]
    k.call('grader_pause', 1600, patience=8)
    after = [u64(k, task + runtime) for task in tasks]
    k.call('grader_stop', 2, patience=4)
    compare([a - b for a, b in zip(after, before)], nices[::-1], 3.5)
