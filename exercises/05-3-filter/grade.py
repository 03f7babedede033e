"""Grader of exercise 05-3: children give up a random set of calls and make them all the same, by both gates."""

from grading import check, claim, equal

ICOUNT = 4
HOST_FILES = ['arch/x86/entry/syscalls/syscall_32.tbl']    # a line for a call
EFAULT, SIGSYS, REFUSED = -14, 31, 99 << 8
NAMES = ('getpid', 'getuid', 'getgid', 'geteuid', 'getegid', 'getppid', 'getuid32', 'getgid32', 'geteuid32', 'getegid32', 'gettid',
         'retval', 'sched_get_priority_max', '300')
CHAPTER = {'int $0x80': 91, 'sysenter': 115}    # instructions of one turn of cost()'s loop without a filter
MORE = 10                              # that may be added


def run(k, words, patience=3):
    """The numbers in the line that begins with the command's name"""
    name = words.split()[0]
    lines = k.type(f'run /tests/grader {words}', patience=patience)
    found = [line for line in lines if line.startswith(name + ' ')]
    check(found, f'`{words}` did not print its result: {lines.text or "nothing"}')
    numbers = found[0].split()[1:]
    check(all(n.lstrip('-').isdigit() for n in numbers), f'`{words}` printed {found[0]}')
    return [int(n) for n in numbers]


def some(rng):
    """A set of the numbers, neither empty nor full"""
    return rng.randrange(1, (1 << len(NAMES)) - 1)


def one_not_in(rng, chosen):
    return rng.choice([i for i in range(len(NAMES)) if not chosen >> i & 1])


def ends(chosen):
    """How a child ends that makes the call, for each of them"""
    return {name: 0 if chosen >> i & 1 else SIGSYS for i, name in enumerate(NAMES)}


def by_gate(k, rng, gate):
    for exact in (1, 0):
        chosen = some(rng)
        statuses = run(k, f'gates {gate} {chosen:x} {exact}')
        check(REFUSED not in statuses, 'the filter was refused')
        equal(dict(zip(NAMES, statuses)), ends(chosen), 'how a child ends (0: the call answered as without a filter; 31: SIGSYS)')
        equal(statuses[-3:], [SIGSYS] * 3, 'how a child ends that makes call 512, 4096, -1')


@claim(2, 'int $0x80: allowed calls answer as ever, the others end the program')
def int80(k, rng):
    by_gate(k, rng, 0)


@claim(1, 'and by sysenter')
def sysenter(k, rng):
    by_gate(k, rng, 1)


@claim(1, 'a forbidden call has no effect')
def effects(k, rng):
    statuses = run(k, 'effects')
    equal(statuses, [SIGSYS] * 2, 'how the two children end')
    check('it is written' not in k.text[k.mark:], 'what a child was not allowed to write, or its own child, is on the console')


@claim(2, 'a second filter takes away, and does not give back')
def narrow(k, rng):
    first, second = some(rng), some(rng)
    *ended, once, twice = run(k, f'narrow {first:x} {second:x}')
    equal(dict(zip(NAMES, ended)), ends(first & second), 'how a child ends that makes the call (0: as if it were allowed; 31: SIGSYS)')
    equal((once, twice), (0, SIGSYS), 'how a child ends whose filter forbids call 509: without a second filter, with one')


@claim(2, 'fork, vfork, execve and clone keep it, and nobody else gets it')
def inherit(k, rng):
    chosen = some(rng)
    statuses = run(k, f'inherit {chosen:x} {one_not_in(rng, chosen)}')
    names = ('fork', 'vfork', 'exec', 'thread')
    equal(dict(zip(names, statuses)), dict(fork=SIGSYS << 8, vfork=SIGSYS << 8, exec=SIGSYS, thread=SIGSYS), 'status by which way the next task was made')
    equal(statuses[4:], [0], 'the answer to a thread that gives up a call, which another thread makes later')


@claim(1, 'words that cannot be read change nothing')
def unreadable(k, rng):
    chosen = some(rng)
    *results, before, good, after = run(k, f'unreadable {chosen:x} {one_not_in(rng, chosen)} {rng.randrange(1, 64)}')
    equal(results, [EFAULT] * 5, 'results for NULL, the kernel, the end of user memory, -4, some bytes before a hole')
    equal((before, good, after), (0, 0, SIGSYS), 'status of a call then; result of a filter; status after it')


@claim(1, 'who has no filter pays ten instructions at most')
def cost(k, rng):
    chosen, times = some(rng), rng.randrange(3000, 6000)
    status, *ns = run(k, f'cost {chosen:x} {one_not_in(rng, chosen)} {times}')
    equal(status, SIGSYS, 'how a child with a filter ends')
    for (gate, base), took in zip(CHAPTER.items(), ns):
        each = took / (1 << ICOUNT) / times
        check(each <= base + MORE, f'a loop with getppid() by {gate} takes {each:.1f} instructions each time; without filters {base}')
