#!/usr/bin/env python3
"""What the build leaves behind: a tree like Linux's, a kernel that needs nobody's library, inlines without a symbol."""

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, 'tests/lib')
from weft import build, command, done, note, ok, same  # noqa: E402

LINUX = set('arch block crypto Documentation drivers firmware fs include init ipc kernel lib mm net samples scripts '
            'security sound usr tools virt'.split())
src, obj = build() / 'src', build() / 'obj'
symbols = {tuple(line.split()[-2:]) for line in (obj / 'System.map').read_text().splitlines()}


def defined(file):
    """{(type, name)} of what an object file gives to the others."""
    lines = command('nm', '-g', '--defined-only', file).splitlines()
    return {tuple(line.split()[-2:]) for line in lines if len(line.split()) == 3}


def wanted(file):
    return {line.split()[-1] for line in command('nm', '-u', file).splitlines() if line}


with tempfile.TemporaryDirectory(prefix='weft-tree-') as out:
    log = command('make', '-C', src, f'O={out}')
logged = {str(Path(name).parent) for name in re.findall(r'^  (?:CC|AS) +(\S+)\.o$', log, re.M)}
sources = {str(path.parent.relative_to(src)) for path in src.rglob('*.[cS]')}
linked = {}
for path in sorted(obj.rglob('*.o')):
    where = str(path.parent.relative_to(obj))
    if (src / where / (path.stem + '.c')).exists() or (src / where / (path.stem + '.S')).exists():
        linked.setdefault(where, []).append(path)
inside = {where for where, files in linked.items() if any(defined(file) & symbols for file in files)}
optional = {where for where in sources if where not in linked}     # not chosen in this configuration
note(f'directories: {" ".join(sorted(inside))}')

same(sorted({where.split('/')[0] for where in sources} - LINUX), [], "INTRO-12 each directory at the top is one of Linux's")
same(sorted(inside), sorted(sources - optional), 'INTRO-12 System.map names an object of each directory')
same(sorted(logged), sorted(sources - optional), 'INTRO-12 the build log shows the same tree')

objects = [file for files in linked.values() for file in files]
given = {name for file in objects for _, name in defined(file)}
made = {line.split()[-1] for line in command('nm', build() / 'weft.elf').splitlines()} - given                        # by the linker script, or generated
missing = {name for file in objects for name in wanted(file)} - given - made
same(sorted(missing), [], 'BOOT-13 no object wants a symbol that the tree does not define')
same(sorted(wanted(build() / 'weft.elf')), [], 'BOOT-13 the linked kernel has no undefined symbol')
ok({('T', 'memcpy'), ('T', 'memset'), ('T', 'snprintf')} <= defined(obj / 'lib/string.o') | defined(obj / 'lib/vsprintf.o'),
   "BOOT-13 memcpy, memset and snprintf are lib/'s own")

names = {line.split()[-1] for line in command('nm', build() / 'weft.elf').splitlines()}
inlines = ['rdtsc', 'local_irq_disable', 'local_irq_enable', 'irqs_disabled']
same([name for name in inlines if name in names], [], 'BOOT-14 static inline helpers have no symbol')
done()
