#!/usr/bin/env python3
"""What programs print: the seed's line, the kernel's name, what the gates cost; and the table of all entries."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, build, done, ok, same, source, tail  # noqa: E402

result = boot('do=run:/tests/foo,run:/bin/uname:-r,run:/bin/id,run:/bin/echo:two:words,run:/tests/calls:cost,'
              'run:/tests/faults:cli,entries,off')
lines = [text for _, text in result.lines]
ok('System call returned 0.' in lines, "SYSC-09 the seed's program prints the seed's line", *tail(result))

made = dict(re.findall(r'(?m)^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) = (\S+)', source('Makefile')))
release = '{VERSION}.{PATCHLEVEL}.{SUBLEVEL}{EXTRAVERSION}'.format(**made)
ok(release in lines, "INTRO-10 uname -r, of Debian's busybox, prints the Makefile's version", release, *tail(result))
ok('uid=0 gid=0' in lines and 'two words' in lines, 'and its id and echo do what they do elsewhere', *tail(result))

slept = boot('do=entries,run:/bin/sleep:1,entries,off', icount=4)
before, after = (int((re.findall(r'(?m)^ *0x20 +(\d+) ', table) or [0])[0]) for table in slept.output.split('run /bin/sleep')[:2])
ok(250 <= after - before <= 260, 'SYSC-17 its sleep takes the 250 ticks of a second, and not many more', before, after, *tail(slept))

# LDTR is looked at on a fresh boot, as the self-tests' task gates load it
taken = boot('do=run:/tests/faults:own-table,run:/tests/memory:reserve,run:/bin/echo:still:here,off')
ends = re.findall(r'(?m)^(killed by signal \d+|exit status \d+)', taken.output)
ok(ends[:1] == ['killed by signal 11'], 'INTRO-05 a program has no table of descriptors at address 0', *tail(taken))
ok(ends[1:] == ['exit status 0', 'exit status 0'], 'what programs leave is enough for the next one', *tail(taken))

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
