"""Grader of exercise 02-6: the stubs' bytes, what the kernel notes about exceptions, and the student's constant."""

from grading import check, claim, equal

ERROR_CODES = {8, 10, 11, 12, 13, 14, 17, 21, 29, 30}       # Intel SDM volume 3A, table 6-1
WRONG = sum(1 << v for v in range(32) if (v in ERROR_CODES) != (v + 1 in ERROR_CODES))
# struct oops: what, error_code, address, then struct pt_regs
ERROR, ADDRESS, REGS = 4, 8, 12
IP, CS = REGS + 48, REGS + 52


def oops(k, function):
    equal(k.call(function) & 0xff, 0, f'{function}() returned, although it should have oopsed;')
    at = k.address('last_oops')
    return {'error code': k.u32(at + ERROR), 'address': k.u32(at + ADDRESS), 'ip': k.u32(at + IP),
            'cs': k.u16(at + CS), 'site': k.u32('grader_site')}


def answered(k):
    check(k.u32('wrong_vectors') != 0, 'wrong_vectors is still 0')


@claim(2, 'exceptions with an error code arrive as they should')
def with_code(k, rng):
    answered(k)
    for _ in range(3):
        address = rng.randrange(4096)
        k.write('grader_address', address)
        seen = oops(k, 'grader_write')
        equal(seen, {'error code': 2, 'address': address, 'ip': seen['site'], 'cs': 0x60, 'site': seen['site']}, 'a page fault')
        selector = 0x1000 + 8 * rng.randrange(1000)
        k.write('grader_selector', selector)
        seen = oops(k, 'grader_load')
        equal((seen['error code'], seen['ip'], seen['cs']), (selector, seen['site'], 0x60), 'a general protection fault')


@claim(2, 'so do exceptions without one, and a trap gives everything back')
def without_code(k, rng):
    answered(k)
    seen = oops(k, 'grader_float')
    equal((seen['error code'], seen['ip'], seen['cs']), (0, seen['site'], 0x60), 'device not available')
    equal(k.call('grader_trap') & 0xff, 1, 'a trap that changes nothing')
    stubs = k.read('trap_stubs', 256 * 16)
    for vector in rng.sample(range(32), 32) + rng.sample(range(32, 256), 20):
        zero = stubs[16 * vector:16 * vector + 2] == b'\x6a\x00'
        following = stubs[16 * vector + 2 * zero:]
        check(following[0] in (0x6a, 0x68), f'the stub of vector {vector} is not one of the known form')
        equal(zero, vector not in ERROR_CODES, f'a zero pushed by the stub of vector {vector}')
        equal(following[1], vector, f'the number pushed by the stub of vector {vector}')


@claim(2, 'wrong_vectors names the vectors for which the starter was wrong')
def named(k, rng):
    found = k.u32('wrong_vectors')
    equal([v for v in range(32) if found >> v & 1], [v for v in range(32) if WRONG >> v & 1], 'the vectors')
