#!/usr/bin/env python3
"""Archives and programs that are broken: a clear error, nothing lost, and the kernel goes on."""

import random
import re
import struct
import sys

sys.path.insert(0, 'tests/lib')
from archive import LINK, PROGRAM, patched, repacked, unpack  # noqa: E402
from weft import boot, build, done, note, ok, same, tail  # noqa: E402

elf = build() / 'weft.elf'
files = unpack(elf)
good = files['tests/foo'][1]
small = {name: files[name] for name in ('sbin/init', 'tests/foo')}
BAD = re.compile(r'Oops|BUG|WARNING|panic|Call Trace', re.I)
NOENT, NOEXEC, ACCES, LOOP, NAMETOOLONG = -2, -8, -13, -40, -36


def results(output):
    """What became of each `run`: a word or two."""
    return re.findall(r'(?m)^(?:/\S+: not started, (error -?\d+)|(exit status (?!127)\d+|killed by signal \d+))$', output)


def run(image, names):
    """{name: outcome}, and the boot, in which the free frames are counted before and after."""
    words = [f'run /tests/{name}' for name in names]
    typed = ['run /tests/foo', *words, 'memory', *words, 'memory', 'off']
    result = boot('', elf=image, typed=typed)
    found = [a or b for a, b in results(result.output)]
    return dict(zip(names, found[1:])), result


def frames(result):
    return re.findall(r'(\d+) of \d+ frames free', result.output)


def poke(data, offset, form, *values):
    data = bytearray(data)
    struct.pack_into('<' + form, data, offset, *values)
    return bytes(data)


