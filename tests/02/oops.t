#!/usr/bin/env python3
"""Oopses, BUG, WARN and dump_stack, their names and lines checked against what the host's tools read from the image."""

import bisect
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, 'tests/lib')
from weft import ROOT, boot, build, command, done, ok, same, tail, variant  # noqa: E402

OPTIONS = (build() / 'obj/.config').read_text()


class Image:
    """What nm and addr2line say about a kernel."""

    def __init__(self, directory):
        self.elf = directory / 'weft.elf'
        symbols = [line.split() for line in command('nm', '-n', self.elf).splitlines()]
        self.all = [(int(s[0], 16), s[1], s[2]) for s in symbols if len(s) == 3]
        self.text = sorted({(a, name) for a, kind, name in self.all if kind in 'tTwW' or name == '_end'})
        self.starts = [a for a, _ in self.text]

    def name(self, address):
        """{name+0xoffset/0xsize} for an address: several where several symbols are."""
        start = self.starts[bisect.bisect(self.starts, address) - 1]
        end = self.starts[bisect.bisect(self.starts, address)]
        return {f'{name}+{address - start:#x}/{end - start:#x}' for a, name in self.text if a == start}

    def line(self, address):
        found = command('addr2line', '-e', self.elf, hex(address)).split()[0]
        return re.sub(r'^.*?((chapters|arch|drivers|init|kernel|lib|mm)/)', r'\1', found)


def report(output, what):
    """The part of a transcript that a command printed."""
    found = re.search(rf'(?ms)> {what}\n(.*?)^weft:', output)
    return found[1] if found else ''


def trace(text):
    """[(address, name+offset/size, file:line)] of the lines of a call trace."""
    return [(int(a, 16), name, line) for a, name, line in
            re.findall(r'^ \[<([0-9a-f]{8})>\] (?:\? )?(\S+)(?: \((\S+)\))?$', text, re.M)]


def stem(name):
    return name.rsplit('/', 1)[0]


image = Image(build())
result = boot('do=oops,call,bug,warn,trace,off')
oops = report(result.output, 'oops')
frames = trace(oops)
same([name.split('+')[0] for _, name, _ in frames][:2] + [name.split('+')[0] for _, name, _ in frames][-2:],
     ['calibrate', 'lkdtm_oops', 'start_kernel', 'startup_32'], 'DBG-07 the trace goes from the fault to the first function')
wrong = [(hex(a), name, image.name(a)) for a, name, _ in frames if name not in image.name(a)]
ok(frames and not wrong, 'DBG-07 function+offset/size agree with nm, frame by frame', *wrong, oops)
if 'CONFIG_KALLSYMS_LINES=y' in OPTIONS:
    wrong = [(hex(a), line, image.line(a - 1)) for a, _, line in frames if line != image.line(a - 1)]
    ok(frames and not wrong, 'DBG-07 the lines agree with addr2line, frame by frame', *wrong, oops)
eip = re.search(r'EIP: \w{4}:\[<(\w{8})>\].*\nEIP is at (\S+)', oops)
ok(eip and eip[2] in image.name(int(eip[1], 16)), 'DBG-07 EIP is named', oops)
ok('kernel NULL pointer dereference at 00000004' in oops and 'Oops: 0002 [#1]' in oops and 'oops: killed' in oops,
   'an oops says what happened and ends the command that caused it', oops)
called = report(result.output, 'call')
ok('EIP is at 0x0' in called and trace(called) and trace(called)[0][1].startswith('lkdtm_call+'),
   'a call of address 0 shows the caller', called)


# BUG and WARN name a line of the source: it must be the one that says so
def source_line(text, before):
    found = re.search(before + r' (\S+):(\d+)', text)
    if not found:
        return ''
    for root in (ROOT, build() / 'src'):
        if (root / found[1]).exists():
            return (root / found[1]).read_text().splitlines()[int(found[2]) - 1]
    return ''


bug, warn = report(result.output, 'bug'), report(result.output, 'warn')
ok('BUG_ON(' in source_line(bug, 'kernel BUG at') and 'invalid opcode: 0000' in bug and 'bug: killed' in bug,
   'DBG-09 BUG_ON oopses and names its file and line', bug)
ok('WARN_ON(' in source_line(warn, 'WARNING: at') and trace(warn) and 'still here' in warn and 'killed' not in warn,
   'DBG-09 WARN_ON prints a trace and goes on', warn)

dump = report(result.output, 'trace')
same([name.split('+')[0] for _, name, _ in trace(dump)][:3], ['inner', 'outer', 'lkdtm_trace'],
     'DBG-11 dump_stack shows the chain of calls')
ok('still here' in dump and 'killed' not in dump, 'DBG-11 and goes on', dump)

# without and with all symbols
without, with_all = variant('kallsyms-n', KALLSYMS='n'), variant('kallsyms_all-y', KALLSYMS_ALL='y')
raw = boot('do=oops,off', elf=without / 'weft.elf')
text = report(raw.output, 'oops')
ok(trace(text) and not re.search(r'lkdtm|calibrate', text), 'DBG-06 without symbols the oops is bare numbers', *tail(raw))
with tempfile.NamedTemporaryFile('w', suffix='.txt') as file:
    file.write(text)
    file.flush()
    decoded = subprocess.run(['awk', '-f', build() / 'src/scripts/ksymoops', without / 'System.map', file.name],
                             stdout=subprocess.PIPE, text=True).stdout
same([stem(name) for _, name, _ in trace(decoded)], [stem(name) for _, name, _ in frames],
     'DBG-06 ksymoops and System.map give it the names that the other kernel prints')
here = re.search(r'EIP is at (\S+)', decoded)
same(here and stem(here[1]), eip and stem(eip[2]), 'DBG-06 and name EIP')
bare = Image(without)
wrong = [(hex(a), name, bare.name(a)) for a, name, _ in trace(decoded) if name not in bare.name(a)]
ok(not wrong, 'DBG-06 with offset and size as nm says', *wrong)

asked = 'do=kallsyms:swapper_pg,kallsyms:panic,off'
data = re.compile(r'^[0-9a-f]{8} [bBdDrR] ', re.M)
plain, full = boot(asked), boot(asked, elf=with_all / 'weft.elf')
ok(not data.search(plain.output) and ' T panic\n' in plain.output, 'DBG-07 without _ALL, functions are listed alone',
   *tail(plain))
listed = re.findall(r'^([0-9a-f]{8}) (\w) (swapper_pg_dir|panic_on_oops)$', full.output, re.M)
wanted = [(f'{a:08x}', kind, name) for a, kind, name in Image(with_all).all if name in ('swapper_pg_dir', 'panic_on_oops')]
same(sorted(listed), sorted(wanted), 'DBG-07 with _ALL, data symbols are listed too')


def loaded(directory):
    """Bytes that a loader brings into memory."""
    segments = command('readelf', '-lW', directory / 'weft.elf')
    return sum(int(size, 16) for size in re.findall(r'^ +LOAD +\S+ \S+ \S+ (\S+)', segments, re.M))


sizes = [loaded(directory) for directory in (without, build(), with_all)]
ok(sizes[0] < sizes[1] < sizes[2], f'DBG-07 the image grows: {sizes[0]}, {sizes[1]}, {sizes[2]} bytes', sizes)
done()
