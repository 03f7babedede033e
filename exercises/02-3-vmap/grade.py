"""Grader of exercise 02-3: the host picks frames, fills them by physical address, and looks through the new addresses."""

import struct

from grading import check, claim, equal

PAGE, OFFSET = 4096, 0xc0000000
START, END = 0xf9000000, 0xf9400000
PRESENT, WRITE, USER = 1, 2, 4


def frames(k, rng, count):
    """Addresses of that many frames that are not in a row, filled at random, and what is in them."""
    pages = [k.call('__get_free_pages', 0, 0) for _ in range(2 * count)]
    check(all(pages), 'no frames left')
    pages = rng.sample(pages, count)
    data = [rng.randbytes(PAGE) for _ in pages]
    for page, content in zip(pages, data):
        k.write(page, content)
    return pages, data


def vmap(k, pages):
    k.write('grader_pfns', struct.pack(f'<{len(pages)}I', *((page - OFFSET) // PAGE for page in pages)))
    return k.call('vmap_frames', k.address('grader_pfns'), len(pages))


def entry(k, address):
    """The page table entry of an address, found by the host in physical memory; 0 if there is no table."""
    directory = k.registers()['cr3'] & ~0xfff
    table, = struct.unpack('<I', k.physical(directory + (address >> 22) * 4, 4))
    if not table & PRESENT:
        return 0
    return struct.unpack('<I', k.physical((table & ~0xfff) + (address >> 12 & 0x3ff) * 4, 4))[0]


def mapped(k, pages):
    address = vmap(k, pages)
    check(START <= address <= END - len(pages) * PAGE, f'vmap_frames gave {address:#x} for {len(pages)} frames')
    return address


@claim(2, 'scattered frames appear one after the other', fresh=True)
def appear(k, rng):
    pages, data = frames(k, rng, rng.randrange(5, 12))
    address = mapped(k, pages)
    equal(k.read(address, PAGE * len(pages)), b''.join(data), 'the memory at the new addresses')
    for i, page in enumerate(pages):
        flags = entry(k, address + i * PAGE)
        equal(flags & ~0xfff, page - OFFSET, f'the frame of page {i}')
        equal(flags & (PRESENT | WRITE | USER), PRESENT | WRITE, f'present, writable, not for users: page {i}')


@claim(1, 'what is written there is in the frames', fresh=True)
def written(k, rng):
    pages, _ = frames(k, rng, 4)
    address = mapped(k, pages)
    text = rng.randbytes(3 * PAGE)
    k.write(address + 100, text)
    found = b''.join(k.physical(page - OFFSET, PAGE) for page in pages)
    equal(found[100:100 + len(text)], text, 'the frames')


@claim(2, 'the lowest free addresses are taken, and taken again when they are free', fresh=True)
def lowest(k, rng):
    pages, _ = frames(k, rng, 12)
    a, b, c = mapped(k, pages[:3]), mapped(k, pages[3:5]), mapped(k, pages[5:9])
    equal([a, b, c], [START, START + 3 * PAGE, START + 5 * PAGE], 'three mappings')
    k.call('vunmap_frames', b, 2)
    equal(mapped(k, pages[9:12]), START + 9 * PAGE, 'three pages, with a hole of two')
    equal(mapped(k, pages[3:5]), b, 'two pages, with a hole of two')


@claim(2, 'after unmapping, the processor has forgotten it', fresh=True)
def forgotten(k, rng):
    for _ in range(3):
        pages, data = frames(k, rng, 6)
        one = mapped(k, pages[:3])
        seen = [k.call('grader_read', one + i * PAGE) for i in range(3)]
        k.call('vunmap_frames', one, 3)
        equal([entry(k, one + i * PAGE) & PRESENT for i in range(3)], [0, 0, 0], 'present bits after vunmap_frames')
        two = mapped(k, pages[3:])
        again = [k.call('grader_read', two + i * PAGE) for i in range(3)]
        words = [struct.unpack('<I', content[:4])[0] for content in data]
        equal(seen + again, words, 'what the kernel itself reads, first and second mapping')
        k.call('vunmap_frames', two, 3)


@claim(1, 'what does not fit is refused', fresh=True)
def refused(k, rng):
    pages, _ = frames(k, rng, 1)
    many = pages * 1025
    equal(vmap(k, many), 0, '1025 pages')
    equal(vmap(k, []), 0, 'no page at all')
    equal(mapped(k, many[:1000]), START, '1000 pages')
    equal(vmap(k, many[:25]), 0, '25 more')
    equal(mapped(k, many[:24]), START + 1000 * PAGE, '24 more')


@claim(2, 'when all is unmapped, the page table has gone back', fresh=True)
def gone(k, rng):
    pages, _ = frames(k, rng, 8)
    before = k.call('nr_free_pages')
    for _ in range(3):
        parts = [(mapped(k, pages[at:at + 2]), 2) for at in range(0, 8, 2)]
        equal(k.call('nr_free_pages'), before - 1, 'free pages with something mapped: one for the table')
        rng.shuffle(parts)
        for address, count in parts:
            check(entry(k, address) & PRESENT, f'the mapping at {address:#x} has gone with another one')
            k.call('vunmap_frames', address, count)
        equal(k.call('nr_free_pages'), before, 'free pages with nothing mapped')
        equal(entry(k, START), 0, 'the directory entry with nothing mapped')
