"""Grader of exercise 05-4: programs burn so many milliseconds as the host has drawn, and tell what they are told of it."""

from grading import check, claim, equal

ICOUNT = 4
HOST_FILES = ['arch/x86/entry/syscalls/syscall_32.tbl']    # a line for a call
EFAULT, EINVAL = -14, -22
SIZE, GUARD = 72, 16


class Told(dict):
    """What a program has printed; to miss a line of it is the answer's fault."""

    def __missing__(self, name):
        check(False, f'no line `{name}` was printed')


def run(k, words, patience=3):
    """{name: (user ms, kernel ms, voluntary, involuntary)} as the program prints them; one name may come twice"""
    lines = k.type(f'run /tests/grader {words}', patience=patience)
    found = Told()
    for line in filter(str.split, lines):
        name, *numbers = line.split()
        if len(numbers) == 4 and all(n.lstrip('-').isdigit() for n in numbers):
            user, kernel, slept, driven = map(int, numbers)
            found[name] = (user / 1000, kernel / 1000, slept, driven)
    check(found, f'`{words}` printed {lines.text or "nothing"}')
    return found


def near(got, want, what):
    """A tick gives its 4 ms to whoever it finds."""
    check(abs(got - want) <= 24 + want * .12, f'{what}: {got:.0f} ms, and it burnt {want}')


def ms(rng):
    return rng.randrange(60, 240)


@claim(2, 'time in ring 3 and in ring 0, also of a thread that has ended; execve changes nothing')
def own(k, rng):
    user, kernel, thread = ms(rng), ms(rng), ms(rng)
    found = run(k, f'self {user} {kernel} {thread}')
    near(found['self'][0], user, 'ru_utime')
    near(found['self'][1], kernel, 'ru_stime')
    near(found['with'][0], user + thread, 'ru_utime with that of a thread which has ended')
    near(found['main'][0], user, 'ru_utime of the main thread')
    check(0 <= found['exec'][0] - found['with'][0] <= 24, f'ru_utime was {found["with"][0]:.0f} ms, and {found["exec"][0]:.0f} after execve()')


@claim(3, 'a child is counted once it has been waited for, with those that it has waited for')
def family(k, rng):
    child, grandchild, thread = ms(rng), ms(rng), ms(rng)
    found = run(k, f'family {child} {grandchild} {thread}')
    near(found['born'][0] + found['born'][1], 0, 'a new process')
    near(found['before'][0] + found['before'][1], 0, 'children before the first wait')
    near(found['first'][0], grandchild, 'ru_utime from wait4(), where the grandchild did it')
    near(found['first'][1], child, 'ru_stime from wait4(), where the child did it')
    near(found['second'][0], thread, "ru_utime from wait4(), where a thread of the second child's did it")
    near(found['second'][1], 0, 'ru_stime from wait4() of the second child')
    near(found['after'][0], grandchild + thread, 'ru_utime of the children')
    near(found['after'][1], child, 'ru_stime of the children')
    near(found['self'][0], 40, 'ru_utime of the parent')


@claim(1, 'times() agrees')
def times(k, rng):
    found = run(k, f'self {ms(rng)} {ms(rng)} {ms(rng)}')
    for i, name in enumerate(('ru_utime', 'ru_stime')):
        check(abs(found['with'][i] - found['times'][i]) <= 14, f'{name}: {found["with"][i]:.0f} ms, times() says {found["times"][i]:.0f}')
    found = run(k, f'family {ms(rng)} {ms(rng)} {ms(rng)}')
    for i, name in enumerate(('ru_utime', 'ru_stime')):
        check(abs(found['after'][i] - found['times'][i]) <= 14,
              f'{name} of children: {found["after"][i]:.0f} ms, times() says {found["times"][i]:.0f}')


@claim(2, 'switches: of who sleeps, and of who is driven away')
def switches(k, rng):
    count, time = rng.randrange(20, 60), rng.randrange(100, 200)
    found = run(k, f'switches {count} {time}')
    slept = {name: found[name][2] for name in ('zero', 'asleep', 'thread', 'child')}
    check(0 <= slept['zero'] < 5, f'a program that has just begun has slept {slept["zero"]} times')
    for name, more in (('asleep', slept['asleep'] - slept['zero']), ('thread', slept['thread'] - slept['asleep']),
                       ('child', slept['child'])):
        check(count <= more <= count + 5, f'{name}: ru_nvcsw has {more} more, and it slept {count} times')
    before, after = found['alone'], found['driven']
    check(after[3] - before[3] >= 3, f'beside another one that burns, ru_nivcsw went from {before[3]} to {after[3]}')
    check(after[2] - before[2] < 3, f'and ru_nvcsw from {before[2]} to {after[2]}')


@claim(2, 'refusals, and every byte')
def refusals(k, rng):
    pattern = rng.randrange(1, 256)
    lines = k.type(f'run /tests/grader refusals {rng.randrange(1, SIZE)} {pattern}')
    words = {line.split()[0]: line.split()[1:] for line in lines if line.startswith(('refusals ', 'bytes '))}
    check(len(words) == 2, 'the program printed ' + lines.text)
    equal(list(map(int, words['refusals'])), [EINVAL] * 4 + [EFAULT] * 5 + [0],
          'results for who = -2, 2, 17, -100; for NULL, a hole, the kernel, the end of user memory, -1; for 72 bytes before a hole')
    data = bytes.fromhex(words['bytes'][0])
    equal(data[16:64], bytes(48), 'the twelve words about which there is nothing to say')
    equal(data[SIZE:], bytes([pattern]) * GUARD, 'the bytes behind the structure')
