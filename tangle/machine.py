"""One class that boots an ELF in an emulator, listens to its serial port, and always gets rid of the emulator.

    result = boot('build/02/weft.elf', emu='bochs', mem='64M', smp=2, icount=0, cmdline='do=test,off')
    result.lines          [(seconds, text)]: what the serial port said, and when
    result.output         the same as one string
    result.status         QEMU's exit status, and v86's (33 ok, 35 a test failed, 37 panic); None for Bochs, which has none
    result.ended          'exit', or why the host ended it: 'silence', 'time', 'flood', 'dead', 'reset', 'prompt',
                          'stopped'
    result.where          ['function at chapters/02-x.nw:120', ..]: where a machine that hung or reset itself stood
    result.seconds, result.calibration
    result.verdict()      the judge's opinion (tests/lib/judge.py): .ok, .reason, .tests

    boot(..., typed=['help', 'off'])     types a line at each prompt; without more to type, a prompt is the end

    with Machine(elf, ...) as machine:       to talk to it meanwhile
        machine.start()
        result = machine.run(on_line=lambda machine, text: machine.send('help\\n'))   return True: stop here
        machine.monitor('info registers')    QEMU's monitor (v86 knows this command only)
        machine.read(address, n, physical=False)

    kernel('02')                  path of a checkpoint's ELF; MachineError if it is not built
    named('qemu-1g')              the arguments emu=, mem=, smp=, icount= of a machine of tests/machines.tsv
    make(src, obj, 'defconfig')   the kernel's own make, undisturbed by the one that called us
    variant(src, out, {'PAE': 'y'})      a kernel configured otherwise, built in the directory out
    overlaid('03', 'history/03-x.nw')    the tree of a checkpoint with a file laid over it; the directory that has it as src

`modules` are files that the boot loader passes to the kernel; `options` go to QEMU as they are; `emu` is qemu, kvm, bochs
or v86 (the emulator of the web pages, under Node); icount=N lets one instruction take 2^N ns of the machine's time (and the same run gives the same digits).

Patience is counted in calibration loops: the kernel runs a fixed loop between two lines, and the host is as patient with
its silence as that loop was slow. WEFT_PATIENCE=3 trebles it.
"""

import ctypes
import fcntl
import hashlib
import importlib
import json
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tty
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EARLY_SILENCE = 60.0                  # seconds without a byte before the calibration is known
LEAST_SILENCE = 6.0                   # and at least this many when it is
LOOPS_OF_SILENCE = 200                # but as long as the calibration loop would take this many times
SILENCES = 20                         # a boot may take this many times the limit of silence in all
FLOOD = 2 << 20                       # bytes: more than this is an endless loop
PROMPT = re.compile(rb'weft:[\w-]+> $')
CALIBRATE = ('# calibrate: begin', '# calibrate: end')

EMULATORS = ('qemu', 'kvm', 'bochs', 'v86')
V86_MOST_MB = 2000                    # as in v86/machine.mjs

BOCHSRC = """\
plugin_ctrl: unmapped=1, extfpuirq=1, speaker=0, parallel=0, iodebug=0, gameport=0
memory: guest={mem}, host={host}
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
cpu: model=corei7_sandy_bridge_2600k, count={smp}, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=1
clock: sync=none, time0=1000000000
ata0-master: type=cdrom, path={iso}, status=inserted
boot: cdrom
com1: enabled=1, mode=term, dev={com1}
display_library: term
log: {log}
panic: action=fatal
"""


class MachineError(Exception):
    """The machine could not be started; the message says why and what to do."""


def megabytes(mem):
    match = re.fullmatch(r'(\d+)([MG])', str(mem), re.I)
    if not match:
        raise MachineError(f'memory size {mem}: say 64M, 1G, 2G')
    return int(match[1]) * (1024 if match[2] in ('G', 'g') else 1)


