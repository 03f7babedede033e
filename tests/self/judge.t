#!/usr/bin/env python3
"""The judge on planted serial logs: one good boot, and every way of being bad, each with the reason it must give."""

import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'lib'))
from weft import done, judge, ok, same  # noqa: E402

GOOD = '''Weft boots
weft:02> test
KTAP version 1
# calibrate: begin
# calibrate: end
1..3
ok 1 - BOOT-01 the map is the machine's
<4>a warning is no trouble
ok 2 - the pool survives
ok 3 - BOOT-07 two processors # SKIP needs smp
weft:02> off
'''
T2 = 'ok 2 - the pool survives\n'


def log(text=GOOD, status=33, ended='exit', complaint='', where=()):
    cut = not text.endswith('\n')
    lines = [(0.0, line) for line in text.removesuffix('\n').split('\n')]
    return SimpleNamespace(lines=lines, status=status, ended=ended, complaint=complaint, where=list(where), cut=cut,
                           limit=6.0, seconds=120.0, calibration=0.02, emu='qemu')


def upto(part):
    return GOOD[:GOOD.index(part)]


def fails(description, result, reason, **options):
    verdict = judge(result, **options)
    ok(not verdict.ok and reason in verdict.reason, description, f'verdict: {verdict.ok}, {verdict.reason}',
       f'wanted:  a reason with {reason!r}')


good = judge(log())
ok(good.ok, 'a good log is good', good.reason)
same(good.reason, 'all 3 tests passed, 1 of them skipped', 'and says what was seen')
same([(t.row, t.verdict) for t in good.tests], [('BOOT-01', 'ok'), (None, 'ok'), ('BOOT-07', 'skip')], 'rows are found')
ok(judge(log(status=None)).ok, 'Bochs has no exit status')
ok(judge(log('weft:02> null\nweft:02> off\n'), tests=False).ok, 'a boot without tests')

failed = judge(log(GOOD.replace(T2, '# mm.c:10: a == b\nnot ' + T2), status=35))
ok(not failed.ok and 'mm.c:10: a == b' in failed.reason, 'a failing test, with its diagnosis', failed.reason)
ok(not failed.fatal, 'is no fatal end')

fails('no tests at all', log('Weft boots\n'), 'no tests')
fails('no plan', log(GOOD.replace('1..3\n', '')), 'no plan')
fails('two plans', log(GOOD.replace('1..3\n', '1..3\n1..3\n')), 'a second plan')
fails('more planned than run', log(GOOD.replace('1..3', '1..4')), 'truncated: 3 of 4')
fails('more run than planned', log(GOOD.replace('1..3', '1..2')), '3 tests reported, 2 planned')
fails('a number twice', log(GOOD.replace(T2, T2 + T2)), 'test number 2 twice')
fails('a number left out', log(GOOD.replace(T2, '')), 'where 2 was due')
fails('tests run twice', log(GOOD + GOOD), 'a second time')
fails('bail out', log(GOOD.replace(T2, 'Bail out! no memory\n' + T2)), 'Bail out! no memory')
fails('cut in the middle of the tests', log(upto('ok 2'), status=0), 'truncated: 1 of 3')
fails('cut in the middle of a line', log(GOOD[:-3]), 'has no end')
fails('panic', log(upto('ok 2') + '<0>Kernel panic - not syncing: why\n', status=37), 'panic: Kernel panic - not sync')
fails('oops', log(GOOD.replace(T2, 'Oops: 0002 [#1]\n' + T2)), 'oops: Oops: 0002')
fails('BUG', log(GOOD.replace(T2, '<1>BUG: unable to handle\n' + T2)), 'oops: BUG: unable')
fails('an oops before the tests', log('BUG: early\n' + GOOD), 'oops: BUG: early')
fails('a line of level error', log(GOOD.replace(T2, '<3>lost an interrupt\n' + T2)), 'unexpected on the console: lost')
fails('a line of level alert after the tests', log(GOOD + '<1>late\n'), 'unexpected on the console: late')
fails('a warning from WARN_ON', log(GOOD.replace(T2, '<4>WARNING: at x.c:1\n' + T2)), 'unexpected')
fails('silence', log(upto('ok 2'), None, 'silence', where=['f at chapters/01-x.nw:3']),
      'hang in test 2, after "the map is the machine\'s": no word for 6 s; it stood in f at chapters/01-x.nw:3')
fails('silence after the last test', log(upto('weft:02> off'), None, 'silence'), 'hang: no word for 6 s')
fails('halted for ever', log(upto('ok 2'), None, 'dead'), 'halted with interrupts off')
fails('endless talk', log(upto('ok 2') + 'tick\n' * 99, None, 'time'), 'did not end in 120 s')
fails('flood', log(upto('ok 2') + 'tick\n' * 99, None, 'flood'), 'flood')
fails('triple fault', log(upto('ok 2'), None, 'reset'), 'restarted itself')
fails('the prompt', log(upto('weft:02> off') + 'weft:02> ', None, 'prompt'), 'waits at its prompt')
fails('a test failed but the status says ok', log(GOOD.replace(T2, 'not ' + T2), 33), 'exit status 33, and 35 was due')
fails('all passed but the status says not', log(status=35), 'exit status 35, and 33 was due')
fails('status of no verdict', log(status=0), 'exit status 0')
fails('the emulator gave up', log('', 1, complaint='qemu: no such file'), 'the emulator gave up: qemu: no such file')

EXPECT = GOOD.replace(T2, '# expect: NULL pointer\n<1>BUG: unable to handle NULL pointer\n<1>EIP: f\n' + T2)
ok(judge(log(EXPECT)).ok, 'an announced oops is none', judge(log(EXPECT)).reason)
fails('an announced oops that does not come', log(GOOD.replace(T2, '# expect: NULL\n' + T2)), 'never said "NULL"')
fails('another than the announced', log(EXPECT.replace('BUG: unable to handle NULL pointer', 'BUG: other')), 'never said')
fails('trouble after the announcing test', log(EXPECT.replace(T2, T2 + '<1>BUG: again\n')), 'oops: BUG: again')
done()
