"""Grader of exercise 04-3: entries in a line, whose functions say whether they have woken somebody, and who was called when."""

from grading import check, claim, equal

ICOUNT = 6
MOST, PRIOS = 48, 140


class Line:
    """The line as it should be: entries in the order of arrival."""

    def __init__(self, k, rng, n, levels=PRIOS, plain=0):
        self.k, self.rng, self.levels = k, rng, rng.sample(range(PRIOS), min(levels, PRIOS))
        k.call('grader_begin')
        self.names = rng.sample(range(MOST), n + plain)
        self.plain, self.line = set(self.names[n:]), []
        self.prio, self.leaves, self.wakes = {}, {}, {}
        for i in rng.sample(self.names, len(self.names)):
            self.renice(i)
            self.behave(i, True, True)
            self.add(i)

    def add(self, i):
        self.k.call('grader_add', i, i not in self.plain)
        self.line.append(i)

    def renice(self, i, prio=None):
        self.prio[i] = self.rng.choice(self.levels) if prio is None else prio
        self.k.call('grader_prio', i, self.prio[i])

    def behave(self, i, leaves, wakes):
        self.leaves[i], self.wakes[i] = leaves, wakes
        self.k.call('grader_behave', i, leaves, wakes)

    def wake(self, nr):
        """Wake up so many, and compare."""
        plain = sorted(i for i in self.line if i in self.plain)
        want, left = [], nr
        for i in sorted((i for i in self.line if i not in self.plain), key=lambda i: self.prio[i]):    # stable
            want.append(i)
            left -= self.wakes[i]
            if self.wakes[i] and not left:
                break
        levels = ' '.join(f'{i}:{self.prio[i]}' for i in self.line)
        self.k.call('grader_wake', nr)
        got = list(self.k.read('grader_log', self.k.u32('grader_logged')))
        equal(shown(sorted(got[:len(plain)]) + got[len(plain):]), shown(plain + want),
              f'who is called by a wake-up of {nr or "all"}; those in line, with their prio: {levels}')
        equal(self.k.u32('grader_not_locked'), 0, "calls without the queue's lock, or with another mode")
        self.line = [i for i in self.line if i not in plain + want or not self.leaves[i]]


def shown(names):
    return ' '.join(map(str, names)) or 'nobody'


def must_differ(k, rng):
    """The most urgent comes last: no point for the order of arrival."""
    line = Line(k, rng, 3)
    for i, prio in zip(line.line, (120, 119, rng.randrange(100))):
        line.renice(i, prio)
    line.wake(1)


@claim(2, 'the most urgent first, as many as wanted')
def urgent(k, rng):
    must_differ(k, rng)
    for _ in range(4):
        line = Line(k, rng, rng.randrange(6, 20))
        while line.line:
            line.wake(rng.choice([1, 1, 2, 3]))
        line.wake(1)
    line = Line(k, rng, 12)
    line.wake(0)


@claim(1, 'among equals who came first, and what counts is the prio at the wake-up')
def equals(k, rng):
    must_differ(k, rng)
    for _ in range(3):
        line = Line(k, rng, rng.randrange(8, 16), levels=3)
        while line.line:
            for i in rng.sample(line.line, len(line.line) // 2):
                line.renice(i)
            line.wake(rng.choice([1, 2]))


@claim(2, 'who says false does not count, who stays in line is not called twice, and keeps its place')
def stay(k, rng):
    must_differ(k, rng)
    for _ in range(3):
        line = Line(k, rng, rng.randrange(5, 12), levels=3)
        for _ in range(8):
            for i in line.line:
                line.behave(i, rng.random() < 0.2, rng.random() < 0.5)
                if rng.random() < 0.5:
                    line.renice(i)
            for i in rng.sample(line.names, len(line.names)):
                if i not in line.line and rng.random() < 0.5:
                    line.add(i)
            line.wake(rng.choice([0, 1, 1, 2, 3]))


@claim(1, 'the non-exclusive ones are all called, and before the others')
def plain(k, rng):
    must_differ(k, rng)
    for _ in range(3):
        line = Line(k, rng, 6, plain=rng.randrange(1, 6))
        for i in line.plain:
            line.behave(i, rng.random() < 0.5, rng.random() < 0.5)
        line.wake(rng.choice([1, 2]))
        line.wake(rng.choice([0, 1, 2]))


@claim(1, 'with tasks that sleep, and are reniced in their sleep', fresh=True)
def tasks(k, rng):
    k.call('grader_begin')
    number = rng.randrange(4, 8)
    for i in range(number):
        check(k.call('grader_thread', i) & 0xff, 'no thread can be made')
    nices = rng.sample(range(-20, 20), number)
    if nices == sorted(nices):
        nices.reverse()
    for i, nice in enumerate(nices):
        k.call('grader_nice', i, rng.randrange(-20, 20))
        k.call('grader_nice', i, nice)
    for _ in range(number):
        k.call('grader_let_go', 1)
    equal(shown(k.read('grader_log', k.u32('grader_logged'))), shown(sorted(range(number), key=lambda i: nices[i])),
          f'the order in which tasks with nice values {shown(nices)} may go')
