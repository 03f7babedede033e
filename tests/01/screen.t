#!/usr/bin/env python3
"""The screen shows what the serial line says: the host reads the screen's memory through the emulator."""

import sys
import time

sys.path.insert(0, 'tests/lib')
from weft import build, done, machine, note, ok, same  # noqa: E402

COLUMNS, ROWS, SCREEN = 80, 25, 0xb8000
MARK = 'mark: no such command; try help'


def screen(m):
    cells = m.read(SCREEN, 2 * COLUMNS * ROWS, physical=True)
    rows = [cells[2 * COLUMNS * i:2 * COLUMNS * (i + 1):2].decode('ascii', 'replace') for i in range(ROWS)]
    return [row.rstrip() for row in rows], set(cells[1::2])


def folded(lines):
    """Long lines go on in the next row."""
    return [line[i:i + COLUMNS].rstrip() for line in lines for i in range(0, max(1, len(line)), COLUMNS)]


said, seen, colors = [], None, None


def look(m, text):
    global seen, colors
    said.append(text)
    if text != MARK:
        return False
    wanted = folded(said + ['weft:01>'])[-ROWS:]
    deadline = time.monotonic() + 10                # the prompt is still to come, and the screen is written last
    while True:
        seen, colors = screen(m)
        if seen == wanted or time.monotonic() > deadline:
            note(*([] if seen == wanted else ['the screen:', *seen, 'the serial line:', *wanted]))
            ok(seen == wanted, 'after scrolling, the screen shows the last lines of the serial port')
            return True
        time.sleep(0.05)


with machine.Machine(build() / 'weft.elf', cmdline='do=help,gdt,help,test,activity,mark') as m:
    result = m.start().run(on_line=look)
ok(seen is not None and len(said) > ROWS, 'more lines were printed than the screen has')
same(colors, {0x07}, 'light grey on black')

# The serial chip moves away from 3f8: the kernel talks to nobody, and must not hear what nobody says
with machine.Machine(build() / 'weft.elf', cmdline='do=activity', options=['-global', 'isa-serial.iobase=0x2e8']) as m:
    m.start()
    deadline, last = time.monotonic() + 20, ''
    while last != 'weft:01>' and time.monotonic() < deadline:
        time.sleep(0.2)
        last = ([row for row in screen(m)[0] if row] or [''])[-1]
    time.sleep(0.5)
    last = [row for row in screen(m)[0] if row][-1]
    same(last, 'weft:01>', 'without a serial chip the prompt comes, and nothing after it')
done()
