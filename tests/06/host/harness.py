"""The host harness: structures of checkpoint 06, unmodified, in programs of the host.

    sys.path.insert(0, 'tests/06/host'); import harness
    harness.PROGRAMS                 {name: the files of the tree that it is linked with}
    python3 tests/06/host/harness.py NAME...         show it
    harness.compile(name, 'x86-64', src)  -> Program(path, run)    src: a tangled tree, say build() / 'src'
    harness.run(program, '3000')     -> CompletedProcess, its output as text
    harness.kinds(name)              the builds in which it is tested
    harness.all_of(work)             runs functions, as many at a time as there are processors

A new structure: tests/06/host/NAME.c (host.h says how), a line in PROGRAMS, and a fault or more in tests/06/faults/, mutants
whose `row:` is NAME and `test:` host.t. What its files need of the kernel and the host has not goes into shim/, which is
searched before the tree's include/.
"""

import os
import subprocess
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PROGRAMS = {
    'list': [],
    'hlist': [],
    'kfifo': ['lib/kfifo.c'],
    'bitmap': ['lib/bitmap.c', 'lib/find_bit.c'],
    'threads': ['lib/kfifo.c', 'lib/llist.c'],
    'rbtree': ['lib/rbtree.c'],
    'augmented': ['lib/rbtree.c'],
    'radix': ['lib/radix-tree.c', 'lib/find_bit.c'],
    'idr': ['lib/idr.c', 'lib/radix-tree.c', 'lib/find_bit.c'],
}
MACHINES = ['x86-64', 'i386', 'powerpc']
SANITIZERS = '-fsanitize=address,undefined -fno-sanitize-recover=all'
CROSS_I386 = '-Wl,--dynamic-linker=/usr/i686-linux-gnu/lib/ld-linux.so.2 -Wl,-rpath,/usr/i686-linux-gnu/lib'
BUILDS = {                            # compiler and its flags; what runs the program
    'x86-64': (f'clang {SANITIZERS}', ''),
    'i386': (f'i686-linux-gnu-gcc {SANITIZERS} {CROSS_I386}', ''),
    'powerpc': ('powerpc-linux-gnu-gcc -static', 'qemu-ppc'),
    'fuzz': ('clang -DFUZZ -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all', ''),
    'threads': ('clang -fsanitize=thread', ''),
    'fast': ('clang -O2', ''),
}
FLAGS = ('-std=gnu11 -O1 -g -Wall -Wextra -Werror -Wno-unused-parameter -Wno-unused-function -Wno-sign-compare '
         '-fno-strict-aliasing -fno-omit-frame-pointer')
ENVIRONMENT = {'ASAN_OPTIONS': 'abort_on_error=1:allocator_may_return_null=1', 'UBSAN_OPTIONS': 'print_stacktrace=1',
               'TSAN_OPTIONS': 'halt_on_error=1'}
Program = namedtuple('Program', 'name build path words')


class HostError(Exception):
    """A program did not compile; the compiler's words are the text."""


def compile(name, build, src, out=None):
    """Build program `name` from tests/06/host/NAME.c and the tree `src`."""
    compiler, runner = BUILDS[build]
    src = Path(src).resolve()
    out = Path(out or src.parent / 'host').resolve() / build
    out.mkdir(parents=True, exist_ok=True)
    words = (compiler.split() + FLAGS.split() + ['-I', HERE / 'shim', '-I', HERE, '-I', src / 'include', HERE / 'host.c',
             HERE / f'{name}.c'] + [src / path for path in PROGRAMS[name]] + ['-o', out / name, '-lpthread'])
    done = subprocess.run([str(word) for word in words], cwd=ROOT, text=True, errors='replace',
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise HostError(done.stdout)
    return Program(name, build, out / name, runner.split() + [str(out / name)])


def kinds(name):
    return ['threads', 'powerpc'] if name == 'threads' else [*MACHINES, 'fuzz']


def run(program, *arguments, **options):
    return subprocess.run(program.words + [str(word) for word in arguments], text=True, errors='replace',
                          cwd=program.path.parent, env=dict(os.environ, **ENVIRONMENT), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def all_of(work):
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return [future.result() for future in [pool.submit(function) for function in work]]


def main():
    """harness.py NAME...: what each observes on each of MACHINES, one line each; build/06/src must be tangled"""
    import sys
    failed = False
    for name in sys.argv[1:]:
        for build in MACHINES:
            done = run(compile(name, build, ROOT / 'build/06/src'))
            failed |= done.returncode != 0
            print(f'{build:8} {done.stdout.strip()}', flush=True)
    return failed


if __name__ == '__main__':
    raise SystemExit(main())