def machines():
    """tests/machines.tsv as {name: {'emu':, 'mem':, 'smp':, 'icount':, 'caps': [...], 'note':}}."""
    table = {}
    for line in (ROOT / 'tests/machines.tsv').read_text().splitlines():
        if not line or line.startswith(('#', 'machine\t')):
            continue
        name, start, caps, note = line.split('\t')
        row = {'emu': 'qemu', 'mem': '64M', 'smp': 1, 'icount': None, 'note': note}
        row.update(word.split('=') for word in start.split())
        row['smp'] = int(row['smp'])
        row['caps'] = [] if caps == '-' else caps.split()
        table[name] = row
    return table


def named(name):
    """The arguments of Machine() for a machine of the table."""
    table = machines()
    if name not in table:
        raise MachineError(f'no machine {name} in tests/machines.tsv; there are: {" ".join(table)}')
    return {key: table[name][key] for key in ('emu', 'mem', 'smp', 'icount')}


def kernel(key):
    """The ELF of a checkpoint, as its book names it."""
    elf = ROOT / 'build' / key / 'weft.elf'
    if not elf.is_file():
        raise MachineError(f'checkpoint {key} is not built; build it first: make kernel CH={key}')
    return elf


def make(src, obj, *targets):
    """Build a tangled tree; the CompletedProcess, with all that was said in .stdout."""
    environment = {name: value for name, value in os.environ.items() if name not in ('MAKEFLAGS', 'MAKELEVEL', 'MFLAGS')}
    return subprocess.run(['make', '-C', str(src), f'O={obj}', *targets], env=environment, text=True, errors='replace',
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def variant(src, out, symbols):
    """Build a tangled tree configured otherwise, {'PAE': 'y', 'HZ': '1000'}, in `out`; again only if something changed."""
    spec = ''.join(f'CONFIG_{key}={value}\n' for key, value in sorted(symbols.items()))
    kconfig = ''.join(path.read_text() for path in sorted(src.rglob('*')) if re.search('Kconfig|defconfig', path.name))
    wanted = spec + hashlib.sha256(kconfig.encode()).hexdigest() + '\n'
    stamp = out / 'variant.txt'

    def made(*targets):
        done = make(src, out, *targets)
        if done.returncode:
            raise MachineError(f'the kernel with {" ".join(spec.split())} does not build:\n{done.stdout[-2000:]}')

    out.mkdir(parents=True, exist_ok=True)
    with open(out / 'variant.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)            # two tests may want the same one at once
        if not stamp.exists() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            made('defconfig')
            config, lines = (out / '.config').read_text(), []
            for key, value in symbols.items():
                config = re.sub(rf'(?m)^(# CONFIG_{key} is not set|CONFIG_{key}=.*)\n', '', config)
                lines.append(f'# CONFIG_{key} is not set' if value == 'n' else f'CONFIG_{key}={value}')
            (out / '.config').write_text(config + '\n'.join(lines) + '\n')      # of a choice, the last that is set counts
            made('olddefconfig')
            settled = (out / '.config').read_text().splitlines()
            for line in lines:
                if line not in settled and not line.startswith('#'):
                    raise MachineError(f'the configuration does not take {line}: there is no such symbol, what it depends on is '
                                       'not set, or another of its choice is; see the Kconfig files')
            stamp.write_text(wanted)
        made()
    return out


def overlaid(key, overlay):
    """Tangle a checkpoint with a literate file laid over it, say one of history/: the directory that holds it as src/."""
    out = ROOT / 'build' / key / 'overlay' / Path(overlay).stem
    done = subprocess.run([ROOT / 'tangle/tangle', key, out / 'src', '--overlay', ROOT / overlay], text=True,
                          errors='replace', stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise MachineError(f'{overlay} does not tangle over checkpoint {key}:\n{done.stdout[-2000:]}')
    return out


def capabilities(emu='qemu', mem='64M', smp=1, icount=None):
    """What the table says of the machines that this one can do everything of."""
    caps = []
    for row in machines().values():
        if (row['emu'] == emu and row['smp'] <= smp and megabytes(row['mem']) <= megabytes(mem)
                and (row['icount'] is None or icount is not None and int(icount) >= int(row['icount']))):
            caps += [cap for cap in row['caps'] if cap not in caps]
    return caps


def test_words(commands='test,off', **machine):
    """The kernel command line of a test boot on that machine (emu=, mem=, smp=, icount=)."""
    return f'do={commands} console_levels caps={",".join(capabilities(**machine))}'


def segments(data):
    """The program headers of the loaded segments of a 32-bit ELF: (type, offset, virtual, physical, in file, in memory, ..)."""
    if data[:5] != b'\x7fELF\x01':
        raise MachineError('the kernel is no 32-bit ELF file; build it again')
    at, = struct.unpack_from('<I', data, 28)
    size, count = struct.unpack_from('<HH', data, 42)
    headers = (struct.unpack_from('<8I', data, at + i * size) for i in range(count))
    return [header for header in headers if header[0] == 1]          # PT_LOAD


def image(elf):
    """What a boot depends on: a hash of the entry and the loaded segments. Debug information changes nothing."""
    data = Path(elf).read_bytes()
    digest = hashlib.sha256(data[24:28])             # the entry
    for header in segments(data):
        offset, length = header[1], header[4]
        digest.update(struct.pack('<8I', *header) + data[offset:offset + length])
    return digest.hexdigest()


def check_memory(elf, mem):
    """A boot loader that finds no room for the kernel may say nothing and try for ever."""
    top = max(header[3] + header[5] for header in segments(elf.read_bytes()))
    if top > megabytes(mem) << 20:
        raise MachineError(f'memory size {mem}: this kernel reaches up to {top / (1 << 20):.1f} MB; say 64M')


def calm_signals():
    """Let a `kill` unwind the stack as Ctrl-C does, so that emulators are ended and files removed."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))


def judge():
    """The module tests/lib/judge.py, which reads TAP."""
    sys.path.append(str(ROOT / 'tests/lib'))
    return importlib.import_module('judge')


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)      # PR_SET_PDEATHSIG


def need(program, package):
    if not shutil.which(program):
        raise MachineError(f'{program} is not installed; run `make setup` (Debian package {package})')


def make_iso(elf, out, cmdline='', modules=()):
    """A CD that boots `elf` through GRUB, with no more of GRUB than that takes."""
    need('grub-mkimage', 'grub-pc-bin grub-common')
    need('xorriso', 'xorriso')
    with tempfile.TemporaryDirectory(prefix='weft-iso-') as tmp:
        tree = Path(tmp, 'tree')
        tree.mkdir()
        strip = shutil.which('i686-linux-gnu-strip') or 'strip'
        run_tool(strip, '--strip-debug', '-o', tree / 'weft.elf', elf)
        lines = ['search.file /weft.elf root', f'multiboot /weft.elf weft.elf {cmdline}']
        for module in map(Path, modules):
            shutil.copy(module, tree / module.name)
            lines.append(f'module /{module.name} {module.name}')
        Path(tmp, 'grub.cfg').write_text('\n'.join(lines + ['boot', '']))
        run_tool('grub-mkimage', '-O', 'i386-pc-eltorito', '-o', tree / 'grub.img', '-p', '/', '-c',
                 Path(tmp, 'grub.cfg'), 'biosdisk', 'iso9660', 'multiboot', 'search_fs_file', 'boot')
        new = Path(f'{out}.new')
        run_tool('xorriso', '-as', 'mkisofs', '-quiet', '-R', '-V', 'WEFT', '-b', 'grub.img', '-no-emul-boot',
                 '-boot-load-size', '4', '-boot-info-table', '-o', new, tree,
                 env=dict(os.environ, SOURCE_DATE_EPOCH='1000000000'))
        new.replace(out)


def run_tool(*command, **options):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors='replace', **options)
    if done.returncode:
        raise MachineError(f'{command[0]} failed: {done.stdout.strip()}')
    return done.stdout


class Result:
    def __init__(self, machine):
        self.emu, self.mem, self.smp = machine.emu, machine.mem, machine.smp
        self.lines, self.where, self.complaint = [], [], ''
        self.status = self.calibration = None
        self.ended, self.seconds, self.limit, self.cut = 'exit', 0.0, EARLY_SILENCE, False

    @property
    def output(self):
        return ''.join(text + '\n' for _, text in self.lines)

    def verdict(self, **options):
        return judge().judge(self, **options)


class Machine:
    def __init__(self, elf, emu='qemu', mem='64M', smp=1, icount=None, cmdline='', modules=(), options=()):
        self.elf, self.emu, self.mem, self.smp, self.icount = Path(elf).resolve(), emu, mem, int(smp), icount
        self.cmdline, self.modules, self.options = cmdline.strip(), [Path(m).resolve() for m in modules], list(options)
        self.process = self.input = self.serial = self.screen = None
        self.qmp = self.shutdown = None
        self.fds = []
        if emu not in EMULATORS:
            raise MachineError(f'no emulator named {emu}: say {", ".join(EMULATORS[:-1])} or {EMULATORS[-1]}')
        if icount is not None and (emu != 'qemu' or self.smp > 1):
            raise MachineError('icount needs qemu and one CPU')
        if not self.elf.is_file():
            raise MachineError(f'no kernel at {elf}: build it first, say with `make kernels`')
        if self.smp < 1:
            raise MachineError(f'{smp} processors: say 1 or more')
        if emu == 'v86' and (self.smp > 1 or megabytes(mem) > V86_MOST_MB or modules or options):
            raise MachineError(f'v86 has one CPU, at most {V86_MOST_MB} MB, no modules and no options; say emu=qemu')
        check_memory(self.elf, mem)
        self.tmp = Path(tempfile.mkdtemp(prefix='weft-'))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Starting
    def start(self, interactive=False, extra=(), keys=None):
        """Start the emulator, its serial port on pipes; interactive: on our terminal (QEMU, v86), or on a pty (Bochs).

        `keys`: the serial port's input comes from this file descriptor and its output goes to our own.
        """
        self.started = time.monotonic()
        self.interactive, self.keys = interactive or keys is not None, keys
        {'bochs': self.start_bochs, 'v86': self.start_v86}.get(self.emu, self.start_qemu)(extra)
        return self

    def start_qemu(self, extra):
        need('qemu-system-i386', 'qemu-system-x86')
        self.qmp, qmp = socket.socketpair()
        command = ['qemu-system-i386', '-accel', 'kvm' if self.emu == 'kvm' else 'tcg', '-nodefaults', '-vga', 'std',
                   '-display', 'none', '-device', 'isa-debug-exit,iobase=0xf4,iosize=4',
                   '-m', self.mem, '-smp', f'{self.smp},sockets={self.smp}',
                   '-rtc', 'base=2001-09-09T01:46:40,clock=vm' if self.icount is not None else 'base=utc',
                   '-action', 'reboot=shutdown,shutdown=pause',       # a triple fault leaves it standing, to be looked at
                   '-chardev', f'socket,id=qmp,fd={qmp.fileno()}', '-mon', 'chardev=qmp,mode=control',
                   '-serial', 'mon:stdio' if self.interactive and self.keys is None else 'stdio',
                   '-kernel', self.elf.name, '-append', self.cmdline]
        if self.icount is not None:
            command += ['-icount', f'shift={self.icount},sleep=off']
        if self.modules:
            command += ['-initrd', ','.join(map(str, self.modules))]
        self.spawn([*command, *self.options, *extra], cwd=self.elf.parent, pass_fds=[qmp.fileno()], **self.streams())
        self.connect(qmp)

    def start_v86(self, extra):
        need('node', 'nodejs')
        command = ['node', ROOT / 'tangle/v86/run.mjs', self.elf, '--mem', megabytes(self.mem), '--cmdline', self.cmdline]
        if self.interactive:
            self.spawn([*command, *extra], **self.streams())
            return
        self.qmp, qmp = socket.socketpair()
        self.spawn([*command, '--qmp', qmp.fileno(), *extra], pass_fds=[qmp.fileno()], **self.streams())
        self.connect(qmp)

    def streams(self):
        return {'stdin': self.keys} if self.interactive else {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE}

    def connect(self, theirs):
        """Wait until the emulator answers on its side of the monitor's socket."""
        theirs.close()
        self.qmp.settimeout(10)
        self.answers = self.qmp.makefile('r')
        self.query('qmp_capabilities')
        if not self.interactive:
            self.input, self.serial = self.process.stdin.fileno(), self.process.stdout.fileno()

    def start_bochs(self, extra):
        need('bochs', 'bochs bochs-term bochsbios vgabios')
        iso = self.tmp / 'weft.iso'
        make_iso(self.elf, iso, self.cmdline, self.modules)
        self.serial, com1 = os.openpty()
        self.screen, screen = os.openpty()
        self.fds += [self.serial, com1, self.screen, screen]
        tty.setraw(com1)
        self.input, mem = self.serial, megabytes(self.mem)
        (self.tmp / 'bochsrc').write_text(BOCHSRC.format(mem=mem, host=min(mem, 256), smp=self.smp, iso=iso,
                                                         com1=os.ttyname(com1), log=self.tmp / 'log'))
        (self.tmp / 'go').write_text('c\n')         # Debian's Bochs waits in its debugger
        self.spawn(['bochs', '-q', '-f', self.tmp / 'bochsrc', '-rc', self.tmp / 'go', *extra],
                   stdin=screen, stdout=screen, env=dict(os.environ, TERM='xterm'))
        threading.Thread(target=self.drain_screen, daemon=True).start()

    def drain_screen(self):
        """Debian's Bochs draws on a terminal that it opens itself, and names it; it stands still when 64 KB are unread."""
        said, process, screen = self.tmp / 'stderr', self.process, None
        try:
            while not (match := re.search(r'connected to screen "(/dev/pts/\d+)"', said.read_text(errors='replace'))):
                if process.poll() is not None:
                    return
                time.sleep(0.05)
            screen = os.open(match[1], os.O_RDONLY | os.O_NOCTTY)
            tty.setraw(screen)
            while os.read(screen, 65536):
                pass
        except (OSError, termios.error):
            pass                                        # it has ended
        finally:
            if screen is not None:
                os.close(screen)

    def spawn(self, command, **streams):
        errors = open(self.tmp / 'stderr', 'wb')
        self.process = subprocess.Popen(list(map(str, command)), stderr=errors, preexec_fn=die_with_parent,
                                        start_new_session=not (self.interactive and self.emu != 'bochs'), **streams)
        errors.close()

    # Talking to it
    def send(self, text):
        os.write(self.input, text.encode())

    def monitor(self, line):
        """One command of QEMU's monitor, and its answer ('' if the machine has ended, or has no monitor)."""
        return self.query('human-monitor-command', {'command-line': line})

    def query(self, command, arguments=None):
        try:
            self.qmp.sendall(json.dumps({'execute': command, 'arguments': arguments or {}}).encode() + b'\n')
            while 'return' not in (answer := json.loads(self.answers.readline() or '{"return": ""}')):
                if 'error' in answer:
                    raise MachineError(f'QEMU: {command}: {answer["error"]["desc"]}')
                self.note(answer)
            return answer['return']
        except (AttributeError, OSError, ValueError):
            return ''

    def note(self, event):
        if event.get('event') == 'SHUTDOWN':
            self.shutdown = event['data'].get('reason')

    def read(self, address, count, physical=False):
        """Bytes of the running machine's memory, as CPU 0 sees them or at a physical address."""
        file = self.tmp / 'memory'
        said = self.monitor(f'{"p" if physical else ""}memsave {address:#x} {count} "{file}"')
        if said or not file.exists():
            raise MachineError(f'reading {count} bytes at {address:#x}: {said.strip() or "the machine has ended"}')
        return file.read_bytes()

    # Listening
    def run(self, on_line=None, typed=(), silence=None, limit=None):
        """Listen until the machine ends, or must be ended. `silence` and `limit` are seconds; None: by calibration."""
        listener = Listener(self, on_line, typed, silence, limit)
        while listener.result.ended == 'exit' and listener.listen():
            pass
        result = listener.finish()
        if result.ended not in ('exit', 'stopped', 'prompt'):
            result.where = self.where()
        elif result.ended == 'exit':
            if self.emu != 'bochs':
                result.status = self.process.wait()
            result.complaint = self.complaint()
            if 'exception with no resolution' in result.complaint:
                result.ended, result.where = 'reset', self.where()
        self.close()
        return result

    def dead(self):
        """All CPUs halted with interrupts off: nothing will ever happen again. (Bochs does not tell.)"""
        states = re.findall(r'EFL=([0-9a-f]+).*?HLT=(\d)', self.monitor('info registers -a'))
        return bool(states) and all(hlt == '1' and not int(flags, 16) & 0x200 for flags, hlt in states)

    def where(self):
        """The functions that CPU 0 is in, innermost first, by the frame pointers."""
        text = self.monitor('info registers') or self.log().partition('>>PANIC<<')[2]
        registers = {name: int(value, 16) for name, value in re.findall(r'\b(EIP|EBP)=([0-9a-f]+)', text)[1::-1]}
        if len(registers) < 2:
            return []
        return places(self.elf, callers(registers['EIP'], registers['EBP'], self.read if self.qmp else None))

    def log(self):
        """Bochs's log; its end holds the registers if Bochs gave up."""
        return (self.tmp / 'log').read_text(errors='replace') if (self.tmp / 'log').exists() else ''

    def complaint(self):
        """The emulator's own words when it could not go on."""
        panics = [line for line in re.findall(r'>>PANIC<< (.*)', self.log()) if 'shutdown requested' not in line]
        said = (self.tmp / 'stderr').read_text(errors='replace').strip()
        return '; '.join(panics) or ('' if self.log() else said)

    def close(self):
        """End the emulator and whatever it has started; harmless when it has ended."""
        process, self.process = self.process, None
        if process:
            if process.poll() is None:
                try:
                    if os.getpgid(process.pid) == process.pid:
                        os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream:
                    stream.close()
        for fd in self.fds:
            os.close(fd)
        if self.qmp:
            self.qmp.close()
        self.fds, self.serial, self.screen, self.qmp = [], None, None, None
        shutil.rmtree(self.tmp, ignore_errors=True)


class Listener:
    """What run() hears, line by line, and when it has heard enough: result.ended is 'exit' until then."""

    def __init__(self, machine, on_line, typed, silence, limit):
        self.machine, self.on_line, self.typed = machine, on_line, list(typed)
        self.silence, self.limit = silence, limit
        self.patience = float(os.environ.get('WEFT_PATIENCE', 1))
        self.result = Result(machine)
        self.result.limit = (silence or EARLY_SILENCE) * self.patience
        self.buffer, self.count, self.looked = b'', 0, False
        self.now = self.heard = machine.started

    def listen(self):
        """Take in what there is; False when the machine has ended by itself."""
        machine, result = self.machine, self.result
        inputs = [fd for fd in (machine.serial, machine.screen, machine.qmp) if fd is not None]
        ready, _, _ = select.select(inputs, [], [], 0.05)
        if machine.screen in ready:
            os.read(machine.screen, 65536)          # Bochs draws its VGA screen here; nobody looks
        if machine.qmp in ready and (event := machine.answers.readline()):
            machine.note(json.loads(event))
        data = os.read(machine.serial, 65536) if machine.serial in ready else b''
        self.now = time.monotonic()
        if data:
            self.take_in(data)
        elif machine.shutdown:
            result.ended = 'reset' if machine.shutdown == 'guest-reset' else 'stopped'
        elif machine.serial in ready or machine.process.poll() is not None:
            return False                            # end of file (QEMU), or nobody left to speak (Bochs)
        else:
            result.ended = self.quiet(self.now - self.heard)
        if self.now - machine.started > (self.limit * self.patience if self.limit else SILENCES * result.limit):
            result.ended = 'time'
        return True

    def take_in(self, data):
        self.heard, self.looked = self.now, False
        self.count += len(data)
        *lines, self.buffer = (self.buffer + data.replace(b'\r', b'')).split(b'\n')
        for text in lines:
            text = text.decode('ascii', 'backslashreplace')
            self.result.lines.append((self.now - self.machine.started, text))
            self.calibrate(text)
            if self.on_line and self.on_line(self.machine, text):
                self.result.ended = 'stopped'
                break
        if self.typed and PROMPT.fullmatch(self.buffer):
            self.machine.send(self.typed.pop(0) + '\n')
        if self.count > FLOOD:
            self.result.ended = 'flood'

    def calibrate(self, text):
        """Between these two lines the kernel runs its loop; the limit of silence follows from how long that took."""
        if text == CALIBRATE[0]:
            self.began = self.now
        elif text == CALIBRATE[1] and self.result.calibration is None and self.began:
            self.result.calibration = self.now - self.began
            if not self.silence:
                self.result.limit = self.patience * max(LEAST_SILENCE, LOOPS_OF_SILENCE * self.result.calibration)

    began = None

    def quiet(self, seconds):
        """Nothing was said for so long: is that the end, and which?"""
        if seconds > self.result.limit:
            return 'silence'
        if seconds > 1 and PROMPT.fullmatch(self.buffer):
            return 'prompt'
        if seconds > 1 and not self.looked:
            self.looked = True
            if self.machine.dead():
                return 'dead'
        return 'exit'

    def finish(self):
        """The result, with the line that was never ended."""
        if self.buffer:
            self.result.lines.append((self.now - self.machine.started, self.buffer.decode('ascii', 'backslashreplace')))
            self.result.cut = True
        self.result.seconds = time.monotonic() - self.machine.started
        return self.result


def callers(eip, ebp, read, most=10):
    """Addresses in the functions that the processor is in, innermost first, by the frame pointers. read(address, n)
    gives memory; None: it cannot be looked at."""
    addresses, frame = [eip], ebp
    try:
        while read and frame and len(addresses) < most:
            up, back = struct.unpack('<II', read(frame, 8))
            addresses.append(back - 1)
            if up <= frame:
                break
            frame = up
    except (OSError, MachineError):
        pass
    return addresses


def places(elf, addresses):
    """'function at chapters/NN-x.nw:LINE' of each address and of what was inlined there, innermost first, as far as the
    ELF's debug information knows; of the first address at least the number."""
    try:
        out = run_tool('i686-linux-gnu-addr2line', '-i', '-f', '-e', elf, *(f'{a & 0xffffffff:#x}' for a in addresses))
    except (MachineError, OSError):
        return [f'{a:#x}' for a in addresses]
    found, rows = [], out.splitlines()
    for name, place in zip(rows[::2], rows[1::2]):
        if name == '??':
            return found or [f'{addresses[0]:#x}']
        place = re.sub(r'^.*?(?=(?:chapters|exercises|answers)/)|^.*/src/', '', place.split(' (')[0])
        found.append(f'{name} at {place}' if '?' not in place else name)
    return found


def boot(elf, on_line=None, typed=(), silence=None, limit=None, **machine):
    with Machine(elf, **machine) as m:
        return m.start().run(on_line, typed, silence, limit)
