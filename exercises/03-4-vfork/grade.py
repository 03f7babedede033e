"""Grader of exercise 03-4: puppets that make others with CLONE_VFORK; when does kernel_thread return, and what?"""

from grading import check, claim, equal
from puppets import SIGCHLD, THREAD, VFORK, Puppets

UNINTERRUPTIBLE, ECHILD = 2, -10


def state(puppet):
    return puppet.k.u32(puppet.task + puppet.puppets.offset('state'))


def stopped(parent, when):
    check(parent.result is None, f'the parent goes on {when}')
    equal(state(parent), UNINTERRUPTIBLE, f"the parent's state {when}")


def went_on(parent, child, when):
    parent.puppets.turns()
    equal(parent.result, child.pid, f'what the parent got {when}')


def vfork(parent):
    child = parent.fork(SIGCHLD | VFORK)
    check(child.pid, 'the child does not run')
    stopped(parent, 'as soon as the child runs')
    return child


@claim(2, 'the parent goes on when the child releases it, and gets its number', fresh=True)
def released(k, rng):
    p = Puppets(k)
    parent = p.new()
    for _ in range(2):
        child = vfork(parent)
        p.turns(rng.randrange(20, 60))
        stopped(parent, 'though the child has only had some turns')
        child.call('vfork_release')
        went_on(parent, child, 'after vfork_release()')
        child.call('vfork_release')
        check(parent.call('nr_free_pages'), 'the parent does not work any more, after a second vfork_release()')
        child.exit(1)
        equal(parent.wait(child.pid), (child.pid, 1 << 8), 'wait4')


@claim(1, 'or when the child ends, by itself or by an oops', fresh=True)
def ended(k, rng):
    p = Puppets(k)
    parent = p.new()
    for end in ('exit', 'crash', 'exit'):
        child = vfork(parent)
        getattr(child, end)()
        went_on(parent, child, f"after the child's {end}")
        equal((parent.wait(child.pid) or [None])[0], child.pid, 'wait4')


@claim(2, 'nobody else lets it go on: not another child, not a wake-up, not a child of the child', fresh=True)
def nobody_else(k, rng):
    p = Puppets(k)
    parent = p.new()
    other = parent.fork()
    child = vfork(parent)
    grandchild = child.fork()
    check(child.result is not None, 'the child could not make a child of its own')
    things = [('another child has exited', other.exit),
              ('wake_up_process() was called for it', lambda: k.call('wake_up_process', parent.task)),
              ('a grandchild has called vfork_release()', lambda: grandchild.call('vfork_release')),
              ('another child has called vfork_release()', lambda: other.call('vfork_release'))]
    rng.shuffle(things)
    things.sort(key=lambda thing: thing[1] == other.exit)
    for what, do in [*things, ('a grandchild has exited', grandchild.exit)]:
        do()
        p.turns()
        stopped(parent, f'after {what}')
    child.call('vfork_release')
    went_on(parent, child, 'after vfork_release()')


@claim(1, 'a chain of such parents is released link by link', fresh=True)
def chain(k, rng):
    p = Puppets(k)
    links = [p.new()]
    while len(links) < 5:
        links.append(vfork(links[-1]))
    for parent, child in reversed(list(zip(links, links[1:]))):
        for earlier in links[:links.index(parent) + 1]:
            stopped(earlier, 'before its own child has done anything')
        rng.choice([child.exit, child.crash, lambda: child.call('vfork_release')])()
        went_on(parent, child, 'after its child had released it')


@claim(1, 'the number is right though the child was made, ended and was buried meanwhile by a thread', fresh=True)
def buried(k, rng):
    p = Puppets(k)
    parent = p.new()
    thread = parent.fork(THREAD)
    child = vfork(parent)
    thread.begin('kernel_wait4', child.pid, thread.order + 24, 0)
    child.begin('do_exit', 5 << 8)
    p.turns(40)
    equal((thread.result, thread.status), (child.pid, 5 << 8), "the thread's wait4")
    equal(parent.result, child.pid, 'what the parent got')
    equal(parent.wait(child.pid)[0], ECHILD, "the parent's wait4 afterwards")


@claim(1, 'nothing is lost', fresh=True)
def nothing_lost(k, rng):
    p = Puppets(k)
    parent = p.new()
    vfork(parent).exit()
    parent.wait()
    before = k.call('nr_free_pages'), k.call('pids_in_use')
    for _ in range(6):
        child = vfork(parent)
        if rng.random() < 0.5:
            child.call('vfork_release')
        child.exit()
        went_on(parent, child, 'at the end of the child')
        parent.wait(child.pid)
    equal((k.call('nr_free_pages'), k.call('pids_in_use')), before, 'free pages and numbers in use')
