"""Grader of exercise 02-4: pieces go in through printk(), records are read back out of the log."""

from grading import claim, equal

SOH, CONT, DEFAULT, LINE_MAX = b'\x01', b'\x01c', 4, 252


def say(k, prefix, text):
    k.call('printk', prefix + b'%s\0', text + b'\0', stack=True)


def level(number):
    return SOH + str(number).encode()


def records(k):
    """[(level, text)] stored since the last grader_begin()."""
    found = []
    while k.call('grader_next') & 0xff:
        at = k.address('grader_line')
        found.append((k.u32(at), k.read(at + 8, k.u32(at + 4))))
    return found


def word(rng):
    return bytes(rng.choices(b'abcdefghijklmnop %d', k=rng.randrange(1, 12)))


def begin(k):
    say(k, level(7), b'begin\n')
    k.call('grader_begin')


def one_line(k, rng):
    """A line in pieces must work, whatever else is claimed."""
    begin(k)
    a, b = word(rng), word(rng)
    say(k, level(7), a)
    say(k, CONT, b + b'\n')
    equal(records(k), [(7, a + b)], 'a line of two pieces')


@claim(2, 'pieces become one record, with the level of the first')
def pieces(k, rng):
    one_line(k, rng)
    for number in rng.sample(range(5, 8), 3):
        begin(k)
        parts = [word(rng) for _ in range(rng.randrange(2, 9))]
        say(k, level(number), parts[0])
        for part in parts[1:]:
            say(k, CONT, part)
        say(k, CONT, b'\n')
        equal(records(k), [(number, b''.join(parts))], f'a line of {len(parts)} pieces')


@claim(1, 'nothing is in the log before the line is closed')
def waits(k, rng):
    begin(k)
    a, b = word(rng), word(rng)
    say(k, level(6), a)
    equal(records(k), [], 'the log after the first piece')
    say(k, CONT, b)
    equal(records(k), [], 'the log after the second')
    say(k, CONT, b'!\n')
    equal(records(k), [(6, a + b + b'!')], 'the log after the line\'s end')


@claim(2, 'a call without KERN_CONT closes the open line and begins its own')
def interrupted(k, rng):
    one_line(k, rng)
    begin(k)
    a, b, c, d = (word(rng) for _ in range(4))
    say(k, level(6), a)
    say(k, level(7), b)
    say(k, CONT, c)
    say(k, level(5), d + b'\n')
    equal(records(k), [(6, a), (7, b + c), (5, d)], 'three lines')


@claim(1, 'with no line open, KERN_CONT begins one at the default level')
def alone(k, rng):
    one_line(k, rng)
    begin(k)
    a, b = word(rng), word(rng)
    say(k, CONT, a)
    say(k, CONT, b'')
    say(k, CONT, b + b'\n')
    equal(records(k), [(DEFAULT, a + b)], 'a line that KERN_CONT began')


@claim(1, 'newlines inside a text close lines, too')
def inside(k, rng):
    one_line(k, rng)
    begin(k)
    a, b, c, d = (word(rng) for _ in range(4))
    say(k, level(7), a)
    say(k, CONT, b + b'\n' + c + b'\n\n' + d)
    equal(records(k), [(7, a + b), (DEFAULT, c), (DEFAULT, b'')], 'the records so far')
    say(k, CONT, b'\n')
    equal(records(k), [(DEFAULT, d)], 'the last line')




@claim(1, 'a line that is too long is cut')
def long(k, rng):
    one_line(k, rng)
    begin(k)
    parts = [word(rng) * 5 for _ in range(40)]
    say(k, level(7), parts[0])
    for part in parts[1:]:
        say(k, CONT, part)
    say(k, CONT, b'\n')
    equal(records(k), [(7, b''.join(parts)[:LINE_MAX])], 'a line of thousands of bytes')
    one_line(k, rng)
