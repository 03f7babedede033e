"""Grader of exercise 01-1: the host puts random bytes into grader_buffer and compares the dump with its own."""

from grading import check, claim, equal

BUFFER = 'grader_buffer'
USAGE = 'usage: dump ADDRESS LENGTH'


def dumped(address, data):
    """What `hexdump -C` prints."""
    lines = []
    for i in range(0, len(data), 16):
        row = data[i:i + 16]
        cells = [f'{b:02x}' for b in row] + ['  '] * (16 - len(row))
        text = ''.join(chr(b) if 32 <= b < 127 else '.' for b in row)
        lines.append(f'{address + i:08x}  {" ".join(cells[:8])}  {" ".join(cells[8:])}  |{text}|')
    return lines


def columns(lines):
    """The address and the bytes, without the text."""
    return [line.partition('|')[0].rstrip() for line in lines]


@claim(1, 'sixteen bytes make one line, with their address')
def one_line(k, rng):
    data, address = rng.randbytes(16), k.address(BUFFER) + 16 * rng.randrange(64)
    k.write(address, data)
    equal(columns(k.type(f'dump {address:x} 10')), columns(dumped(address, data)))


@claim(1, 'more bytes make more lines, and looking changes nothing')
def many_lines(k, rng):
    data, address = rng.randbytes(256), k.address(BUFFER)
    k.write(address, data)
    equal(columns(k.type(f'dump {address:x} 100')), columns(dumped(address, data)))
    check(k.read(address, 256) == data, 'the memory is not the same after the dump')


@claim(1, 'the bytes stand there as text too, with dots for what does not print')
def text(k, rng):
    data, address = bytearray(range(256)), k.address(BUFFER)
    rng.shuffle(data)
    k.write(address, data)
    equal(k.type(f'dump {address:x} 100'), dumped(address, data))


@claim(1, 'a short last line keeps its columns')
def short_line(k, rng):
    for length in rng.sample(range(1, 16), 4) + [16 + rng.randrange(1, 16)]:
        data, address = rng.randbytes(length), k.address(BUFFER)
        k.write(address, data)
        equal(k.type(f'dump {address:x} {length:x}'), dumped(address, data), f'{length} bytes')


@claim(1, 'any address will do, and the kernel can look at its own code')
def any_address(k, rng):
    for _ in range(4):
        address = rng.randrange(k.address('_text'), k.address('_etext') - 64)
        length = rng.randrange(1, 64)
        equal(k.type(f'dump {address:x} {length:x}'), dumped(address, k.read(address, length)))


@claim(1, 'a missing number is answered with the usage, a length of zero with nothing')
def usage(k, rng):
    for line in ('dump', f'dump {rng.randrange(1 << 24):x}', 'dump here 10'):
        equal(k.type(line), [USAGE], f'`{line}`')
    equal(k.type('dump 1000000 0'), [], '`dump 1000000 0`')
