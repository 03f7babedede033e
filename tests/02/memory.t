#!/usr/bin/env python3
"""The memory map and the page tables, compared with what the emulator itself says."""

import re
import struct
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, build, command, done, machine, ok, same, tail  # noqa: E402

MB, PAGE_OFFSET, MAXMEM = 1 << 20, 0xc0000000, 896 << 20
HOLE = (0xa0000, 0x100000)            # video memory and ROMs: not RAM, wherever the map lists it or not


def e820(text):
    pattern = r'BIOS-e820: \[mem 0x(\w+)-0x(\w+)\] (\w+)'
    return [(int(start, 16), int(end, 16) + 1, kind) for start, end, kind in re.findall(pattern, text)]


def uncovered(size, entries):
    """Bytes below size that no entry lists, and that are not in the hole below 1 MB."""
    left, at = 0, 0
    for start, end in sorted([(start, end) for start, end, _ in entries] + [HOLE]):
        left += max(0, min(start, size) - at)
        at = max(at, min(end, size))
    return left + size - at


for size in (64, 200, 1024):
    result = boot('do=off', mem=f'{size}M')
    entries = e820(result.output)
    usable = sum(end - start for start, end, kind in entries if kind == 'usable')
    holes = sum(min(end, size * MB) - start for start, end, kind in entries if kind != 'usable' and start < size * MB
                and not HOLE[0] <= start < HOLE[1]) + HOLE[1] - HOLE[0]
    same((uncovered(size * MB, entries), usable), (0, size * MB - holes),
         f'BOOT-01 of {size} MB, the usable part is what the holes leave')


result = boot('do=off', mem='48M')
ok('Kernel panic - not syncing: 47MB of memory, and 64MB are needed' in result.output, 'a machine with too little memory is told so',
   *tail(result))
result = boot('do=test,off', mem='3584M')
ok(re.search(r'^ok \d+ - BOOT-01 ', result.output, re.M), 'BOOT-01 RAM that was moved above 4 GB does not disturb the sum', *tail(result))


def look(m, text):
    """While the machine still runs: what QEMU says of its page tables, and what is at the addresses it printed."""
    address = re.match(r'(logical|linear|virtual|physical) +(?:(\w+):)?(\w+) holds (\w+)', text)
    if address:
        said[address[1]] = int(address[3], 16)
        values.add(int(address[4], 16))
    if address and address[2]:
        qemu['registers'] = m.monitor('info registers')
        gdt = int(re.search(r'GDT= +(\w+)', qemu['registers'])[1], 16)
        low, high = struct.unpack('<II', m.read(gdt + (int(address[2], 16) & ~7), 8))
        qemu['base'] = low >> 16 | (high & 0xff) << 16 | high & 0xff000000
    if address and address[1] == 'physical':
        qemu['mem'], qemu['tlb'] = (m.monitor(f'info {what}').replace('\r', '') for what in ('mem', 'tlb'))
        qemu['linear'] = m.read(said['linear'], 4)
        qemu['physical'] = m.read(said['physical'], 4, physical=True)
        return True


said, values, qemu = {}, set(), {}
with machine.Machine(build() / 'weft.elf', cmdline='do=pagetables,addresses') as m:
    result = m.start().run(on_line=look)
if 'physical' not in qemu:
    ok(False, 'the kernel prints four addresses of a datum', *tail(result))
    done()
seen = re.findall(r'^(\w{16})-(\w{16}) \w+ (\S+)', qemu['mem'], re.M)
tlb = re.findall(r'^(\w{16}): (\w{16}) (\S+)', qemu['tlb'], re.M)
low_end = max(end for _, end, kind in e820(result.output) if kind == 'usable')
symbols = {name: int(address, 16) for address, _, name in map(str.split, command('nm', build() / 'weft.elf').splitlines())}
guard, own = symbols['init_stack_guard'], symbols['_text']         # the page nobody can touch, and the 4 MB around it
wanted = [(PAGE_OFFSET, guard, '-rw'), (guard + 4096, PAGE_OFFSET + min(low_end, MAXMEM), '-rw')]
same([(int(start, 16), int(end, 16), flags) for start, end, flags in seen if int(end, 16) > PAGE_OFFSET], wanted,
     'MM-31 the emulator finds low memory mapped at 3 GB, but for the guard, and nothing above')
large = {int(virtual, 16): int(physical, 16) for virtual, physical, flags in tlb
         if 'P' in flags and int(virtual, 16) >= PAGE_OFFSET}
same(large, {PAGE_OFFSET + at: at for at in range(0, low_end - 4 * MB + 1, 4 * MB) if PAGE_OFFSET + at != own},
     "MM-31 each whole 4 MB of it but the kernel's own is one large page at PAGE_OFFSET + its address")
told = re.findall(r'^0x(c\w+)-0x(\w+) .* (4M|4K)$', result.output, re.M)
same((told[0][0], int(told[-1][1], 16)), ('c0000000', wanted[-1][1]), 'MM-31 the kernel prints the same range')
same(int(re.search(r'EIP=(\w+)', qemu['registers'])[1], 16) > PAGE_OFFSET, True, 'BOOT-03 the processor runs above 3 GB')
same(seen and int(seen[0][0], 16), PAGE_OFFSET, 'BOOT-03 no address below 3 GB is mapped')

result = boot('do=null,off')
ok('NULL pointer dereference at 00000000' in result.output and 'at address 0:' not in result.output,
   'BOOT-03 an access to address 0 oopses', *tail(result))

ok(qemu['base'] and qemu['base'] + said['logical'] == said['linear'],
   'MM-34 the segment in the GDT takes the logical address to the linear one', *tail(result))
same(values, set(struct.unpack('<I', qemu['physical'])), 'MM-34 the physical address holds the datum, seen from outside')
same(qemu['linear'], qemu['physical'], 'MM-34 paging takes the linear address to the physical one')
done()
