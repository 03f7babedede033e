#!/usr/bin/env python3
"""Machines, with a stand-in kernel that misbehaves on demand (stub.c): hangs are found, emulators always ended."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'lib'))
from weft import ROOT, command, done, machine, ok, same, tail  # noqa: E402

machine.LEAST_SILENCE, machine.EARLY_SILENCE, machine.FLOOD = 2.0, 10.0, 100_000
tmp = Path(tempfile.mkdtemp(prefix='weft-test-'))
atexit.register(shutil.rmtree, tmp, True)
elf = tmp / 'stub.elf'
command('gcc', '-O1', '-g', '-m32', '-ffreestanding', '-nostdlib', '-static', '-fno-pie', '-no-pie',
        '-fno-stack-protector', '-fno-omit-frame-pointer', '-Wl,-Ttext=0x1000000,--build-id=none',
        ROOT / 'tests/self/stub.c', '-o', elf)


def emulators():
    """The emulators that run our stub, by /proc: QEMU knows it by its directory, v86 by its path."""
    found = []
    for path in Path('/proc').glob('[0-9]*/cmdline'):
        try:
            program, *words = path.read_bytes().split(b'\0')
            if (b'qemu-system' in program and Path(path.parent, 'cwd').resolve() == tmp
                    or program == b'node' and str(elf).encode() in words):
                found.append(int(path.parent.name))
        except OSError:
            pass
    return found


def run(act, **options):
    return machine.boot(elf, cmdline=f'act={act} do=test,off', **options)


def fails(act, ended, reason, **options):
    result = run(act, **options)
    verdict = result.verdict()
    ok(result.ended == ended and not verdict.ok and reason in verdict.reason,
       f'{options.get("emu", "qemu")}: {act} is found: {reason}', *tail(result), verdict.reason)
    return result


good = run('good')
ok(good.verdict().ok and good.status == 33, 'qemu: a good boot', *tail(good))
ok(good.calibration and good.calibration < 5, 'the calibration loop is timed')
same([text for text in good.output.splitlines() if 'stub: ' in text],
     ['stub: stub.elf act=good do=test,off'], 'the command line arrives')
good = run('good', icount=0)
ok(good.verdict().ok, 'qemu: with icount', *tail(good))
fails('fail', 'exit', 'DEMO-02')
fails('no-plan', 'exit', 'no plan')
fails('twice', 'exit', 'number 2 twice')
fails('panic', 'exit', 'panic')
fails('oops', 'exit', 'oops')
fails('error-line', 'exit', 'lost an interrupt')
fails('early-off', 'exit', 'truncated: 1 of 3')
fails('wrong-status', 'exit', 'exit status 35')
hung = fails('hang', 'silence', 'hang in test 2')
ok(hung.where and hung.where[0].startswith('hang at ') or 'main' in str(hung.where), 'and where it hung', hung.where)
fails('no-off', 'silence', 'hang')
fails('halt', 'dead', 'all processors halted')
fails('reset', 'reset', 'restarted itself')
fails('flood', 'flood', 'flood')
early = fails('early-hang', 'silence', 'no word for 1 s', silence=1)

talk = machine.boot(elf, cmdline='act=shell', typed=['p', 'q'])
ok('pong' in talk.output and talk.status == 33, 'lines are typed at prompts', *tail(talk))
idle = machine.boot(elf, cmdline='act=shell', typed=['p'])
same(idle.ended, 'prompt', 'a prompt with nothing more to type is an end')
peek = []
machine.boot(elf, lambda m, text: text.startswith('ok 1') and not peek.append(m.read(0x1000000, 4)), cmdline='act=hang')
same(peek, [b'\x02\xb0\xad\x1b'], 'memory is read from outside')

try:
    machine.boot(tmp / 'none.elf')
    ok(False, 'a missing kernel is an error')
except machine.MachineError as error:
    ok('build it first' in str(error), 'a missing kernel is an error that says what to do', error)

if shutil.which('bochs'):
    good = run('good', emu='bochs')
    ok(good.verdict().ok, 'bochs: a good boot', *tail(good), good.verdict().reason, good.complaint)
    fails('reset', 'reset', 'restarted itself', emu='bochs')
    fails('hang', 'silence', 'hang in test 2', emu='bochs', silence=8)

good = run('good', emu='v86')
ok(good.verdict().ok and good.status == 33, 'v86: a good boot', *tail(good), good.verdict().reason, good.complaint)
same([text for text in good.output.splitlines() if 'stub: ' in text],
     ['stub: stub.elf act=good do=test,off'], 'v86: the command line arrives')
fails('fail', 'exit', 'DEMO-02', emu='v86')
fails('panic', 'exit', 'panic', emu='v86')
fails('wrong-status', 'exit', 'exit status 35', emu='v86')
hung = fails('hang', 'silence', 'hang in test 2', emu='v86')
ok('main' in str(hung.where), 'v86: and where it hung', hung.where)
fails('halt', 'dead', 'all processors halted', emu='v86')
fails('reset', 'reset', 'restarted itself', emu='v86')
fails('flood', 'flood', 'flood', emu='v86')
talk = machine.boot(elf, cmdline='act=shell', typed=['p', 'q'], emu='v86')
ok('pong' in talk.output and talk.status == 33, 'v86: lines are typed at prompts', *tail(talk))
peek = []
machine.boot(elf, lambda m, text: text.startswith('ok 1') and not peek.append(m.read(0x1000000, 4)), cmdline='act=hang',
             emu='v86')
same(peek, [b'\x02\xb0\xad\x1b'], 'v86: memory is read from outside')
for kind, reason in (({'smp': 2}, 'one CPU'), ({'mem': '2G'}, '2000 MB'), ({'modules': [elf]}, 'no modules')):
    try:
        run('good', emu='v86', **kind)
        ok(False, f'v86: refuses {kind}')
    except machine.MachineError as error:
        ok(reason in str(error), f'v86: refuses what it cannot do: {reason}', error)

# However the host program ends, its emulator ends too.
# (kill -9 leaves the files, so it comes last.)
for number, name, emu in ((signal.SIGINT, 'Ctrl-C', 'qemu'), (signal.SIGTERM, 'kill', 'qemu'), (signal.SIGTERM, 'kill', 'v86'),
                          (signal.SIGKILL, 'kill -9', 'qemu'), (signal.SIGKILL, 'kill -9', 'v86')):
    child = subprocess.Popen([ROOT / 'tangle/boot', '--elf', elf, '--emu', emu, '--', 'act=hang'], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, start_new_session=True, env=dict(os.environ, TMPDIR=str(tmp)),
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    until = time.monotonic() + 20
    while not (born := emulators()) and time.monotonic() < until:
        time.sleep(0.05)
    child.send_signal(number)
    child.wait()
    until = time.monotonic() + 20
    while (left := emulators()) and time.monotonic() < until:
        time.sleep(0.05)
    files = [] if number == signal.SIGKILL else list(tmp.glob('weft-*'))
    ok(born and not left and not files, f'{emu}: {name} leaves no emulator behind, nor its files', born, left, files)
done()
