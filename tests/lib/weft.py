"""For tests/*/*.t: TAP, and the checkpoint under test.

    import sys; sys.path.insert(0, 'tests/lib')      tests run in the repository's root
    from weft import *

    result = boot('do=null,off')                     the checkpoint of this test's directory; mem=, smp=, emu=, icount=,
                                                     ch='01' (another checkpoint), typed=['help', 'off'] as machine.boot
    ok('Oops' in result.output, 'BOOT-16 a NULL dereference oopses', *tail(result))
    same(found, wanted, 'BOOT-04 the text is at 16 MB')
    skip('BOOT-07 two processors', 'needs a second CPU')
    done()                                           the plan; exit status

    build()          the directory with src/ obj/ weft.elf of the checkpoint under test
    source(path)     a file of its tangled tree, as text
    variant('vga_console-n', VGA_CONSOLE='n')        the same checkpoint configured otherwise -> its directory;
    boot(..., elf=variant(...) / 'weft.elf')         built under variants/, again only if something changed; call it as
                                                     `make runs` does, 'vga_console-n', and it is built once for both
    overlay('history/03-x.nw')                       the same checkpoint with this file laid over it -> its directory
    command('nm', elf)                               output of a host command; fails the test file if it fails

A line that proves a row of tests/coverage.tsv begins with the row's name. `make mutants` runs the same file on a broken
kernel: WEFT_BUILD is then the directory that build() gives, or overlay() of what WEFT_OVERLAY names.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tangle'))
import machine  # noqa: E402
from judge import judge  # noqa: E402,F401

CROSS = os.environ.get('CROSS_COMPILE', 'i686-linux-gnu-')
CHAPTER = os.environ.get('WEFT_CH') or Path(sys.argv[0]).resolve().parent.name
__all__ = ['ROOT', 'CROSS', 'CHAPTER', 'ok', 'same', 'skip', 'note', 'done', 'boot', 'build', 'source', 'variant',
           'overlay', 'command', 'tail', 'judge', 'machine']
results = []
machine.calm_signals()


# TAP
def ok(condition, description, *diagnosis):
    results.append(bool(condition))
    if not condition:
        note(*diagnosis)
    print(f'{"ok" if condition else "not ok"} {len(results)} - {description}', flush=True)
    return bool(condition)


def same(found, wanted, description):
    return ok(found == wanted, description, f'found:  {found!r}', f'wanted: {wanted!r}')


def skip(description, reason):
    results.append(True)
    print(f'ok {len(results)} - {description} # SKIP {reason}', flush=True)


def note(*texts):
    for text in texts:
        for line in str(text).splitlines():
            print(f'# {line}', flush=True)


def done():
    print(f'1..{len(results)}', flush=True)
    sys.exit(0 if all(results) else 1)


def tail(result, count=15):
    """The end of what a boot said and the verdict on it, for a diagnosis."""
    return [text for _, text in result.lines[-count:]] + [f'ended: {result.ended}, status {result.status}', *result.where]


# The checkpoint under test
def build(ch=None):
    if os.environ.get('WEFT_BUILD') and not os.environ.get('WEFT_OVERLAY') and ch in (None, CHAPTER):
        return Path(os.environ['WEFT_BUILD'])
    return ROOT / 'build' / (ch or CHAPTER)


def source(path):
    return (build() / 'src' / path).read_text()


def boot(cmdline='', ch=None, elf=None, **options):
    try:
        return machine.boot(elf or build(ch) / 'weft.elf', cmdline=cmdline, **options)
    except machine.MachineError as error:
        sys.exit(f'Bail out! {error}')


def variant(name, **symbols):
    """Symbols without CONFIG_: 'y', 'n', a number, or a string in quotes."""
    try:
        return machine.variant(build() / 'src', build() / 'variants' / name, symbols)
    except machine.MachineError as error:
        note(error)
        sys.exit(f'Bail out! {str(error).splitlines()[0]}')


def overlay(path):
    if os.environ.get('WEFT_OVERLAY') == path:
        return Path(os.environ['WEFT_BUILD'])
    try:
        out = machine.overlaid(CHAPTER, path)
    except machine.MachineError as error:
        note(error)
        sys.exit(f'Bail out! {str(error).splitlines()[0]}')
    built = machine.make(out / 'src', out / 'obj')
    if built.returncode:
        note(built.stdout[-2000:])
        sys.exit(f'Bail out! the checkpoint with {path} does not build')
    shutil.copy(out / 'obj/weft.elf', out / 'weft.elf')
    return out


def command(*words, **options):
    words = [str(word) for word in words]
    if words[0] in ('nm', 'objdump', 'readelf', 'objcopy', 'addr2line', 'gcc', 'size', 'strings'):
        words[0] = CROSS + words[0]
    finished = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace',
                              **options)
    if finished.returncode:
        note(finished.stdout[-2000:])
        sys.exit(f'Bail out! {" ".join(words)} failed with status {finished.returncode}')
    return finished.stdout
