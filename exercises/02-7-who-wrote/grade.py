"""Grader of exercise 02-7: writes with known instructions, and what was noted about them."""

from grading import check, claim, equal

EINVAL, EBUSY = -22, -16
MOV, ADD, BYTE, XCHG, FILL = range(5)
FUNCTIONS = ['grader_mov', 'grader_add', 'grader_byte', 'grader_xchg']


def watch(k, address):
    return k.call('watch_word', address, signed=True)


def site(k, n):
    return k.u32(f'grader_sites+{4 * n}')


def changes(k):
    count = k.u32('nr_word_changes')
    at = k.address('word_changes')
    return [tuple(k.u32(at + 12 * i + 4 * j) for j in range(3)) for i in range(min(count, 64))]


def word(rng):
    return rng.randrange(1 << 32)


def one(k, rng, address):
    """Watch, write in several ways, compare; the word's value is what it must be."""
    value = word(rng)
    k.write(address, value)
    equal(watch(k, address), 0, f'watch_word({address:#x})')
    expected = []
    for _ in range(rng.randrange(3, 9)):
        kind, operand = rng.randrange(4), word(rng)
        k.call(FUNCTIONS[kind], address, operand)
        new = {MOV: operand, ADD: (value + operand) & 0xffffffff, BYTE: value & ~0xff | operand & 0xff,
               XCHG: operand}[kind]
        if new != value:
            expected.append((site(k, kind), value, new))
        value = new
        equal(k.u32(address), value, 'the word')
    equal(changes(k), expected, 'what was noted: (ip, before, after)')
    k.call('unwatch_word')


@claim(3, 'each instruction that changes the word is noted, with its address and both values')
def noted(k, rng):
    for _ in range(3):
        one(k, rng, k.address('grader_page') + 4 * rng.randrange(1024))


@claim(2, 'other words of the page are written as before, and not noted')
def others(k, rng):
    page = k.address('grader_page')
    index = rng.randrange(1, 1023)
    one(k, rng, page + 4 * index)
    equal(watch(k, page + 4 * index), 0, 'watch_word')
    k.call('grader_mov', page + 4 * index, 1)
    for i in (index - 1, index + 1, *rng.sample([i for i in range(1024) if abs(i - index) > 1], 5)):
        value = word(rng)
        k.call('grader_mov', page + 4 * i, value)
        equal(k.u32(page + 4 * i), value, 'another word')
    equal(len(changes(k)), k.u32('nr_word_changes'), 'the count')
    equal([c[2] for c in changes(k)] or [1], [1], 'what was noted')
    k.call('unwatch_word')


@claim(1, 'the same value again is no change; a string instruction is one')
def odd(k, rng):
    page = k.address('grader_page')
    index, value = rng.randrange(10, 1000), word(rng) | 1
    k.write(page + 4 * index, 0)
    equal(watch(k, page + 4 * index), 0, 'watch_word')
    k.call('grader_fill', page + 4 * (index - 5), value, 11)
    k.call('grader_mov', page + 4 * index, value)
    equal(changes(k), [(site(k, FILL), 0, value)], 'what was noted')
    equal([k.u32(page + 4 * (index + i)) for i in (-5, 0, 5)], [value] * 3, 'the words that were filled')
    k.call('unwatch_word')


@claim(1, 'more than 64 changes are counted')
def full(k, rng):
    address = k.address('grader_page') + 4 * rng.randrange(1024)
    k.write(address, 0)
    equal(watch(k, address), 0, 'watch_word')
    count = rng.randrange(70, 90)
    for i in range(count):
        k.call('grader_add', address, 1)
    equal(k.u32('nr_word_changes'), count, 'nr_word_changes')
    equal([c[1] for c in changes(k)], list(range(64)), 'the values before')
    k.call('unwatch_word')


@claim(1, 'addresses that cannot be watched are refused, and so is a second one')
def refused(k, rng):
    page = k.address('grader_page')
    equal(watch(k, page + 4), 0, 'watch_word')
    equal(watch(k, page + 8), EBUSY, 'a second watch_word')
    k.call('unwatch_word')
    for bad in (page + 4 * rng.randrange(1000) + rng.randrange(1, 4), 0x1000, 0xf8000000, 0xfffff000):
        equal(watch(k, bad), EINVAL, f'watch_word({bad:#x})')
    one(k, rng, page)


@claim(1, 'a null pointer is an oops as before, and the watch goes on')
def oopses(k, rng):
    address = k.address('grader_page') + 4 * rng.randrange(1024)
    k.write(address, 0)
    equal(watch(k, address), 0, 'watch_word')
    equal(k.call('grader_crash') & 0xff, 1, 'an oops for address 16, a write')
    k.call('grader_mov', address, 77)
    equal(changes(k), [(site(k, MOV), 0, 77)], 'what was noted')
    k.call('unwatch_word')


@claim(1, 'it works for a word in the middle of the kernel\'s own data')
def own_data(k, rng):
    equal(watch(k, k.address('nr_word_changes') & ~0xfff), 0, 'watch_word of a word beside your own variables')
    k.call('unwatch_word')
    one(k, rng, k.address('grader_page'))
    address = k.address('word_changes') + 12 * 63 + 4
    k.write(address, 5)
    equal(watch(k, address), 0, 'watch_word of a word in the array')
    k.call('grader_mov', address, 6)
    equal(changes(k)[:1], [(site(k, MOV), 5, 6)], 'what was noted')
    equal(k.u32(address), 6, 'the word')
    k.call('unwatch_word')
