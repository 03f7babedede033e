"""Grader of exercise 03-5: threads that count are parked and unparked; who counts on?"""

import re

from grading import check, claim, equal

PARKED, EBUSY, EINTR = 0x40, -16, -4


def call(k, function, *arguments):
    return k.call(function, *arguments, signed=True)


class Thread:
    def __init__(self, k, n, sleepy=False, awake=True):
        self.k, self.n = k, n
        k.address('kthread_park')                      # or it is missing
        k.write(f'grader_sleepy+{n}', bytes([sleepy]))
        k.write(f'grader_deaf+{n}', b'\0')
        self.task = k.call('grader_create', n)
        self.state_at = k.constant('(int)&((struct task_struct *)0)->state')
        if awake:
            k.call('wake_up_process', self.task)
            k.call('grader_turns', 4)

    def turns(self, count=6):
        self.k.call('grader_turns', count)

    @property
    def count(self):
        return self.k.u32(f'grader_counts+{4 * self.n}')

    @property
    def state(self):
        return self.k.u32(self.task + self.state_at)

    def runs(self):
        """Does it make rounds? It is woken once, in case it sleeps in each."""
        before = self.count
        call(self.k, 'wake_up_process', self.task)
        self.turns()
        return self.count > before

    def park(self):
        equal(call(self.k, 'kthread_park', self.task), 0, 'kthread_park()')
        equal(self.state, PARKED, 'the state of a parked thread')

    def unpark(self):
        self.k.call('kthread_unpark', self.task)
        self.turns()

    def stop(self):
        return call(self.k, 'kthread_stop', self.task)


@claim(2, 'a parked thread makes no step, and goes on when it is unparked; again and again', fresh=True)
def again(k, rng):
    for n in range(2):
        thread = Thread(k, n, sleepy=bool(n))
        for _ in range(rng.randrange(3, 6)):
            thread.park()
            check(not thread.runs(), 'a parked thread has counted')
            thread.unpark()
            check(thread.runs(), 'an unparked thread does not count')
        thread.stop()


@claim(2, 'who parks it waits until it has parked, each time', fresh=True)
def waits(k, rng):
    thread = Thread(k, 0)
    for _ in range(3):
        k.write('grader_deaf+0', b'\1')                # it does not look for a while
        k.call('grader_parker', thread.task)
        thread.turns(rng.randrange(5, 25))
        equal(k.u32('grader_result'), 1, 'kthread_park() has returned before the thread called kthread_parkme()')
        check(thread.runs(), 'a thread that was asked to park, and did not look, does not run')
        k.write('grader_deaf+0', b'\0')
        thread.turns()
        equal((k.u32('grader_result'), thread.state), (0, PARKED), 'kthread_park(), and the state afterwards')
        thread.unpark()
    equal(k.u32('grader_parks'), 3, 'how often kthread_should_park() was true and kthread_parkme() called')
    thread.stop()


@claim(1, 'nothing else wakes it, and ps shows it', fresh=True)
def states(k, rng):
    n = rng.randrange(1, 8)
    thread = Thread(k, n, sleepy=rng.random() < 0.5)
    thread.park()
    for _ in range(3):
        equal(call(k, 'wake_up_process', thread.task) & 0xff, 0, 'wake_up_process() of a parked thread')
        thread.turns()
        equal(thread.state, PARKED, 'its state afterwards')
    found = re.search(rf'(\S) +\d+ {thread.task:08x} work/{n}$', k.type('ps').text, re.M)
    equal(found and found[1], 'P', 'the letter in ps')
    thread.unpark()
    found = re.search(rf'(\S) +\d+ {thread.task:08x} work/{n}$', k.type('ps').text, re.M)
    check(found and found[1] in 'RS', f'after kthread_unpark(), ps shows {found and found[1]}')


@claim(1, 'who has been asked is busy; who has not been asked is left alone', fresh=True)
def busy(k, rng):
    threads = [Thread(k, n, sleepy=rng.random() < 0.5) for n in range(3)]
    one, two, three = rng.sample(threads, 3)
    one.park()
    equal(call(k, 'kthread_park', one.task), EBUSY, 'kthread_park() of a parked thread')
    equal(one.state, PARKED, 'its state afterwards')
    two.unpark()
    check(two.runs() and three.runs(), 'a thread that nobody has asked to park does not run')
    two.park()
    one.unpark()
    check(one.runs() and not two.runs(), 'the wrong thread was unparked')
    two.unpark()
    check(two.runs(), 'the second thread does not run after kthread_unpark()')


@claim(2, 'a parked thread can be stopped, and its function returns', fresh=True)
def stopped(k, rng):
    n = rng.randrange(8)
    thread = Thread(k, n, sleepy=rng.random() < 0.5)
    before = None
    for _ in range(3):
        thread.park()
        equal(thread.stop(), 100 + n, 'kthread_stop() of a parked thread')
        equal(k.u32(f'grader_parks+{4 * n}'), 1, 'calls of kthread_parkme()')
        thread.turns()
        pages = k.call('nr_free_pages'), k.call('pids_in_use')
        equal(pages, before or pages, 'free pages and numbers in use, after a thread is gone')
        before = pages
        thread = Thread(k, n, sleepy=rng.random() < 0.5)


@claim(1, 'a thread that has not begun parks before its first step', fresh=True)
def early(k, rng):
    one, two = Thread(k, 0, awake=False), Thread(k, 1, awake=False)
    one.park()
    two.park()
    check(not one.runs(), 'it has counted')
    one.unpark()
    check(one.runs(), 'it does not count after kthread_unpark()')
    equal(two.stop(), EINTR, 'kthread_stop() of one that never began')
    equal((two.count, one.stop()), (0, 100), 'what it counted; kthread_stop() of the other')
