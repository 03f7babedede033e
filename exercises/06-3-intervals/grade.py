"""Grader of exercise 06-3: the host has its own list of the intervals, and reads the tree out of memory."""

import struct

from grading import check, claim, equal

ICOUNT = 4                             # costs are then instructions
MOST, SIZE = 1024, 24                  # intervals; parent and color, left, right, start, last, subtree_last
TOP = (1 << 32) - 1


class Set:
    """The intervals, here and there."""

    def __init__(self, k, intervals):
        self.k, self.intervals, self.inside = k, intervals, set()
        k.write('grader_root', 0)
        k.write('grader_items', b''.join(struct.pack('<IIIIII', 0xa5a5a5a5, 0xa5a5a5a5, 0xa5a5a5a5, a, b, 0xa5a5a5a5)
                                         for a, b in intervals))

    def change(self, which, into):
        self.k.write('grader_which', struct.pack(f'<{len(which)}H', *which))
        self.k.call('grader_change', len(which), into, patience=2)
        self.inside = self.inside | set(which) if into else self.inside - set(which)

    def ask(self, start, last):
        """The answer must have exactly the right ones, in order of start."""
        count = self.k.call('grader_ask', start, last)
        got = struct.unpack(f'<{count}H', self.k.read('grader_found', 2 * count)) if count else ()
        want = [i for i in self.inside if self.intervals[i][0] <= last and self.intervals[i][1] >= start]
        what = f'intervals of {len(self.inside)} that overlap {start:#x} to {last:#x}'
        equal(count, len(want), what)
        equal(self.shown(sorted(got)), self.shown(sorted(want)), what)
        starts = [self.intervals[i][0] for i in got]
        check(starts == sorted(starts), f'{what} do not come in order of start: {self.shown(got)}')

    def shown(self, some):
        return ' '.join(f'{self.intervals[i][0]:#x}-{self.intervals[i][1]:#x}' for i in some) or 'none'

    def look(self):
        """What each node knows; and all are in the tree."""
        base, memory = self.k.address('grader_items'), self.k.read('grader_items', SIZE * len(self.intervals))
        seen, todo, greatest = [], [self.k.u32('grader_root')], {0: -1}
        while todo:
            at = todo.pop()
            if not at or at in greatest:
                continue
            check((at - base) % SIZE == 0 and 0 <= at - base < len(memory), f'a link leads to {at:#x}, which is no interval')
            check(len(seen) <= MOST, 'the tree goes round in circles')
            _, left, right, start, last, subtree = struct.unpack_from('<IIIIII', memory, at - base)
            if left in greatest and right in greatest:
                greatest[at] = max(last, greatest[left], greatest[right])
                equal(f'{subtree:#x}', f'{greatest[at]:#x}', f'subtree_last of the interval {start:#x}-{last:#x}')
                seen.append((at - base) // SIZE)
            else:
                todo += [at, left, right]
                check(len(todo) <= 4 * MOST, 'the tree goes round in circles')
        equal(len(seen), len(self.inside), 'intervals in the tree')
        check(set(seen) == self.inside, 'others are in the tree than should be')


def intervals(rng, n, span, length):
    starts = [rng.randrange(span) for _ in range(n)]
    return [(a, min(a + rng.randrange(length), TOP)) for a in starts]


def must_find(k, rng):
    """No point for finding nothing."""
    at = rng.randrange(1 << 31)
    some = Set(k, [(at, at + 5), (at + 3, at + 9), (at + 20, at + 30)])
    some.change([2, 0, 1], True)
    some.ask(at + 4, at + 25)


@claim(2, 'all overlaps of a random set are found, in order, and nothing else')
def overlaps(k, rng):
    must_find(k, rng)
    for n, span, length in ((rng.randrange(5, 12), 60, 20), (rng.randrange(100, 300), 4000, 40), (500, TOP, 1 << 26)):
        some = Set(k, intervals(rng, n, span, length))
        some.change(rng.sample(range(n), n), True)
        for _ in range(15):
            start = rng.randrange(span)
            some.ask(start, min(start + rng.randrange(length), TOP))
        for i in rng.sample(range(n), 5):
            a, b = some.intervals[i]
            some.ask(a, a)
            some.ask(b, b)


@claim(1, 'short ones behind a long one, equal ones, and the ends of the numbers')
def odd(k, rng):
    must_find(k, rng)
    n = rng.randrange(20, 60)
    some = Set(k, [(i * 10, i * 10 + 3) for i in range(n)] + [(0, 10 * n), (10, 10 * n - 5), (0, TOP), (TOP, TOP), (0, 0)] + 4 * [(50, 70)])
    order = rng.sample(range(len(some.intervals)), len(some.intervals))
    some.change(order, True)
    for start, last in ((0, 0), (TOP, TOP), (0, TOP), (10 * n + 20, TOP - 1), (60, 60), (71, 73), (10 * n - 6, 10 * n - 6)):
        some.ask(start, last)
    some.look()


@claim(2, 'what each node knows is right, through insertions and removals')
def augmented(k, rng):
    must_find(k, rng)
    n = rng.randrange(150, 300)
    some = Set(k, intervals(rng, n, 5000, 300))
    some.change(rng.sample(range(n), n // 2), True)
    some.look()
    for _ in range(12):
        out = rng.sample(sorted(some.inside), rng.randrange(1, len(some.inside) // 2 + 2))
        some.change(out, False)
        some.look()
        rest = sorted(set(range(n)) - some.inside)
        some.change(rng.sample(rest, rng.randrange(1, len(rest) // 2 + 2)), True)
        some.look()
        start = rng.randrange(5000)
        some.ask(start, start + rng.randrange(400))
    some.change(rng.sample(sorted(some.inside), len(some.inside)), False)
    some.look()
    some.ask(0, TOP)


@claim(2, 'a question costs a small part of a walk')
def quick(k, rng):
    must_find(k, rng)
    step = rng.randrange(1000, 100000)
    some = Set(k, [(i * step, i * step + step // 2) for i in range(MOST)])
    some.change(rng.sample(range(MOST), MOST), True)
    some.look()
    walk = k.call('grader_walk_cost', patience=2)
    for i in (0, MOST - 1, *rng.sample(range(MOST), 6)):
        start = i * step + step // 2 + 1
        some.ask(start, start + step // 4)
        cost = k.call('grader_cost', start, start + step // 4)
        check(cost * 8 <= walk, f'to find that nothing overlaps {start:#x} to {start + step // 4:#x} among {MOST} took {cost} cycles; a walk takes {walk}')
