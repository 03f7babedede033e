"""Grader of exercise 01-2: the machine has one serial chip, at 3f8; all other ports asked about are empty."""

from grading import claim, equal

COM1, MCR, LSR = 0x3f8, 4, 5
EMPTY = [0x2f8, 0x3e8, 0x2e8, 0x220, 0x240, 0x280, 0x300, 0x330, 0x360]
READY = 0x01


def answers(k):
    equal(k.call('uart_answers', COM1) & 0xff, 1, 'uart_answers(0x3f8)')


@claim(1, 'the chip at 3f8 answers')
def present(k, rng):
    answers(k)


@claim(2, 'it does, and where there is no chip the answer is false, and it comes')
def absent(k, rng):
    answers(k)
    for base in rng.sample(EMPTY, 4):
        equal(k.call('uart_answers', base) & 0xff, 0, f'uart_answers({base:#x})')


@claim(1, 'the modem control register holds what it held, and no byte is left behind')
def restored(k, rng):
    before = k.call('grader_inb', COM1 + MCR)
    for _ in range(rng.randrange(1, 5)):
        answers(k)
    equal(k.call('grader_inb', COM1 + MCR), before, 'the modem control register')
    equal(k.call('grader_inb', COM1 + LSR) & READY, 0, 'the bit "a byte has arrived" of the line status')


@claim(2, 'the command lists four addresses, and nothing else goes out on the wire')
def command(k, rng):
    lines = [f'{base:x}: {"yes" if base == COM1 else "no"}' for base in (COM1, 0x2f8, 0x3e8, 0x2e8)]
    for _ in range(2):
        equal(k.type('uarts'), lines, '`uarts`')
