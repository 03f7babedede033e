"""Grader of exercise 03-2: alloc_pid and free_pid are called in many orders, and a model says what must come out."""

from grading import check, claim, equal

RESERVED, REST, EAGAIN, LIMIT = 300, 32, -11, 32768


class Model:
    """What the text asks for. It begins with a ring that is known, and asks the kernel's map which numbers tasks have."""

    def __init__(self, k, rng, most, low=0):
        self.k, self.most, self.ring, self.mine = k, most, [], []
        k.call('grader_spend', RESERVED - 1 - low)      # so many of the ring's are not given out after a wrap
        taken = [k.call('alloc_pid', signed=True) for _ in range(REST)]
        check(min(taken) > 0, f'alloc_pid() returned {min(taken)}, though few numbers are in use')
        self.last = taken[-1]
        while next((pid for pid in taken if RESERVED <= pid < most), 0) == RESERVED:
            rng.shuffle(taken)
        for pid in taken:
            k.call('free_pid', pid)
            self.ring.append(pid)
        equal(k.call('set_pid_max', most), 0, f'set_pid_max({most})')
        self.go_round(rng)

    def go_round(self, rng):
        """To the last number, and one more: with the chapter's functions it would be another."""
        while self.last + 1 < self.most:
            self.alloc()
        self.alloc()
        for pid in rng.sample(self.mine, len(self.mine)):
            self.free(pid)

    def in_use(self):
        """Numbers in use, out of the bits of the chapter's map."""
        data = self.k.read('pidmap', self.most // 8 + 1)
        return {pid for pid in range(self.most) if data[pid // 8] >> pid % 8 & 1}

    def next(self):
        busy = self.in_use() | set(self.ring)
        for first in (self.last + 1, RESERVED):
            for pid in range(first, self.most):
                if pid not in busy:
                    return pid
        return next((pid for pid in self.ring if RESERVED <= pid < self.most), EAGAIN)

    def alloc(self):
        want = self.next()
        equal(self.k.call('alloc_pid', signed=True), want, f'alloc_pid() after {self.last}, when below {self.most} these rest, the '
              f'longest first: {self.ring}')
        if want != EAGAIN:
            self.last = want
            self.mine.append(want)
            self.ring = [0 if pid == want else pid for pid in self.ring]
        return want

    def free(self, pid):
        self.k.call('free_pid', pid)
        self.mine.remove(pid)
        self.ring = (self.ring + [pid])[-REST:]

    def end(self):
        for pid in list(self.mine):
            self.free(pid)
        self.k.call('set_pid_max', LIMIT)


@claim(2, 'a number that was given back rests until 32 others have been', fresh=True)
def rest(k, rng):
    model = Model(k, rng, RESERVED + rng.randrange(38, 46))
    for _ in range(9):
        batch = [model.alloc() for _ in range(rng.randrange(6, 11))]
        for pid in rng.sample(batch, len(batch)):
            model.free(pid)
    model.end()


@claim(2, 'in any order, and with many in use', fresh=True)
def any_order(k, rng):
    model = Model(k, rng, RESERVED + rng.randrange(50, 60))
    for _ in range(120):
        if model.mine and (len(model.mine) > 22 or rng.random() < 0.4):
            model.free(rng.choice(model.mine))
        else:
            model.alloc()
    model.end()


@claim(1, 'when all that are free rest, the one that has rested longest is given out, and then none', fresh=True)
def short(k, rng):
    model = Model(k, rng, RESERVED + rng.randrange(12, 25), low=16)
    for _ in range(2):
        while model.alloc() != EAGAIN:
            pass
        for pid in rng.sample(model.mine, 10):
            model.free(pid)
        for _ in range(3):
            model.free(model.alloc())
    model.end()


@claim(1, 'a number that rests is not in use, but it is not given out either', fresh=True)
def not_in_use(k, rng):
    model = Model(k, rng, RESERVED + 70)
    before = k.call('pids_in_use')
    batch = [model.alloc() for _ in range(30)]
    equal(k.call('pids_in_use'), before + len(batch), 'numbers in use')
    for pid in rng.sample(batch, len(batch)):
        model.free(pid)
    equal(k.call('pids_in_use'), before, 'numbers in use, after they were given back')
    while len(model.mine) < 40:
        model.alloc()
    check(len(set(model.mine)) == len(model.mine), 'a number was given out twice')
    model.end()
