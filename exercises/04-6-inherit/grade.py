"""Grader of exercise 04-6: tasks take and release locks as the host says, and after each step every prio is compared with the rule."""

from grading import check, claim, equal

ICOUNT = 6
NORMAL, FIFO = 0, 1
PUPPET = 12                            # bytes


class Model:
    """Who owns what, who waits for what, and the prio that follows."""

    def __init__(self, k, rng, n, locks):
        self.k, self.rng = k, rng
        self.offset = k.constant('(int)&((struct task_struct *)0)->prio')
        self.lock = k.constant('sizeof(struct rt_mutex)'), k.constant('(int)&((struct rt_mutex *)0)->owner')
        self.owner, self.queue = dict.fromkeys(range(locks)), {i: [] for i in range(locks)}
        check(k.call('grader_make', n, patience=2) & 0xff, 'no thread can be made')
        self.task = [k.u32(k.address('grader_puppets') + PUPPET * i + 8) for i in range(n)]
        self.own = [None] * n
        for i in range(n):
            self.policy(i, *((FIFO, rng.randrange(1, 90)) if rng.random() < 0.6 else (NORMAL, rng.randrange(-20, 20))))

    def policy(self, i, policy, value):
        self.own[i] = 99 - value if policy == FIFO else 120 + value
        self.k.call('grader_policy', i, policy, value)

    def blocked_on(self, i):
        return next((lock for lock, queue in self.queue.items() if i in queue), None)

    def owned(self, i):
        return [lock for lock, owner in self.owner.items() if owner == i]

    def prio(self, i):
        return min([self.own[i]] + [self.prio(w) for lock in self.owned(i) for w in self.queue[lock]])

    def chain(self, lock):
        """Everybody that would wait with who waits for this lock."""
        found = []
        while lock is not None and self.owner[lock] is not None:
            found.append(self.owner[lock])
            lock = self.blocked_on(found[-1])
        return found

    def take(self, i, lock):
        if self.owner[lock] is None:
            self.owner[lock] = i
        else:
            self.queue[lock].append(i)
        self.step(i, 'lock', lock)

    def release(self, lock):
        i, queue = self.owner[lock], self.queue[lock]
        heir = min(queue, key=self.prio) if queue else None        # the first of equals
        self.owner[lock] = heir
        if queue:
            queue.remove(heir)
        self.step(i, 'unlock', lock)

    def step(self, i, verb, lock):
        self.k.call('grader_order', i, self.k.address(f'grader_{verb}'), lock, patience=2)
        self.compare(f'task {i} has called {verb} for lock {lock}; own prios: {" ".join(map(str, self.own))}')

    def compare(self, what):
        names = {task: i for i, task in enumerate(self.task)} | {0: None}
        size, offset = self.lock
        owners = [names.get(self.k.u32(self.k.address('grader_locks') + size * i + offset), 'a stranger')
                  for i in range(len(self.owner))]
        equal(tuple(owners), tuple(self.owner.values()), f'owners of the locks when {what}')
        equal(tuple(self.k.u32(task + self.offset) for task in self.task),
              tuple(self.prio(i) for i in range(len(self.task))), f'prios of the tasks when {what}, which wait for: {self.waits()}')

    def waits(self):
        return ', '.join(f'{i} for {lock} of {self.owner[lock]}' for lock, queue in self.queue.items() for i in queue) or 'nothing'

    def free(self, i):
        """Does it not wait?"""
        return self.blocked_on(i) is None

    def walk(self, steps, most_owned=9, chains=True):
        """Steps that may be taken, at random; in the end all is given back."""
        rng = self.rng
        for _ in range(steps):
            i = rng.choice([i for i in range(len(self.task)) if self.free(i)])
            owned = self.owned(i)
            wanted = [lock for lock in self.owner if len(owned) < most_owned and i not in self.chain(lock)
                      and (chains or not owned or self.owner[lock] is None)]
            if wanted and (not owned or rng.random() < 0.7):
                self.take(i, rng.choice(wanted))
            elif owned:
                self.release(rng.choice(owned))
        while any(owner is not None for owner in self.owner.values()):
            self.release(rng.choice([lock for lock, owner in self.owner.items() if owner is not None and self.free(owner)]))

    def must_lend(self):
        """One owner, one waiter: what every claim needs."""
        self.policy(0, NORMAL, 5)
        self.policy(1, FIFO, self.rng.randrange(1, 90))
        self.take(0, 0)
        self.take(1, 0)
        self.release(0)
        self.release(0)


