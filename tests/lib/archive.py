"""The boot archive inside a kernel's image, for tests that want another one without linking again.

    files = unpack(elf)                          {name: (mode, contents)}, in order
    path = repacked(elf, files, 'name')          a copy of the kernel with these files; they must not need more room
    path = patched(elf, change, 'name')          a copy whose archive's bytes change(bytearray) has altered
    LINK, PROGRAM                                modes
"""

import subprocess
from pathlib import Path

from weft import CROSS, ROOT, machine

PROGRAM, DIRECTORY, LINK = 0o100755, 0o040755, 0o120777
HEADER, TRAILER = 110, 'TRAILER!!!'


def span(elf):
    """Where the archive begins and ends in the file."""
    table = subprocess.run([CROSS + 'nm', elf], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    symbols = {line.split()[-1]: int(line.split()[0], 16) for line in table if len(line.split()) == 3}
    for _, offset, virtual, _, size, *_ in machine.segments(Path(elf).read_bytes()):
        if virtual <= symbols['__initramfs_start'] < virtual + size:
            return [offset + symbols[name] - virtual for name in ('__initramfs_start', '__initramfs_end')]
    raise SystemExit('Bail out! the image has no boot archive')


def padded(data):
    return data + bytes(-len(data) % 4)


def unpack(elf):
    start, end = span(elf)
    data, at, files = Path(elf).read_bytes()[start:end], 0, {}
    while True:
        fields = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        mode, size, name_size = fields[1], fields[6], fields[11]
        name = data[at + HEADER:at + HEADER + name_size - 1].decode()
        if name == TRAILER:
            return files
        at += len(padded(bytes(HEADER + name_size)))
        files[name] = mode, data[at:at + size]
        at += len(padded(bytes(size)))


def pack(files):
    out = b''
    for number, (name, (mode, data)) in enumerate([*files.items(), (TRAILER, (0, b''))], 1):
        fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        out += padded(b'070701' + ''.join(f'{field:08X}' for field in fields).encode() + name.encode() + b'\0')
        out += padded(data)
    return out


def patched(elf, change, name):
    """`change` gets the archive and may return another one, or alter it where it is."""
    start, end = span(elf)
    data = bytearray(Path(elf).read_bytes())
    archive = data[start:end]
    archive = change(archive) or archive
    if len(archive) > end - start:
        raise SystemExit(f'Bail out! the archive for {name} does not fit into the image')
    data[start:end] = archive + bytes(end - start - len(archive))
    out = ROOT / 'build/archives' / f'{Path(elf).parent.name}-{name}.elf'
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)
    return out


def repacked(elf, files, name):
    return patched(elf, lambda _: bytearray(pack(files)), name)
