"""Grader of exercise 03-6: puppets open handles of each other, end, are buried, and their numbers given out again."""

from grading import check, claim, equal
from puppets import THREAD, WALL, WNOHANG, Puppets

ESRCH, EBADF, EAGAIN, EINVAL, EMFILE = -3, -9, -11, -22, -24
RESERVED, HANDLES = 300, 64


def call(k, function, *arguments):
    return k.call(function, *arguments, signed=True)


def opened(k, pid):
    fd = call(k, 'pidfd_open', pid)
    check(0 <= fd < HANDLES, f'pidfd_open({pid}) returned {fd}')
    return fd


def begin(puppet, fd, options=0):
    """Have it wait; what it got, or None while it sleeps."""
    result = puppet.call('pidfd_wait', fd, puppet.order + 24, options)
    return None if result is None else (result, puppet.status)


def got(puppet):
    return None if puppet.result is None else (puppet.result, puppet.status)


def now(k, fd):
    """pidfd_wait with WNOHANG: the status, or the error."""
    status = bytearray(4)
    result = call(k, 'pidfd_wait', fd, status, WNOHANG)
    return result or int.from_bytes(status, 'little')


@claim(2, 'who is no relative waits for an end, as many as want to, and the parent still gets its zombie', fresh=True)
def strangers(k, rng):
    p = Puppets(k)
    parent, *others = (p.new() for _ in range(4))
    child, code = parent.fork(), rng.randrange(1, 256)
    handles = [opened(k, child.pid) for _ in range(2)]
    for other in others:
        equal(begin(other, rng.choice(handles)), None, 'pidfd_wait() for a process that lives')
    equal(tuple(now(k, fd) for fd in handles), (EAGAIN, EAGAIN), 'the same with WNOHANG')
    k.call('wake_up_process', others[0].task)
    p.turns()
    equal(got(others[0]), None, 'pidfd_wait(), after somebody had called wake_up_process()')
    child.exit(code)
    equal(tuple(got(other) for other in others), ((0, code << 8),) * 3, 'pidfd_wait() of three, after the end')
    equal(now(k, handles[0]), code << 8, 'pidfd_wait() of a zombie')
    equal(parent.wait(child.pid), (child.pid, code << 8), "the parent's wait4")


@claim(2, 'a handle means the process that it was opened for, whoever has its number now', fresh=True)
def reused(k, rng):
    p = Puppets(k)
    parent = p.new()
    equal(call(k, 'set_pid_max', RESERVED + 8), 0, 'set_pid_max()')
    k.call('grader_spend', RESERVED - 1)
    old = parent.fork()
    fd, code = opened(k, old.pid), rng.randrange(1, 256)
    old.exit(code)
    parent.wait(old.pid)
    equal(call(k, 'pidfd_open', old.pid), ESRCH, 'pidfd_open() of a number that nobody has')
    heir = None
    for _ in range(20):
        heir = parent.fork()
        if heir.pid == old.pid:
            break
    equal(heir.pid, old.pid, 'the number is not given out again, although the process was buried')
    other = opened(k, heir.pid)
    equal((now(k, fd), now(k, other)), (code << 8, EAGAIN), 'what the two handles say')
    heir.crash()
    equal((now(k, fd), now(k, other)), (code << 8, 11), 'what they say after the end of the second')


@claim(2, 'a process has ended when its last thread has', fresh=True)
def threads(k, rng):
    for last in rng.sample(('leader', 'thread', 'late'), 3):
        p = Puppets(k)
        p.count = {'leader': 0, 'thread': 10, 'late': 20}[last]
        parent, other = p.new(), p.new()
        leader = parent.fork()
        thread, second = leader.fork(THREAD), leader.fork(THREAD)
        fd = opened(k, leader.pid)
        equal(call(k, 'pidfd_open', thread.pid), EINVAL, 'pidfd_open() of a thread that leads no group')
        equal(begin(other, fd), None, 'pidfd_wait()')
        order = [thread, second, leader] if last == 'leader' else [leader, second, thread]
        codes = {puppet.number: rng.randrange(1, 256) for puppet in order}
        for puppet in order[:-1]:
            puppet.exit(codes[puppet.number])
            equal((got(other), now(k, fd)), (None, EAGAIN), 'pidfd_wait(), and with WNOHANG, while a thread lives')
        if last == 'late':
            equal(parent.wait(leader.pid), None, "the parent's wait4, while a thread lives")
        order[-1].exit(codes[order[-1].number])
        p.turns()
        equal(got(other), (0, codes[leader.number] << 8), 'pidfd_wait(), after the last thread has exited')
        if last != 'late':
            parent.wait(leader.pid)
        equal(now(k, fd), codes[leader.number] << 8, 'the same with WNOHANG, after the burial')


