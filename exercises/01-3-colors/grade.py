"""Grader of exercise 01-3: text with sequences goes in by vga_putc, and the host reads the screen's memory."""

from grading import check, claim, equal

SCREEN, COLUMNS, ROWS = 0xb8000, 80, 25
PLAIN, BRIGHT = 0x07, 0x08


def put(k, text):
    for c in text:
        k.call('vga_putc', ord(c))


def cells(k, n, start=0):
    data = k.physical(SCREEN + 2 * start, 2 * n)
    return [(chr(data[i]), data[i + 1]) for i in range(0, len(data), 2)]


def swapped(n):
    return (n & 1) << 2 | n & 2 | (n & 4) >> 2


def word(rng):
    return ''.join(rng.choice('abcdefghijklmnopqrstuvwxyz') for _ in range(rng.randrange(3, 7)))


def fresh(k):
    """An empty screen without asking the answer for one."""
    put(k, '\x1b[0m' + '\n' * (ROWS + 1) + '\r')
    return (ROWS - 1) * COLUMNS


def shown(k, place, parts):
    """parts: (text, attribute) pairs that must stand from place on"""
    want = [(c, attribute) for text, attribute in parts for c in text]
    equal(cells(k, len(want), place), want, 'the cells of the screen (character, attribute)')


@claim(1, 'no byte of a sequence is shown')
def hidden(k, rng):
    place, a, b = fresh(k), word(rng), word(rng)
    put(k, f'{a}\x1b[0m{b}')
    equal(''.join(c for c, _ in cells(k, len(a + b) + 1, place)), a + b + ' ', 'the characters on the screen')


@claim(2, 'letters and background take any of eight colors each')
def colors(k, rng):
    place, parts, text = fresh(k), [], ''
    for _ in range(6):
        front, back, a = rng.randrange(8), rng.randrange(8), word(rng)
        text += rng.choice([f'\x1b[3{front};4{back}m', f'\x1b[4{back}m\x1b[3{front}m']) + a
        parts.append((a, swapped(back) << 4 | swapped(front)))
    put(k, text)
    shown(k, place, parts)


@claim(1, 'bright stays until a 0, and a missing number is a 0')
def bright(k, rng):
    place, a, b, c, d = fresh(k), word(rng), word(rng), word(rng), word(rng)
    n = rng.randrange(8)
    put(k, f'\x1b[1m{a}\x1b[3{n}m{b}\x1b[m{c}\x1b[1;3{n};0m{d}')
    shown(k, place, [(a, PLAIN | BRIGHT), (b, BRIGHT | swapped(n)), (c, PLAIN), (d, PLAIN)])


@claim(1, 'other numbers and other letters change nothing')
def others(k, rng):
    place, a, b, n = fresh(k), word(rng), word(rng), rng.randrange(1, 8)
    put(k, f'\x1b[3{n}m{a}\x1b[{rng.randrange(50, 90)}m\x1b[{rng.randrange(1, 9)}{rng.choice("ABKH")}'
           f'\x1b[4{n};{rng.randrange(100, 108)}m{b}')
    shown(k, place, [(a, swapped(n)), (b, swapped(n) << 4 | swapped(n))])


@claim(1, '`J` clears the screen in the current colors and goes home')
def clears(k, rng):
    fresh(k)
    n, a = rng.randrange(1, 8), word(rng)
    put(k, f'rubbish\x1b[4{n}m\x1b[2J{a}')
    shown(k, 0, [(a + ' ' * 10, swapped(n) << 4 | 7)])
    shown(k, COLUMNS * ROWS - 10, [(' ' * 10, swapped(n) << 4 | 7)])
    put(k, '\x1b[0m')


@claim(1, 'what scrolls in from below has the current background')
def scrolls(k, rng):
    fresh(k)
    n = rng.randrange(1, 8)
    put(k, f'\x1b[4{n}m\n')
    shown(k, COLUMNS * (ROWS - 1), [(' ' * COLUMNS, swapped(n) << 4 | 7)])
    put(k, '\x1b[0m')


@claim(1, 'a sequence with many numbers is read to its end and overwrites nothing')
def long(k, rng):
    place, a, n = fresh(k), word(rng), rng.randrange(200, 400)
    put(k, '\x1b[' + ';'.join('7' for _ in range(n)) + 'm' + a + '\x1b[0m')
    shown(k, place - COLUMNS, [(' ' * COLUMNS + a, PLAIN)])
    check('list the commands' in k.type('help').text, '`help` no longer answers')
