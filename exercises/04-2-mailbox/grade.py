"""Grader of exercise 04-2: letters come at the worst moments; some are chosen by the trap flag, some by priorities."""

import struct

from grading import check, claim, equal

ICOUNT = 4
SWEEP = 4000                           # instructions to the end of a wait, at most
PART = 100                             # so many in a call, that a deadlock is soon noticed


def start(k, readers, rt_priority=0):
    check(k.call('grader_start', readers, rt_priority, patience=2) & 0xff, 'no thread can be made')


def offsets(k):
    """Of last and bad_state in a reader. Each takes a third of a second."""
    return [k.constant(f'(int)&((struct reader *)0)->{field}') for field in ('last', 'bad_state')]


def order(k):
    """The letters as they came out."""
    return struct.unpack(f'<{k.u32("grader_came")}I', k.read('grader_order', 4 * k.u32('grader_came')))


def letters(rng, n):
    return [rng.randrange(1 << 31) for _ in range(n)]


@claim(3, 'the letter may come by an interrupt at any instruction of the wait', fresh=True)
def any_instruction(k, rng):
    start(k, 1)
    found, letter = -1, rng.randrange(1 << 31)
    for first in range(1, SWEEP, PART):
        found = k.call('grader_sweep', first, first + PART - 1, letter, signed=True)
        if found != -1:
            break
    check(found != -1, f'after {SWEEP} instructions the reader sleeps still not')
    check(found == 0, f'the letter came after instruction {found} of mailbox_get(), and was lost, or another was got, '
                      'or the reader came back in the wrong state, or stands in line still')


@claim(1, 'a reader that is more urgent than who puts the letter in gets it at once', fresh=True)
def urgent(k, rng):
    start(k, 1, rng.randrange(1, 99))
    fields = [k.address('grader_readers') + offset for offset in offsets(k)]
    for letter in letters(rng, 5):
        before = k.u32('grader_came')
        k.call('grader_want', 0, 1)
        equal(k.call('grader_waiting'), 1, 'readers asleep in an empty box')
        check(k.call('mailbox_put', k.address('grader_box'), letter) & 0xff, 'a letter does not fit into an empty box')
        k.call('grader_rest', 20)
        equal(k.u32('grader_came') - before, 1, 'letters that an urgent reader got')
        equal((k.u32(fields[0]), k.u32(fields[1])), (letter, 0), 'the letter that it got, and in how many wrong states it came back')


@claim(2, 'who is woken looks again: another was faster, or it was nothing', fresh=True)
def looks_again(k, rng):
    start(k, 2)
    first, second, third = letters(rng, 3)
    k.call('grader_want', 1, 1)
    equal(k.call('grader_overtake', first, second), first, 'the letter that the faster one got')
    equal(order(k), (second,), 'letters that the slower one got')
    k.call('grader_want', 0, 1)
    for _ in range(3):
        k.call('grader_spurious', 0)
        equal((order(k), k.call('grader_waiting')), ((second,), 1), 'letters so far, and who waits, after a wake-up for no reason')
    equal(k.call('grader_puts', 1, third), 1, 'letters that fit in')
    equal(order(k), (second, third), 'letters in the end')


@claim(2, 'as many readers wake up as letters come, and no more; the order is kept', fresh=True)
def several(k, rng):
    readers = rng.randrange(4, 8)
    start(k, readers)
    for i in range(readers):
        k.call('grader_want', i, 1)
    equal(k.call('grader_waiting'), readers, 'readers asleep')
    came, base = 0, rng.randrange(1 << 30)
    while came < readers:
        number = rng.randrange(1, readers - came + 1)
        equal(k.call('grader_puts', number, base + came), number, 'letters that fit in')
        came += number
        equal(tuple(sorted(order(k))), tuple(range(base, base + came)), f'letters got when {came} of {readers} have come')
        equal(k.call('grader_waiting'), readers - came, 'readers still asleep')
    equal(k.call('grader_puts', 10, base), 8, 'how many letters of ten fit into the box')
    k.call('grader_want', 0, 8)
    equal(order(k)[readers:], tuple(range(base, base + 8)), 'letters that one reader takes out of a full box')
