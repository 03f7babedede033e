#!/usr/bin/env python3
"""What programs print: foo's line, the kernel's name, what was typed, what the gates cost; and the table of entries."""

import re
import sys
import time

sys.path.insert(0, 'tests/lib')
from weft import boot, build, done, ok, same, source, tail  # noqa: E402

result = boot('do=run:/tests/foo,run:/bin/uname:-r,run:/bin/id,run:/bin/echo:two:words,run:/bin/nice:-n:5:/bin/nice,'
              'run:/tests/calls:cost,run:/tests/faults:cli,entries,off')
lines = [text for _, text in result.lines]
ok('System call returned 0.' in lines, "SYSC-09 the program of the notes prints its line", *tail(result))

made = dict(re.findall(r'(?m)^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) = (\S+)', source('Makefile')))
release = '{VERSION}.{PATCHLEVEL}.{SUBLEVEL}{EXTRAVERSION}'.format(**made)
ok(release in lines, "INTRO-10 uname -r, of Debian's busybox, prints the Makefile's version", release, *tail(result))
ok('uid=0 gid=0' in lines and 'two words' in lines, 'and its id and echo do what they do elsewhere', *tail(result))
ok('5' in lines, 'SCHED-04 nice -n 5 starts a program whose nice value is 5', *tail(result))

slept = boot('do=entries,run:/bin/sleep:1,entries,run:/tests/tasks:fork,entries,run:/bin/tids,'
             'run:/tests/threads:megabyte,off', icount=4)
before, after = (int((re.findall(r'(?m)^ *0x20 +(\d+) ', table) or [0])[0]) for table in slept.output.split('run /bin/sleep')[:2])
ok(250 <= after - before <= 260, 'SYSC-17 its sleep takes the 250 ticks of a second, and not many more', before, after, *tail(slept))

# LDTR is looked at on a fresh boot, as the self-tests' task gates load it
taken = boot('do=run:/tests/faults:own-table,run:/tests/memory:reserve,run:/bin/echo:still:here,off')
ends = re.findall(r'(?m)^(killed by signal \d+|exit status \d+)', taken.output)
ok(ends[:1] == ['killed by signal 11'], 'INTRO-05 a program has no table of descriptors at address 0', *tail(taken))
ok(ends[1:] == ['exit status 0', 'exit status 0'], 'what programs leave is enough for the next one', *tail(taken))

copied = [int(n) for n in re.findall(r'(?m)^fork has copied (\d+) pages$', slept.output)]
ok(len(copied) == 3 and copied[1] == copied[0] and copied[2] >= copied[1] + 4,
   'the pages that fork copies are counted: none for sleep, which has no child, and for a child at least four', copied)


def answer(machine, text):
    if text == 'type two lines':
        time.sleep(1)
        machine.send('ab\rxyz\r')


typed = boot('do=run:/tests/typed,off', on_line=answer)
reads = re.findall(r'(?m)^read\((\d+)\) = (-?\d+):([ 0-9a-f]*); at work (\d+) of (\d+)$', typed.output)
ok([(int(n), got.split()) for _, n, got, _, _ in reads] ==
   [(3, ['61', '62', '0a']), (2, ['78', '79']), (2, ['7a', '0a'])], 'SYSC-17 a line that is typed is read, as far as there is room',
   *tail(typed))
ok({'ab', 'xyz'} <= {text for _, text in typed.lines}, 'and is echoed, without the carriage return', *tail(typed))
work, passed = (int(n) for n in (reads or [('0',) * 5])[0][3:])
ok(passed >= 20 and work <= passed / 2, 'SYSC-17 who waits for a key is asleep', work, passed, *tail(typed))

threads = re.findall(r'(?m)^\w+: getpid (\d+), gettid (\d+), getppid (\d+)$', slept.output)
ok(len(threads) == 4 and len({tid for _, tid, _ in threads}) == 4 and len({(pid, up) for pid, _, up in threads}) == 1,
   'PROC-30 four threads at the same time are one process with one parent, and four numbers', *threads, *tail(slept))

megabyte, text = slept.output.rpartition('run /tests/threads megabyte')[2], '.' * 63 + '\n'
ok(0 < megabyte.count(text) < 4096 and 'exit status 0' in megabyte, 'SYSC-17 who is told to end does not finish its write',
   megabyte.count(text), *tail(slept))

cycles = dict(re.findall(r'getppid by (int \$0x80|sysenter): (\d+) cycles', result.output))
ok(len(cycles) == 2 and all(int(n) > 0 for n in cycles.values()), 'SYSC-04 what both ways in cost is printed', cycles)

table = {int(words[0], 16): (int(words[1]), int(words[2]), words[3]) for words in
         re.findall(r'(?m)^ *(0x[0-9a-f]+|0) +(\d+) +(\d+) (\S.*)$', result.output)}
ok({0x20, 0x80, 13} <= set(table), 'SYSC-19 timer, calls and faults are in the table', table)
ok(all(user <= count for count, user, _ in table.values()), 'SYSC-19 nobody comes from ring 3 who does not come', table)
same({vector: name for vector, (_, _, name) in table.items() if vector in (13, 0x20, 0x80)},
     {13: 'exception', 0x20: 'timer', 0x80: 'int $0x80'}, 'SYSC-19 each vector is of a kind')
ok(table[0x80][1] >= 10000 and re.search(r'(?m)^sysenter +\d{5,}', result.output), 'SYSC-19 ten thousand calls by each way',
   *tail(result))
done()
