#!/usr/bin/env python3
"""printk: which levels reach the console, and that the log keeps all of them, in order."""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, same, tail  # noqa: E402


def levels(text):
    """The levels that say something in a text, as digits."""
    return ''.join(re.findall(r'(?m)^level ([0-7]): ', text))


def parts(result, *commands):
    """What each of the commands printed."""
    text = result.output
    return [found[1] if (found := re.search(rf'(?ms)> {command}$(.*?)^weft:', text)) else '' for command in commands]


result = boot('loglevel=4 do=levels,dmesg,off')
console, log = parts(result, 'levels', 'dmesg')
same(levels(console), '0123', 'DBG-02 with loglevel=4, levels 0 to 3 reach the serial console')
same(levels(log), '01234567', 'DBG-02 and all of them the log')

for word, shown in (('', '0123456'), ('loglevel=8', '01234567'), ('loglevel=0', ''), ('loglevel=tall', '0123456')):
    result = boot(f'{word} do=levels,off')
    same(levels(parts(result, 'levels')[0]), shown, f'DBG-02 {word or "without the word"}: levels {shown or "none"}')

result = boot('console_levels do=levels,off')
same(re.findall(r'(?m)^<(\d)>level (\d)', parts(result, 'levels')[0]), [(c, c) for c in '0123456'],
     'console_levels puts its level before each line')

result = boot('do=dmesg,off')
banner = re.search(r'(?m)^Weft \S+, a kernel you can read$', result.output)
ok(banner and banner[0] in parts(result, 'dmesg')[0], 'what was said before there was a console is kept and shown later',
   *tail(result, 40))

result = boot('do=' + ','.join(['oops'] * 40) + ',dmesg,off', mem='64M')
log = parts(result, 'dmesg')[0]
lost = re.search(r'^\((\d+) older lines are lost\)$', log, re.M)
numbers = [int(number) for number in re.findall(r'^Oops: 0002 \[#(\d+)\]$', log, re.M)]
ok(lost and numbers and numbers == list(range(numbers[0], 41)), 'a full log loses the oldest lines, counts them, and keeps the newest',
   *tail(result, 5))
done()
