"""What the consoles of the web pages load when a reader starts one: copy_console_assets('build/html').

    assets/console/     v86 and xterm.js (npm), SeaBIOS and its VGA BIOS (Debian), machine.mjs (ours), their licences
    kernels/NN.elf      the checkpoints that are built, without the debug information

A file is written only if it differs. What is missing ends it with a MachineError that says what to do.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import machine  # noqa: E402

ROOT = machine.ROOT
NPM, FIRMWARE = ROOT / 'node_modules', Path('/usr/share/seabios')
ASSETS = {
    'machine.mjs': ROOT / 'tangle/v86/machine.mjs',
    'libv86.mjs': NPM / 'v86/build/libv86.mjs',
    'v86.wasm': NPM / 'v86/build/v86.wasm',
    'xterm.mjs': NPM / '@xterm/xterm/lib/xterm.mjs',
    'xterm.css': NPM / '@xterm/xterm/css/xterm.css',
    'bios.bin': FIRMWARE / 'bios.bin',
    'vgabios.bin': FIRMWARE / 'vgabios-stdvga.bin',
    'LICENSE-v86.txt': NPM / 'v86/LICENSE',
    'LICENSE-xterm.txt': NPM / '@xterm/xterm/LICENSE',
    'LICENSE-seabios.txt': Path('/usr/share/doc/seabios/copyright'),
}


def copy_console_assets(outdir):
    """The files written or found as they should be, all of them below outdir."""
    outdir = Path(outdir)
    files = [place(outdir / 'assets/console' / name, read(source)) for name, source in ASSETS.items()]
    for elf in sorted((ROOT / 'build').glob('[0-9]*/weft.elf')):
        files.append(place(outdir / 'kernels' / f'{elf.parent.name}.elf', stripped(elf)))
    return files


def read(source):
    try:
        return source.read_bytes()
    except OSError as error:
        raise machine.MachineError(f'{source}: {error.strerror}; run `make setup`') from error


def stripped(elf):
    with tempfile.TemporaryDirectory(prefix='weft-strip-') as tmp:
        out = Path(tmp, 'weft.elf')
        machine.run_tool('i686-linux-gnu-strip', '--strip-debug', '-o', out, elf)
        return out.read_bytes()


def place(path, data):
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + '.new')
        new.write_bytes(data)
        new.replace(path)
    return path
