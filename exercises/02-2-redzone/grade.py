"""Grader of exercise 02-2: the host allocates, writes up to the end or beyond it, frees, and looks at what is said."""

import re

from grading import check, claim, equal

ZERO = 0x8000                          # __GFP_ZERO
CLASSES = [16, 32, 64, 96, 128, 192, 256, 512, 1024]


def alloc(k, size, flags=0):
    address = k.call('kmalloc', size, flags)
    check(address, f'kmalloc({size}) failed')
    return address


def freed(k, address):
    """Free it; what the kernel said meanwhile."""
    before = len(k.text)
    k.call('kfree', address)
    return k.text[before:]


def blamed(k, address):
    return re.search(rf'kfree: {address:08x} was written past its end', freed(k, address)) is not None


def sizes(rng, count):
    return rng.sample(CLASSES, 3) + [rng.randrange(1, 2001) for _ in range(count - 3)]


@claim(2, 'an object may be written to its last byte, and no further', fresh=True)
def one_beyond(k, rng):
    for size in sizes(rng, 12):
        address = alloc(k, size)
        k.write(address, rng.randbytes(size))
        said = freed(k, address)
        check('kfree' not in said, f'{size} bytes, all written, none beyond; yet: {said.strip()}')
        address = alloc(k, size)
        byte = k.u8(address + size) ^ rng.randrange(1, 256)
        k.write(address + size, bytes([byte]))
        check(blamed(k, address), f'byte {size} of an object of {size} bytes became {byte:#04x}, and nobody noticed')


@claim(1, 'at every size, up to the largest that is guarded')
def every_size(k, rng):
    for size in [1, 2000, *rng.sample(range(2, 2000), 10)]:
        address = alloc(k, size)
        k.write(address + size, bytes([k.u8(address + size) ^ 1 << rng.randrange(8)]))
        check(blamed(k, address), f'one bit behind an object of {size} bytes changed, and nobody noticed')


@claim(1, 'so is each of the four')
def four_beyond(k, rng):
    for size in sizes(rng, 6):
        for offset in range(4):
            address = alloc(k, size)
            byte = k.u8(address + size + offset) ^ rng.randrange(1, 256)
            k.write(address + size + offset, bytes([byte]))
            check(blamed(k, address), f'the byte at offset {size + offset} of {size} bytes changed unnoticed')


@claim(1, 'a neighbor is not blamed, and what was overrun is freed all the same')
def freed_all_the_same(k, rng):
    before = k.call('nr_free_pages')
    size = rng.randrange(20, 400)
    one, two, three = (alloc(k, size) for _ in range(3))
    k.write(two + size, bytes(b ^ 0xff for b in k.read(two + size, 2)))
    check(not blamed(k, one), 'the object below was blamed')
    check(blamed(k, two), 'the overrun object was not blamed')
    check(not blamed(k, three), 'the object above was blamed')
    check(f'kfree: {two:08x} is ' in freed(k, two), 'the overrun object was not freed: it can be freed again')
    equal(k.call('nr_free_pages'), before, 'free pages at the end')


@claim(1, 'kzalloc gives zeros to the end, and its object is guarded too')
def zeros(k, rng):
    for size in sizes(rng, 6):
        dirty = alloc(k, size)
        k.write(dirty, b'\xa5' * size)
        k.call('kfree', dirty)
        address = alloc(k, size, ZERO)
        equal(k.read(address, size), bytes(size), f'{size} bytes of kzalloc')
        k.write(address + size, bytes([k.u8(address + size) ^ 0x40]))
        check(blamed(k, address), f'a write beyond {size} bytes of kzalloc was not noticed')


@claim(1, 'ksize is what was asked for')
def ksize(k, rng):
    for size in sizes(rng, 8):
        address = alloc(k, size)
        equal(k.call('ksize', address), size, 'ksize')
        k.call('kfree', address)


@claim(1, 'among many objects none overlaps another, and wrong frees are refused as before')
def refusals(k, rng):
    held = [(alloc(k, size), size) for size in sizes(rng, 20)]
    spans = sorted((address, address + size) for address, size in held)
    check(all(a[1] <= b[0] for a, b in zip(spans, spans[1:])), 'two objects overlap')
    address, size = rng.choice([pair for pair in held if pair[1] > 20])
    check('not the start of an object' in freed(k, address + 8), 'a pointer into an object was not refused')
    for address, size in held:
        k.write(address + size, bytes([k.u8(address + size) ^ 2]))
        check(blamed(k, address), f'an overrun of {size} bytes was not noticed among {len(held)} objects')
    check(f'kfree: {held[0][0]:08x} is ' in freed(k, held[0][0]), 'a second free was not refused')
