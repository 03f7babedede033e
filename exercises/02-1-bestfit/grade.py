"""Grader of exercise 02-1: the host makes holes, reads the map of busy frames, and works out itself which hole fits best."""

from grading import check, claim, equal

PAGE, OFFSET = 4096, 0xc0000000


def holes(k):
    """[(first frame, length)] of every free run."""
    frames = k.u32('max_low_pfn')
    bits = int.from_bytes(k.read('busy_map', (frames + 31) // 32 * 4), 'little')
    found, start = [], None
    for pfn in range(frames + 1):
        busy = pfn == frames or bits >> pfn & 1
        if busy and start is not None:
            found.append((start, pfn - start))
            start = None
        elif not busy and start is None:
            start = pfn
    return found


def best(k, count, align=1):
    """The address that best fit gives, or 0."""
    fits = [(length, first) for first, length in holes(k) if -first % align + count <= length]
    if not fits:
        return 0
    _, first = min(fits)
    return OFFSET + PAGE * (first + -first % align)


def alloc(k, count):
    return k.call('alloc_pages_exact', count * PAGE, 0)


def ask(k, count):
    """One request, compared with what the host thinks is best."""
    want = best(k, count)
    got = alloc(k, count)
    equal(hex(got), hex(want), f'the place for {count} frames')
    return got


def punch(k, rng, sizes):
    """Make a hole of each of these sizes, in random order, with a busy frame after each. Behind them come two larger
    ones, the looser below the tighter, and a request for the tighter: first fit never passes by chance."""
    sizes = list(sizes)
    rng.shuffle(sizes)
    tight = rng.randrange(70, 90)
    runs = [(alloc(k, size), size, alloc(k, 1)) for size in [*sizes, tight + rng.randrange(1, 30), tight]]
    for address, size, wall in runs:
        check(address and wall, 'a request was refused, with most of memory free')
        k.call('free_pages_exact', address, size * PAGE)
    ask(k, tight)


@claim(1, 'a request goes into the smallest hole that holds it', fresh=True)
def smallest(k, rng):
    punch(k, rng, rng.sample(range(3, 40), 8))
    for count in rng.sample(range(2, 40), 5):
        ask(k, count)


@claim(1, 'of equal holes it takes the lowest', fresh=True)
def lowest(k, rng):
    size = rng.randrange(4, 12)
    punch(k, rng, [size] * 4 + [size + 20] * 3)
    for _ in range(4):
        ask(k, size - rng.randrange(2))


@claim(2, 'aligned requests are fitted with their alignment', fresh=True)
def aligned(k, rng):
    punch(k, rng, [rng.randrange(4, 40) for _ in range(10)])
    for order in rng.sample(range(1, 6), 4):
        want = best(k, 1 << order, 1 << order)
        equal(hex(k.call('__get_free_pages', 0, order)), hex(want), f'the place for order {order}')


@claim(1, 'a storm of requests goes where it should, and all comes back', fresh=True)
def storm(k, rng):
    punch(k, rng, [])
    before, held = holes(k), []
    for _ in range(40):
        if held and rng.random() < .4:
            address, count = held.pop(rng.randrange(len(held)))
            k.call('free_pages_exact', address, count * PAGE)
        else:
            count = rng.choice([1, 1, 2, 3, 5, rng.randrange(1, 60)])
            held.append((ask(k, count), count))
    for address, count in held:
        k.call('free_pages_exact', address, count * PAGE)
    equal(holes(k), before, 'the free runs at the end')


@claim(1, 'what fits nowhere is refused, and nothing changes', fresh=True)
def refused(k, rng):
    punch(k, rng, rng.sample(range(3, 40), 6))
    for count in rng.sample(range(2, 39), 3):
        ask(k, count)
    before = holes(k)
    longest = max(length for _, length in before)
    equal(alloc(k, longest + rng.randrange(1, 50)), 0, 'more frames than the longest run has')
    equal(holes(k), before, 'the free runs')
    ask(k, longest)