@claim(2, 'the high one does not wait for the middle one', fresh=True)
def inversion(k, rng):
    model = Model(k, rng, 3, 1)
    for _ in range(2):
        for i, value in enumerate(sorted(rng.sample(range(1, 90), 3))):
            model.policy(i, *((NORMAL, rng.randrange(-20, 20)) if not i and rng.random() < 0.5 else (FIFO, value)))
        low, middle = rng.randrange(20, 40), rng.randrange(200, 400)
        k.call('grader_inversion', low, middle, patience=3)
        waited = k.u32('grader_waited') / 1000
        check(2 < waited < low + 20, f'the low one works {low} ms under the lock, the middle one {middle} ms without: '
              f'the high one waited {waited} ms for the lock')
    model.compare('all is over')


@claim(2, 'one lock: its owner runs as the best that waits, and the best is the next', fresh=True)
def one_lock(k, rng):
    model = Model(k, rng, 7, 1)
    model.must_lend()
    for _ in range(2):
        for i in rng.sample(range(7), 7):
            model.take(i, 0)
        while model.owner[0] is not None:
            model.release(0)
    for i in range(7):
        model.policy(i, FIFO, rng.choice([20, 30]))
    model.walk(20, chains=False)


@claim(2, 'several locks: each takes back what it has lent, in any order', fresh=True)
def several(k, rng):
    model = Model(k, rng, 7, 4)
    model.must_lend()
    for _ in range(3):
        for lock in range(4):
            model.take(0, lock)
        for i in rng.sample(range(1, 7), 6):
            model.take(i, rng.randrange(4))
        for lock in rng.sample(range(4), 4):
            model.release(lock)
        model.walk(0)


@claim(3, 'chains: who waits passes on what it is lent', fresh=True)
def chains(k, rng):
    model = Model(k, rng, 8, 7)
    model.must_lend()
    for i in range(7):                 # each waits for the one before
        model.take(i, i)
    for i in rng.sample(range(1, 7), 6):
        model.take(i, i - 1)
    model.policy(7, FIFO, 95)
    model.take(7, 6)
    model.walk(0)
    model.walk(60)


@claim(1, 'a child gets nothing of what its parent was lent', fresh=True)
def children(k, rng):
    model = Model(k, rng, 3, 2)
    model.must_lend()
    nice = rng.randrange(-20, 20)
    model.policy(0, NORMAL, nice)
    model.policy(1, FIFO, rng.randrange(1, 90))
    model.take(0, 0)
    model.take(1, 0)
    k.call('grader_order', 0, k.address('grader_fork'), 0)
    k.call('grader_rest', 10)
    child = k.u32('grader_child')
    check(child, 'the child has not run')
    equal(k.u32(child + model.offset), 120 + nice, f'prio of a child whose parent has the nice value {nice} and is lent')
    at = k.u32(child + k.constant('(int)&((struct task_struct *)0)->sched_class'))
    equal(k.string(k.u32(at)), 'fair', 'its class')
    model.walk(0)
    equal(k.u32(child + model.offset), 120 + nice, f'the same, later')


@claim(1, 'a wake-up for no reason gives nobody the lock', fresh=True)
def spurious(k, rng):
    model = Model(k, rng, 5, 2)
    model.must_lend()
    for i in range(5):
        model.take(i, 0)
    for _ in range(8):
        k.call('wake_up_process', rng.choice(model.task[1:]))
        k.call('grader_rest', 4)
        model.compare('somebody who waits was woken for no reason')
    model.walk(0)
