"""Grader of exercise 04-4: a baton goes round in an order that the host draws, and the host counts the detours."""

from grading import check, claim, equal

ICOUNT = 2
WIDE = 'sched_wakeup_granularity_ns=20000000'   # new tasks differ by some milliseconds; that is not what is judged


def baton(k, rng, nices, steps):
    """Detours that were made while the baton was passed on so often."""
    order = [rng.randrange(len(nices))]
    while len(order) < steps:
        order.append(rng.choice([i for i in range(len(nices)) if i != order[-1]]))
    k.write('grader_order', bytes(order))
    k.write('grader_nice', bytes(n & 0xff for n in nices))
    k.write('grader_steps', steps)
    k.call('grader_baton', len(nices), patience=8)
    equal(k.u32('grader_at'), steps, 'steps that were made')
    return k.u32('grader_detours')


def straight(k, rng, nices, steps):
    detours = baton(k, rng, nices, steps)
    check(detours <= steps // 12, f'{detours} detours in {steps} steps of tasks of nice {nices}')


@claim(2, 'who is asked for runs next', fresh=True, boot=WIDE)
def equals(k, rng):
    straight(k, rng, [0] * rng.randrange(3, 7), rng.randrange(300, 500))


@claim(2, 'at different nice values, too', fresh=True, boot=WIDE)
def unequal(k, rng):
    straight(k, rng, [rng.randrange(-3, 4) for _ in range(rng.randrange(3, 6))], rng.randrange(120, 200))


@claim(2, 'two friends do not starve a third', fresh=True, boot=WIDE)
def friends(k, rng):
    straight(k, rng, [0] * 4, 200)
    ms = rng.randrange(300, 500)
    k.call('grader_friends', ms, patience=12)
    ran = [int.from_bytes(k.read(f'grader_ran+{8 * i}', 8), 'little') / 1e6 for i in range(2)]
    check(ran[1] >= ms * .3, f'of {ms} ms the friend had {ran[0]:.0f} and the third {ran[1]:.0f}')


@claim(1, 'the answers: ready, asleep, real time, oneself', fresh=True, boot=WIDE)
def answers(k, rng):
    straight(k, rng, [0] * 3, 200)
    names = ('ready', 'asleep', 'real time', 'oneself')
    got = k.call('grader_answers', patience=4)
    equal({name: bool(got >> i & 1) for i, name in enumerate(names)}, dict(zip(names, (True, False, False, False))), 'yield_to()')
