"""Grader of exercise 05-5: the host knows what each process of a family must find; frames are counted all the time."""

from grading import check, claim, equal

ICOUNT = 4
EFAULT, SIGSEGV = 14, 11
OWN = 60                               # frames that a process takes besides: its stacks, its directory, page tables


def run(k, words, patience=3):
    """The numbers in each line that the program prints"""
    lines = k.type(f'run /tests/grader {words}', patience=patience)
    check('exit status 0' in lines[-1:], f'`{words}`: {lines.text or "nothing"}')
    found = [line.split() for line in lines if not line.startswith(('exit', '['))]
    try:
        return [[int(word) for word in words[1:]] for words in found if words]
    except ValueError:
        check(False, f'`{words}` printed {lines.text}')


def must_share(k, rng):
    """Whatever else is asked: does a fork still copy?"""
    pages = rng.randrange(300, 500)
    (before, during, *_), = run(k, f'cheap {pages} 0')
    check(before - during < pages // 2, f'the child of a program with {pages} pages takes {before - during} frames and has written to none of them')


@claim(2, 'a child takes frames for what it writes, and no more')
def cheap(k, rng):
    for _ in range(3):
        pages = rng.randrange(1000, 3000)
        writes = rng.randrange(pages // 2)
        (before, during, after, _, _), = run(k, f'cheap {pages} {writes}')
        check(writes <= before - during <= writes + OWN, f'a child that wrote to {writes} of {pages} pages took {before - during} frames')
        check(abs(before - after) < 4, f'{before} frames were free before the child, {after} after it')


@claim(1, 'and the last one who has a page keeps it')
def last(k, rng):
    pages = rng.randrange(1000, 3000)
    must_share(k, rng)
    (before, _, after, again, moved), = run(k, f'cheap {pages} {rng.randrange(pages // 2, pages)}')
    check(abs(after - again) < 4, f'when the child was gone, the parent wrote to its {pages} pages and took {after - again} frames')
    equal(moved, 0, 'pages of the parent that were copied all the same')


@claim(1, 'six children of a program that has half of the memory')
def crowd(k, rng):
    pages, children = rng.randrange(6500, 7500), rng.randrange(6, 10)
    (alive,), = run(k, f'crowd {pages} {children}')
    equal(alive, children, f'children of a program with {pages} pages that found what it had written')


def chance(seed):
    state = seed
    while True:
        state = (state * 1664525 + 1013904223) & 0xffffffff
        yield lambda below, state=state: (state >> 8) % below


def scribble(memory, pages, seed, writes):
    draw = chance(seed)
    for _ in range(writes):
        page, word, value = next(draw)(pages), next(draw)(1024), next(draw)(1 << 24)
        memory[page * 1024 + word] = value
        next(draw)                                          # by whom does not matter


def family(memory, pages, seed, number, depth, sums):
    """What every process of the tree must have in the end"""
    scribble(memory, pages, seed + 2 * number, 2 * pages)
    for i in range(2 if depth else 0):
        family(dict(memory), pages, seed, 2 * number + i, depth - 1, sums)
    scribble(memory, pages, seed + 2 * number + 1, pages)
    sums[number] = sum(value * (at + 1) for at, value in memory.items()) & 0xffffffff


@claim(3, 'what one process writes no other one sees, whoever does it for him')
def private(k, rng):
    must_share(k, rng)
    for depth in (1, 3):
        pages, seed, sums = rng.randrange(30, 120), rng.randrange(1 << 20), {}
        family({}, pages, seed, 1, depth, sums)
        found = {number: total for number, total in run(k, f'family {pages} {seed} {depth}')}
        wrong = [number for number in sums if found.get(number) != sums[number]]
        check(not wrong, f'of {len(sums)} processes (1 is the parent of 2 and 3, and so on) these have wrong contents: {wrong}')


@claim(2, 'what may only be read, or not even that, stays so; mprotect goes on working')
def limits(k, rng):
    must_share(k, rng)
    lines = run(k, 'limits')
    names = ('a write to a page that may be read: status', 'to one that may not', 'to code', 'the same by the kernel: result',
             'and', 'to a page that may be written', 'a write there: status', 'what the parent has in it', 'and in the first',
             'what a child has in two pages after mprotect', 'and', 'what the parent has', 'and', 'the kernel writes to the third: result',
             'a write to the first: status', 'the sum of both for the parent')
    want = (SIGSEGV, SIGSEGV, SIGSEGV, EFAULT, EFAULT, 0, 0, 3, 3, 11, 11, 3, 3, 0, 0, 6)
    got = lines[0] if lines else []
    equal(len(got), len(want), 'numbers printed')
    for name, g, w in zip(names, got, want):
        equal(g, w, name)


@claim(2, 'nothing leaks')
def leaks(k, rng):
    must_share(k, rng)
    counters = ('nr_user_pages', 'nr_page_tables', 'nr_threads')
    seen = []
    for _ in range(3):
        run(k, f'churn {rng.randrange(1 << 20)} {rng.randrange(20, 40)}')
        k.type('run /bin/sleep 1.5', patience=3)           # init has buried the orphans
        seen.append({name: k.u32(name) for name in counters} | {'free frames': k.call('nr_free_pages')})
    equal(seen[2], seen[1], 'what there was after one round, and after another')
