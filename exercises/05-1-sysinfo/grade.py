"""Grader of exercise 05-1: what a program was told, between two looks at what there is."""

import struct

from grading import check, claim, equal

ICOUNT = 4
HOST_FILES = ['arch/x86/entry/syscalls/syscall_32.tbl']    # a line for a call
EFAULT, ENOSYS = -14, -38
NAMES = ('totalram', 'freeram', 'sharedram', 'bufferram', 'totalswap', 'freeswap')


def ask(k, rng, pages=0, children=0, threads=0):
    """What sysinfo() wrote, and milliseconds, free frames and tasks before and after"""
    seed = rng.randrange(1, 256)
    lines = k.type(f'run /tests/grader fields {pages} {children} {threads} {seed}', patience=2)
    words = [line.split() for line in lines if line.startswith('fields ')]
    check(words and len(words[0]) == 9, 'the program printed no result: ' + lines.text)
    result, *truth = map(int, words[0][1:8])
    check(result != ENOSYS, 'there is no call 116')
    equal(result, 0, 'the result of sysinfo()')
    data = bytes.fromhex(words[0][8])
    equal(data[64:], bytes([seed]) * 16, 'the bytes behind the structure')
    return data[:64], truth[:3], truth[3:]


def between(got, before, after, what):
    low, high = min(before, after), max(before, after)
    check(low <= got <= high, f'{what}: got {got}; it was {low} to {high}')


@claim(2, 'memory and tasks, however many there are')
def amounts(k, rng):
    total = k.u32('max_low_pfn') * 4096
    for _ in range(4):
        data, before, after = ask(k, rng, rng.randrange(2000), rng.randrange(6), rng.randrange(6))
        amounts = dict(zip(NAMES, struct.unpack_from('<6I', data, 16)))
        procs, _, totalhigh, freehigh, unit = struct.unpack_from('<HHIII', data, 40)
        equal(unit, 1, 'mem_unit')
        between(amounts.pop('freeram') / 4096, before[1], after[1], 'frames in freeram')
        equal(amounts, dict(totalram=total, sharedram=0, bufferram=0, totalswap=0, freeswap=0), 'amounts')
        equal((totalhigh, freehigh), (0, 0), 'totalhigh, freehigh')
        between(procs, before[2], after[2], 'procs')


@claim(1, 'the seconds, rounded up')
def seconds(k, rng):
    for _ in range(3):
        k.type(f'run /bin/sleep 0.{rng.randrange(2, 9)}', patience=2)
        data, before, after = ask(k, rng)
        # a clock that counts ticks may be one behind
        between(struct.unpack_from('<i', data)[0], max(before[0] - 20, 0) // 1000 + 1, after[0] // 1000 + 1, 'uptime')


@claim(1, 'nothing of what the kernel had on its stack')
def zeros(k, rng):
    for _ in range(3):
        data = ask(k, rng)[0]
        equal({'loads': data[4:16].hex(), 'pad': data[42:44].hex(), '_f': data[56:].hex()},
              {'loads': '00' * 12, 'pad': '00' * 2, '_f': '00' * 8}, 'bytes about which there is nothing to say')


@claim(2, 'an address at which the program may not write')
def pointers(k, rng):
    left = rng.randrange(1, 64)
    lines = k.type(f'run /tests/grader pointers {left}', patience=2)
    words = [line.split() for line in lines if line.startswith('pointers ')]
    check(words, 'the program printed no result: ' + lines.text)
    names = ('64 bytes before a hole', 'an odd address', 'NULL', f'{left} bytes before a hole', 'a page that may only be read',
             'the last byte of user memory', 'across its end', "the kernel's code", 'the page at 0xffffe000', '-1')
    results = dict(zip(names, map(int, words[0][1:])))
    equal(results, {name: 0 if i < 2 else EFAULT for i, name in enumerate(names)}, 'results')
