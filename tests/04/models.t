#!/usr/bin/env python3
"""The story of two threads under the three preemption models, in the machine's time: when does T1 go on?"""

import re
import sys

sys.path.insert(0, 'tests/lib')
from weft import boot, done, ok, tail, variant  # noqa: E402

TICK = 0.004
WAKES, STEP, END = 8.0, 8.2, 10.0           # T1's sleep is over; T2's next pause; T2 has done all it has to do
MODELS = {'preempt_none-y': {'PREEMPT_NONE': 'y'}, 'preempt_voluntary-y': {'PREEMPT_VOLUNTARY': 'y'}, 'preempt-y': {'PREEMPT': 'y'}}


def resumes(model):
    """{how T2 pauses: when T1 goes on}"""
    pauses = ('none', 'might_sleep', 'cond_resched')
    result = boot('sched_rt_runtime_us=-1 do=' + ''.join(f'story:{pause},' for pause in pauses) + 'off', icount=7,
                  elf=variant(model, **MODELS[model]) / 'weft.elf')
    found = re.findall(r'(?m)^T1 resumes +at +(\S+) s$', result.output)
    ok(len(found) == 3, f'the story is told three times, {model}', *tail(result))
    return dict(zip(pauses, map(float, found + ['0'] * 3)))


def at(when, wanted, description):
    ok(-0.001 <= when - wanted <= 2 * TICK, description, f'at {when} s, not {wanted}')


none, voluntary, preempt = map(resumes, MODELS)
at(none['might_sleep'], END, 'SCHED-36 no forced preemption: T1 goes on when T2 is through, at 10 s')
at(none['cond_resched'], STEP, 'SCHED-36 no forced preemption: but earlier, if T2 asks with cond_resched()')
at(voluntary['cond_resched'], STEP, 'SCHED-36 voluntary: T1 goes on at the next cond_resched(), at 8.2 s')
at(preempt['none'], WAKES, 'SCHED-36 preemptible: T1 goes on when its sleep is over, at 8 s')
at(voluntary['might_sleep'], STEP, 'SCHED-37 voluntary: a loop that says it might sleep gives way within one iteration')
at(voluntary['none'], END, 'SCHED-37 voluntary: one that does not gives way at its end')
done()
