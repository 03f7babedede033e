"""Grader of exercise 06-4: the host reads the tree out of memory, node by node, and counts."""

import struct

from grading import check, claim, equal

MOST, SIZE = 1024, 16                  # items; bytes of one: parent and color, left, right, key


class Tree:
    """What stands in memory."""

    def __init__(self, k):
        self.base = k.address('grader_items')
        self.memory = k.read('grader_items', 2 * MOST * SIZE)
        self.items, self.ways = [], []
        self.walk(k.u32('grader_root'))

    def node(self, address):
        offset = address - self.base
        check(offset % SIZE == 0 and 0 <= offset < len(self.memory), f'a link leads to {address:#x}, which is no node')
        return struct.unpack_from('<IIII', self.memory, offset)

    def walk(self, root):
        """In order, without recursion; a way is (nodes, black ones)."""
        stack, at, above = [], root, (0, 0, 0)             # above: parent, length, black
        red_above = True                                   # the root must be black
        while at or stack:
            while at:
                parent, left, right, _ = self.node(at)
                black = parent & 1
                equal(f'{parent & ~1:#x}', f'{above[0]:#x}', f'the parent of node {(at - self.base) // SIZE}')
                check(black or not red_above, f'node {(at - self.base) // SIZE} is red, and so is its parent, or it is the root')
                here = (at, above[1] + 1, above[2] + black)
                check(here[1] <= 64, 'more than 64 nodes one below the other')
                if not left:
                    self.ways.append(here[1:])
                stack.append((at, right, here, not black))
                at, above, red_above = left, here, not black
            at, right, above, red_above = stack.pop()
            self.items.append((at - self.base) // SIZE)
            check(len(self.items) <= 2 * MOST, 'the tree has more nodes than there are')
            if not right:
                self.ways.append(above[1:])
            at = right

    def must_be(self, items):
        equal(shown(self.items), shown(items), f'{len(self.items)} nodes of the tree in order, {len(items)} expected')
        check(self.items == items, f'the {len(items)} nodes are not in order')
        blacks = {black for _, black in self.ways}
        check(len(blacks) <= 1, f'ways with {min(blacks, default=0)} and with {max(blacks, default=0)} black nodes')

    def must_be_perfect(self):
        lengths = [length for length, _ in self.ways] or [0]
        check(max(lengths) - min(lengths) <= 1, f'the shortest way has {min(lengths)} nodes, the longest {max(lengths)}')


def shown(numbers):
    return ' '.join(map(str, numbers[:16])) + (' ...' if len(numbers) > 16 else '')


def build(k, rng, n):
    items = rng.sample(range(MOST), n)
    k.write('grader_order', struct.pack(f'<{n}H', *items) or bytes(2))
    k.call('grader_build', n, patience=2)
    equal(k.read('grader_nodes', 4 * n) if n else b'',
          struct.pack(f'<{n}I', *(k.address('grader_items') + SIZE * i for i in items)), 'the array afterwards')
    tree = Tree(k)
    tree.must_be(items)
    tree.must_be_perfect()
    return items


@claim(3, 'any number of nodes makes a perfect red-black tree of them in order')
def any_number(k, rng):
    for n in sorted({rng.randrange(600, MOST), rng.randrange(100, 400), rng.randrange(17, 31), *range(12)}, reverse=True):
        build(k, rng, n)


@claim(1, 'also at the edges: powers of two, and one more or less')
def edges(k, rng):
    for power in rng.sample(range(4, 10), 4):
        for n in (2 ** power + 1, 2 ** power, 2 ** power - 1):
            build(k, rng, n)
    build(k, rng, MOST)


@claim(2, 'it lives on: insertions and removals keep it red-black')
def lives_on(k, rng):
    for n in (rng.randrange(20, 60), rng.choice([31, 63, 127]), rng.randrange(100, 200)):
        items = build(k, rng, n)
        keys = {item: 2 * i for i, item in enumerate(items)}
        new = iter(rng.sample(range(MOST, 2 * MOST), 60))
        for step in range(60):
            if rng.random() < 0.5:
                item, key = next(new), 2 * rng.randrange(n) + 1
                if key in keys.values():
                    continue
                keys[item] = key
                k.call('grader_insert', item, key)
            elif keys:
                item = rng.choice(sorted(keys))
                del keys[item]
                k.call('grader_erase', item)
            if step % 6 == 5:
                Tree(k).must_be(sorted(keys, key=keys.get))
        Tree(k).must_be(sorted(keys, key=keys.get))
