"""Grader of exercise 06-1: the host fills in keys, and walks the ring itself, in memory."""

import struct

from grading import check, claim, equal

SIZE, NODE = 12, 4                     # of an item; where its links are: next, prev


def sort(k, keys):
    """The items' numbers as they stand in the ring afterwards; it must be whole."""
    k.write('grader_items', b''.join(struct.pack('<III', key, 0, 0) for key in keys))
    k.call('grader_sort', len(keys), patience=4)
    base, head = k.address('grader_items') + NODE, k.address('grader_head')
    memory = k.read('grader_items', SIZE * len(keys)) if keys else b''
    links = {base + SIZE * i: struct.unpack_from('<II', memory, SIZE * i + NODE) for i in range(len(keys))}
    links[head] = struct.unpack('<II', k.read('grader_head', 8))
    order, at = [], head
    for _ in range(len(keys) + 1):
        after = links[at][0]
        check(after in links, f'after {len(order)} entries next leads to {after:#x}, which is no entry of the list')
        check(links[after][1] == at, f'entry {len(order)} and the one before it do not lead to each other')
        at = after
        if at == head:
            break
        order.append((at - base) // SIZE)
    check(at == head, f'{len(keys)} entries were in the list, and a walk does not come back to the head')
    equal(len(order), len(keys), 'entries in the ring')
    return order


def expect(k, keys):
    got = sort(k, keys)
    want = sorted(range(len(keys)), key=lambda i: keys[i])     # stable
    if [keys[i] for i in got] != [keys[i] for i in want]:
        equal(shown(keys[i] for i in got), shown(keys[i] for i in want), f'the sorted keys of {len(keys)} entries')
    equal(shown(got), shown(want), f'the places that equal entries had before, keys being {shown(keys)}')


def shown(numbers):
    numbers = list(numbers)
    return ' '.join(map(str, numbers[:24])) + (' ...' if len(numbers) > 24 else '')


def different(rng, n):
    """Not in order."""
    keys = rng.sample(range(1 << 32), n)
    return keys if keys != sorted(keys) else keys[::-1]


@claim(2, 'any keys are sorted, and the ring is whole')
def any_keys(k, rng):
    for n in (2, 3, rng.randrange(4, 30), rng.randrange(30, 1000)):
        expect(k, different(rng, n))
    for n in (0, 1):
        expect(k, different(rng, n) if n else [])


@claim(1, 'lists that are sorted already, and the wrong way round')
def easy_ones(k, rng):
    keys = sorted(different(rng, rng.randrange(10, 200)))
    for some in (keys[::-1], keys, keys[1:] + keys[:1]):
        expect(k, some)


@claim(1, 'equal entries stay in their order')
def stable(k, rng):
    for n in (2 + rng.randrange(20), rng.randrange(100, 600)):
        kinds = rng.sample(range(1 << 32), 3)
        keys = [max(kinds), min(kinds)] + [rng.choice(kinds) for _ in range(n)]
        expect(k, keys)


@claim(1, 'no more than n log n comparisons')
def few(k, rng):
    for n in (rng.randrange(20, 60), rng.randrange(500, 1024), 1024):
        keys = different(rng, n)
        expect(k, keys)
        most = n * (n - 1).bit_length()
        check(k.u32('grader_compared') <= most, f'{n} entries took {k.u32("grader_compared")} comparisons; {most} are allowed')