# Programs
EHDR, PHOFF = 52, struct.unpack_from('<I', good, 28)[0]
broken = {
    'empty': (b'', NOEXEC), 'text': (b'#!/bin/sh\necho no\n', NOEXEC), 'short': (good[:EHDR - 1], NOEXEC),
    'magic': (poke(good, 0, 'B', 0x7e), NOEXEC), 'elf64': (poke(good, 4, 'B', 2), NOEXEC),
    'big': (poke(good, 5, 'B', 2), NOEXEC), 'shared': (poke(good, 16, 'H', 3), NOEXEC),
    'arm': (poke(good, 18, 'H', 40), NOEXEC), 'phoff': (poke(good, 28, 'I', 0xfffffff0), NOEXEC),
    'odd': (poke(good, 28, 'I', PHOFF + 1), NOEXEC), 'phsize': (poke(good, 42, 'H', 31), NOEXEC),
    'nophdr': (poke(good, 44, 'H', 0), NOEXEC), 'phnum': (poke(good, 44, 'H', 0xffff), NOEXEC),
    'cut': (good[:len(good) // 2], NOEXEC),
    'offset': (poke(good, PHOFF + 4, 'I', 0xfffff000), NOEXEC), 'kernel': (poke(good, PHOFF + 8, 'I', 0xc0000000), NOEXEC),
    'around': (poke(good, PHOFF + 8, 'I', 0xfffff000), NOEXEC), 'filesz': (poke(good, PHOFF + 16, 'I', 0xffffffff), NOEXEC),
    'less': (poke(good, PHOFF + 20, 'I', 1), NOEXEC), 'memsz': (poke(good, PHOFF + 20, 'I', 0xffffffff), NOEXEC),
    'huge': (poke(good, PHOFF + 20, 'I', 0x30000000), -12),
}
table = {f'tests/{name}': (PROGRAM, data) for name, (data, _) in broken.items()}
found, result = run(repacked(elf, {**small, **table}, 'broken'), list(broken))
for name, (_, error) in broken.items():
    same(found.get(name), f'error {error}', f'a program that is broken ({name}) is refused')
ok(len(set(frames(result))) == 1 and len(frames(result)) == 2, 'and no page is lost', *frames(result))
ok(not BAD.search(result.output), 'and the kernel has no complaint', *tail(result, 30))

# A program may go wrong as soon as it runs; that is its own affair
wild = {'entry': poke(good, 24, 'I', 0xc1000000), 'nowhere': poke(good, 24, 'I', 0x10),
        'noexec': poke(good, PHOFF + 24, 'I', 0)}
found, result = run(repacked(elf, {**small, **{f'tests/{n}': (PROGRAM, d) for n, d in wild.items()}}, 'wild'), list(wild))
for name in wild:
    same(found.get(name), 'killed by signal 11', f'one that begins where it must not ({name}) is killed')
ok(len(set(frames(result))) == 1 and not BAD.search(result.output), 'and nothing is lost', *frames(result), *tail(result))

# Headers with random bytes in them
seed = random.randrange(1 << 32)
note(f'seed {seed}')
chance = random.Random(seed)
names, noise = [f'r{i}' for i in range(40)], dict(small)
for name in names:
    data = bytearray(good)
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(PHOFF + 4 * 32)] = chance.choice((0, 1, 0x7f, 0x80, 0xff, chance.randrange(256)))
    noise[f'tests/{name}'] = PROGRAM, bytes(data)
found, result = run(repacked(elf, noise, 'noise'), names)
same(len(found), len(names), 'each program with noise in its headers comes to an end')
ok(len(set(frames(result))) == 1 and len(frames(result)) == 2, 'and no page is lost', *frames(result))
ok(not BAD.search(result.output), 'and the kernel has no complaint', *tail(result, 30))

# Names and links
links = {'loop': (LINK, b'loop'), 'two': (LINK, b'three'), 'three': (LINK, b'two'), 'void': (LINK, b'/tests/none'),
         'long': (LINK, b'x' * 200), 'dir': (0o040755, b''), 'plain': (0o100644, good), 'good': (LINK, b'../tests/foo')}
wanted = {'loop': LOOP, 'two': LOOP, 'three': LOOP, 'void': NOENT, 'long': NAMETOOLONG, 'dir': ACCES, 'plain': ACCES,
          'none': NOENT}
found, result = run(repacked(elf, {**small, **{f'tests/{n}': f for n, f in links.items()}}, 'links'), [*wanted, 'none2'])
for name, error in wanted.items():
    same(found.get(name), f'error {error}', f'a name that leads nowhere ({name}) is refused')

# The archive itself: what stands before the damage can be used
AFTER = {**small, 'tests/last': files['tests/foo']}


def damage(name, change):
    def alter(_):
        from archive import pack
        data = bytearray(pack(AFTER))
        at = data.index(b'tests/last\0') - 110          # the header of the last file
        change(data, at)
        return data
    image = patched(elf, alter, 'damaged')
    found, result = run(image, ['last', 'foo'])
    same(found, {'last': f'error {NOENT}', 'foo': 'exit status 0'}, f'an archive that is damaged ({name}) is read up to there')
    ok(not BAD.search(result.output) and len(set(frames(result))) == 1, 'and nothing is lost', *tail(result))


def write(offset, text):
    return lambda data, at: data.__setitem__(slice(at + offset, at + offset + len(text)), text)


damage('no magic', write(0, b'070707'))
damage('a file larger than the archive', write(54, b'FFFFFFFF'))
damage('a file larger than memory', write(54, b'7FFFFFFC'))
damage('a name of no length', write(94, b'00000000'))
damage('a name larger than the archive', write(94, b'FFFFFFF0'))
damage('a name without an end', write(94, b'00000005'))
damage('it ends within a header', lambda data, at: data.__delitem__(slice(at + 50, None)))
damage('zeros', lambda data, at: data.__setitem__(slice(at, None), bytes(len(data) - at)))

result = boot('do=off', elf=patched(elf, lambda data: data.__setitem__(slice(0, 6), b'garbag'), 'damaged'))
ok('Kernel panic - not syncing: No working init found.' in result.output, 'with no archive there is no init, and the kernel says so',
   *tail(result))
done()