@claim(1, 'who waits does not mind that the handle is closed, and used for another', fresh=True)
def closed(k, rng):
    p = Puppets(k)
    one, two, other = p.new(), p.new(), p.new()
    fd, code = opened(k, one.pid), rng.randrange(1, 256)
    usage = one.task + p.offset('usage')
    equal(begin(other, fd), None, 'pidfd_wait()')
    equal(call(k, 'pidfd_close', fd), 0, 'pidfd_close()')
    check(k.u32(usage) > k.u32(two.task + p.offset('usage')), 'who waits with a closed handle has no reference to the descriptor')
    equal(opened(k, two.pid), fd, 'the lowest free handle')
    two.exit(code ^ 1)
    equal((got(other), now(k, fd)), (None, (code ^ 1) << 8), 'pidfd_wait() for the first, and WNOHANG for the second')
    one.exit(code)
    equal(call(k, 'kernel_wait4', one.pid, 0, WALL), one.pid, 'wait4')
    p.turns()
    equal(got(other), (0, code << 8), 'pidfd_wait() for the first, after its end')


@claim(2, 'the descriptor lives as long as it is needed, and no longer', fresh=True)
def lifetime(k, rng):
    p = Puppets(k)
    parent, other = p.new(), p.new()

    def cycle(wait, close_first):
        child = parent.fork()
        task, pid = child.task, child.pid
        fds = [opened(k, pid) for _ in range(rng.randrange(1, 4))]
        if wait:
            begin(other, fds[0])
        if close_first:
            for fd in fds:
                call(k, 'pidfd_close', fd)
        child.exit(1)
        parent.wait(pid)
        p.turns()
        equal(k.call('pids_in_use'), numbers, 'numbers in use after the burial')
        if not close_first:
            equal(k.u32(task + p.offset('pid')), pid, 'the number in the descriptor, while a handle is open')
            check(k.u32(task + p.offset('usage')) >= 1, 'nobody has a reference to the descriptor, while a handle is open')
            for fd in fds:
                equal(call(k, 'pidfd_close', fd), 0, 'pidfd_close()')
        if wait:
            equal(got(other), (0, 1 << 8), 'pidfd_wait()')
        p.count -= 1

    numbers = k.call('pids_in_use')
    cycle(False, False)
    before = k.call('nr_free_pages')
    for _ in range(2):
        for wait, close_first in ((False, False), (True, False), (True, True), (False, True)):
            cycle(wait, close_first)
            equal(k.call('nr_free_pages'), before, f'free pages after a round{", with a task that waited" if wait else ""}')


@claim(1, "it works for threads of the kernel's, which leave no zombie", fresh=True)
def kthreads(k, rng):
    p = Puppets(k)
    other = p.new()
    thread = k.call('grader_kthread')
    fd = opened(k, k.u32(thread + p.offset('pid')))
    equal(begin(other, fd), None, 'pidfd_wait()')
    k.call('kthread_stop', thread)
    p.turns()
    equal((got(other), now(k, fd)), ((0, 0), 0), 'pidfd_wait(), after its end')
    equal(call(k, 'pidfd_close', fd), 0, 'pidfd_close()')


@claim(2, 'the lowest free handle, and the errors', fresh=True)
def errors(k, rng):
    p = Puppets(k)
    pid = p.new().pid
    equal([str(call(k, 'pidfd_open', pid)) for _ in range(HANDLES)], [str(fd) for fd in range(HANDLES)], 'pidfd_open(), 64 times')
    equal(call(k, 'pidfd_open', pid), EMFILE, 'pidfd_open() with all handles in use')
    equal(call(k, 'pidfd_open', 30000), ESRCH, 'pidfd_open() of a number that nobody has')
    equal(call(k, 'pidfd_open', 0), EINVAL, 'pidfd_open() of PID 0')
    low, high = sorted(rng.sample(range(HANDLES), 2))
    equal(tuple(call(k, 'pidfd_close', fd) for fd in (high, low, low)), (0, 0, EBADF), 'pidfd_close()')
    equal(call(k, 'pidfd_wait', high, 0, WNOHANG), EBADF, 'pidfd_wait() with a handle that was closed')
    equal(tuple(call(k, 'pidfd_open', pid) for _ in range(3)), (low, high, EMFILE), 'pidfd_open() after two were closed')
    for bad in (-1, HANDLES, HANDLES + rng.randrange(1, 1 << 20), -(1 << 31)):
        equal((call(k, 'pidfd_wait', bad, 0, WNOHANG), call(k, 'pidfd_close', bad)), (EBADF, EBADF), f'handle {bad}')
    equal(call(k, 'pidfd_wait', low, 0, WNOHANG), EAGAIN, 'pidfd_wait() with WNOHANG, status NULL')
    equal(call(k, 'pidfd_wait', low, 0, rng.choice((2, 4, WALL))), EINVAL, 'pidfd_wait() with an option that there is not')
