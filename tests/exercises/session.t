#!/usr/bin/env python3
"""tangle/session.py, by which exercises are graded, on the kernels of chapters 1, 3 and 4: what it looks at is so, what it calls runs."""

import sys
import time

sys.path.insert(0, 'tests/lib')
from weft import build, done, ok, same     # noqa: E402
from session import NoCommand, NoSymbol, Panic, PowerOff, Reset, Session, Timeout     # noqa: E402

k = Session(build('01') / 'weft.elf')


def raises(trouble, function, *args, **options):
    try:
        function(*args, **options)
    except trouble as found:
        return str(found) or True
    return None


k.boot('one two=3')
ok(k.string('boot_command_line').endswith(' one two=3'), 'words reach the command line, and memory is read by symbol')
ok('list the commands' in k.type('help').text, 'what a command prints comes back')
same(k.type(''), [], 'a command that prints nothing gives no lines')
same(k.type('help'), k.type('help'), 'the same command gives the same lines')

same(k.call('strlen', 'four'), 4, 'a function is called with a text')
same(k.call('strcmp', 'a', 'b', signed=True), -1, 'a result may be signed')
copy = bytearray(8)
same((k.call('strscpy', copy, 'abcdefghij', 8, signed=True), bytes(copy)), (-7, b'abcdefg\0'), 'a buffer comes back filled')
line = bytearray(16)
same((k.call('snprintf', line, 16, '%d:%s', -5, 'x', stack=True), line.partition(b'\0')[0]), (4, b'-5:x'),
     'a variadic function takes all arguments from the stack')
before = k.registers()
k.call('strlen', 'x')
same(k.registers(), before, 'a call leaves the registers as they were')

k.write(0x3000000, bytes(range(256)) * 20)
same(k.read(0x3000000 + 4096, 8), bytes(range(8)), 'memory is written and read across packets')
same(k.physical(0x3000000, 2), b'\0\1', 'physical memory too')
k.write('boot_command_line+4', 0x41424344)
same(k.string('boot_command_line', 8), 'weftDCBA', 'a number is written as 32 bits, at an offset from a symbol')
same(k.constant('sizeof(struct multiboot_info)'), k.constant('(int)&((struct multiboot_info *)0)->mmap_addr') + 4,
     'sizes and offsets come from the debug information')

ok(raises(NoSymbol, k.call, 'no_such_function'), 'a missing function is told apart')
ok(raises(NoCommand, k.type, 'nonsense'), 'a missing command is told apart')
ok('switched off' not in (raises(PowerOff, k.type, 'off') or 'switched off'), 'powering off is told apart')
ok(raises(PowerOff, k.type, 'help'), 'and then nothing answers')
k.boot()
said = raises(Reset, k.type, 'fault')
ok(said and 'triple fault' in said, 'a triple fault is told apart', said)
k.boot()
start = time.monotonic()
said = raises(Timeout, k.call, 'monitor', patience=0.2)
ok(said and 'time limit' in said, 'a function that does not return is given up', said)
ok(time.monotonic() - start < 5 + k.limit(), 'and that does not take long')
k.boot('do=help')
ok('list the commands' in k.text and k.text.endswith('weft:01> '), 'commands on the command line are not taken for the end')
k.close()

# with tasks, the monitor's is the one that stands at the prompt and makes the calls; it may sleep in them
k = Session(build('03') / 'weft.elf')
k.boot('do=forks:10')
before = k.call('nr_context_switches')
pid = k.call('user_mode_thread', k.address('nr_free_pages'), 0, 17)
status = bytearray(4)
same((k.call('kernel_wait4', pid, status, 0), len(k.type('forks 10'))), (pid, 1), 'a called function sleeps, and returns when it was woken')
ok(k.call('nr_context_switches') > before, 'others have run meanwhile')
k.call('yield')
same(k.registers()['eip'], k.address('serial_getc'), 'after a call that gave others a turn, the monitor stands at the prompt again')
said = raises(Panic, k.call, 'lkdtm_oops')
ok(said and 'Oops: 0002' in said, 'an oops in a called function is a crash, though only the monitor dies of it', said)
k.boot()
said = raises(Timeout, k.call, 'kthreadd', 0, patience=0.2)
ok(said and 'time limit' in said, 'a called function that sleeps for ever is given up', said)
k.close()

# on a kernel that preempts, in virtual time
k = Session(build('04') / 'weft.elf', icount=8)
k.boot()
start, ticks = time.monotonic(), k.u32('jiffies')
k.call('msleep', 40000, patience=4)
ticks = k.u32('jiffies') - ticks
ok(10000 <= ticks <= 10004, 'a function may sleep, and with icount it sleeps exactly', f'{ticks} ticks')
ok(time.monotonic() - start < 30, 'in less time than it says', f'{time.monotonic() - start:.1f} s')
k.close()
done()
