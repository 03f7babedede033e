#!/usr/bin/env python3
"""Process 1: the last step of the boot, the candidates for it, and what is said when there is none."""

import sys

sys.path.insert(0, 'tests/lib')
from archive import PROGRAM, repacked, unpack  # noqa: E402
from weft import boot, build, done, ok, same, tail  # noqa: E402

elf = build() / 'weft.elf'
files = unpack(elf)
init = files['sbin/init']
others = {name: file for name, file in files.items() if name.startswith('tests/foo')}
UP = 'init: process 1 is up'


def lines(result):
    return [text for _, text in result.lines]


def tried(result):
    return [text for text in lines(result) if text.startswith(('Run ', 'Starting init'))]


result = boot('do=off')
said = lines(result)
if ok(UP in said, 'BOOT-06 process 1 is a program, and says that it is up', *tail(result)):
    same(said[said.index(UP) - 1], 'Run /sbin/init as init process', "BOOT-06 the kernel's last line is that it runs it")
    ok(all(text.startswith(('weft:', 'init:')) or not text for text in said[said.index(UP):]),
       'BOOT-06 and after it the kernel has nothing more to say', *said[said.index(UP):])

RUN = [f'Run {path} as init process' for path in ('/sbin/init', '/etc/init', '/bin/init', '/bin/sh')]
for number, name in ((2, 'etc/init'), (3, 'bin/init'), (4, 'bin/sh')):
    result = boot('do=off', elf=repacked(elf, {**others, name: init}, 'init'))
    ok(tried(result) == RUN[:number] and UP in lines(result), f'BOOT-06 without what comes before it, /{name} is process 1',
       *tail(result))

result = boot('do=off', elf=repacked(elf, {**others, 'sbin/init': (PROGRAM, b'#!/bin/sh\n'), 'bin/init': init}, 'init'))
same(tried(result), [RUN[0], "Starting init: /sbin/init exists but couldn't execute it (error -8)", *RUN[1:3]],
     'BOOT-06 one that cannot be executed is named, and passed over')

result = boot('do=off', elf=repacked(elf, others, 'init'))
ok('Kernel panic - not syncing: No working init found.' in result.output, 'BOOT-06 without any the kernel panics, and says why',
   *tail(result))

result = boot('init=/etc/mine do=off', elf=repacked(elf, {**others, 'etc/mine': init}, 'init'))
ok(tried(result) == ['Run /etc/mine as init process'] and UP in lines(result), 'BOOT-06 init= names another', *tail(result))
result = boot('init=/etc/mine do=off')
ok('Kernel panic - not syncing: Requested init /etc/mine failed (error -2).' in result.output,
   'BOOT-06 one that was named must be there', *tail(result))
result = boot('init=/tests/foo do=off')
ok('Attempted to kill init! exitcode=0x0' in result.output, 'BOOT-06 and must not end', *tail(result))
done()
