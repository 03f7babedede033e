"""Grader of exercise 02-5: what is printed is compared with the words of the stack, as the host reads them."""

import re

from grading import check, claim, equal

CHAIN = ['grader_1', 'grader_2', 'grader_3', 'grader_run']      # the callers of trace()


def run(k, rng, depth, value, own=False, decoys=()):
    """[(guess, name, address)] of the trace that is printed."""
    decoys = list(decoys)
    words = [rng.choice(decoys) if decoys else rng.randrange(1 << 16) for _ in range(8)]
    for i, word in enumerate(words):
        k.write(f'grader_decoys+{4 * i}', word)
    k.write('grader_break', depth)
    k.write('grader_value', value & 0xffffffff)
    k.write('grader_own', bytes([own]))
    before = len(k.text)
    k.call('grader_run')
    said = re.search(r'(?s)grader: begin\n(.*)^grader: end$', k.text[before:], re.M)
    check(said, 'nothing was printed')
    text = said[1].splitlines()
    found = []
    for line in text:
        match = re.match(r' \[<([0-9a-f]{8})>\] (\? )?(\w+)\+', line)
        if match:
            found.append((bool(match[2]), match[3], int(match[1], 16)))
        else:
            check(re.match(r' \.\.\. and \d+ times more$', line), f'a line that is no line of a trace: {line!r}')
    return found


def names(trace):
    return [name for _, name, _ in trace]


def is_call(k, address):
    """Is there a call just before this address?"""
    code = k.read(address - 7, 7)
    start, end = k.address('_text'), k.address('_etext')
    if code[2] == 0xe8 and start <= (address + int.from_bytes(code[3:], 'little', signed=True)) & 0xffffffff < end:
        return True
    for length in (2, 3, 4, 6, 7):
        at = code[7 - length:]
        if at[0] == 0xff and at[1] >> 3 & 7 == 2:
            mod, rm = at[1] >> 6, at[1] & 7
            size = 2 + (rm == 4 and mod != 3) + {0: 0, 1: 1, 2: 4, 3: 0}[mod]
            if mod == 0 and (rm == 5 or rm == 4 and length > 2 and at[2] & 7 == 5):
                size += 4
            if size == length:
                return True
    return False


def in_order(wanted, found):
    rest = iter(found)
    return all(name in rest for name in wanted)


def broken(k, rng, depth, value, decoys=()):
    """Break the chain at a depth; check what must be so in every case."""
    trace = run(k, rng, depth, value, decoys=decoys)
    equal([(guess, name) for guess, name, _ in trace[:depth + 1]], [(False, name) for name in CHAIN[:depth + 1]],
          'the callers up to the broken frame')
    rest = trace[depth + 1:]
    check(all(guess for guess, _, _ in rest), 'a caller behind the broken frame is shown without its question mark')
    check(in_order(CHAIN[depth + 1:], names(rest)), f'callers are missing behind the broken frame: {names(rest)}')
    return rest


@claim(3, 'behind a broken frame all callers are found')
def found(k, rng):
    for depth in rng.sample(range(3), 3):
        for value in (rng.randrange(1, 1 << 31), 0xdeadbeef, 1):
            broken(k, rng, depth, value)


@claim(2, 'what is no return address is not shown')
def decoys(k, rng):
    start, end = k.address('_text'), k.address('_etext')
    code = [a for a in (rng.randrange(start + 16, end - 16) for _ in range(200)) if not is_call(k, a)][:60]
    code += [k.address('trace'), k.address('grader_1'), k.address('jiffies') if k.has('jiffies') else start]
    for depth in (0, 1, 2):
        rest = broken(k, rng, depth, 0x12345678, decoys=code)
        wrong = [f'{address:08x} ({name})' for _, name, address in rest if not is_call(k, address)]
        check(not wrong, f'shown, but no call stands before it: {", ".join(wrong)}')


@claim(1, 'a chain that turns back is a broken one')
def backward(k, rng):
    run(k, rng, 0, 0xdeadbeef)
    frames = [k.u32(f'grader_frames+{4 * i}') for i in range(5)]
    broken(k, rng, 1, frames[0])
    broken(k, rng, 2, frames[2])


@claim(1, 'with no good frame at all, the search begins at the stack pointer')
def none(k, rng):
    trace = run(k, rng, 0, 0xfffffff0, own=True)
    check(all(guess for guess, _, _ in trace), 'a caller without its question mark')
    check(in_order(CHAIN, names(trace)), f'callers are missing: {names(trace)}')


@claim(1, 'an unbroken chain is shown as before, without a guess')
def whole(k, rng):
    broken(k, rng, 1, 0x1000)
    frames = [k.u32(f'grader_frames+{4 * i}') for i in range(5)]
    trace = run(k, rng, 0, frames[1])
    check(not any(guess for guess, _, _ in trace), 'a question mark in the trace of an unbroken chain')
    equal(names(trace)[:4], CHAIN, 'the callers')
