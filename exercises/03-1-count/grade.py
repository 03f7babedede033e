"""Grader of exercise 03-1: puppets live and die; in memory, each process's field is compared with the length of its list."""

from grading import check, claim, equal
from puppets import THREAD, Puppets

MOST = 100                             # entries of a list that closes


def counts(p):
    """Compare all processes; {number: children}."""
    k, found = p.k, {}
    for pid, task in {**p.tasks(), 0: k.address('init_task')}.items():
        head = task + p.offset('children')
        at, length = k.u32(head), 0
        while at != head and length < MOST:
            at, length = k.u32(at), length + 1
        found[pid] = length
        equal(k.u32(task + p.offset('nr_children')), length, f'nr_children of PID {pid}')
    return found


def start(k):
    p = Puppets(k)
    p.offset('nr_children')
    return p


@claim(1, 'who is made begins with no children', fresh=True)
def new(k, rng):
    p = start(k)
    parent = p.new()
    children = [parent.fork() for _ in range(rng.randrange(2, 5))]
    found = counts(p)
    equal([found[parent.pid], found[children[-1].pid]], [len(children), 0], 'children of the first and of its last child')


@claim(1, 'who is waited for is counted no more, a zombie is', fresh=True)
def waited(k, rng):
    p = start(k)
    parent = p.new()
    children = [parent.fork() for _ in range(5)]
    for child in rng.sample(children, 4):
        child.exit()
        counts(p)
        check(parent.wait(child.pid), 'wait4 sleeps, though the child has exited')
        counts(p)
    equal(counts(p)[parent.pid], 1, 'children of a parent whose one child of five is left')


@claim(1, 'a thread is no child', fresh=True)
def threads(k, rng):
    p = start(k)
    parent = p.new()
    leader = parent.fork()
    for _ in range(rng.randrange(1, 4)):
        leader.fork()
        last = leader.fork(THREAD)
    counts(p)
    last.exit()
    equal(counts(p)[parent.pid], 1, 'children of a parent whose child has threads')


@claim(2, 'orphans are counted where they go: a thread of the group, or init', fresh=True)
def orphans(k, rng):
    p = start(k)
    parent = p.new()
    leader = parent.fork()
    thread = leader.fork(THREAD)
    number = rng.randrange(2, 5)
    orphans = [leader.fork() for _ in range(number)]
    rng.choice(orphans).exit()
    before = counts(p)
    leader.exit()
    thread_task = k.u32(orphans[0].task + p.offset('parent'))
    equal(k.u32(thread_task + p.offset('nr_children')), number, 'nr_children of the thread that got them')
    counts(p)
    thread.exit()
    p.turns()
    found = counts(p)
    equal(found[1] - before[1], number - 1, "init's additional children, when those that lived have come to it")


@claim(1, 'threads of the kernel come and go, and kthreadd has none too many', fresh=True)
def kthreads(k, rng):
    p = start(k)
    for _ in range(rng.randrange(2, 5)):
        thread = k.call('grader_kthread')
        check(counts(p)[2] == 1, 'kthreadd does not have one child')
        k.call('kthread_stop', thread)
        p.turns()
        check(counts(p)[2] == 0, 'kthreadd has a child, though its only one has ended')
    counts(p)
