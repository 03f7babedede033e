"""Grader of exercise 03-3: families of puppets, in which somebody dies; who is the orphans' parent then?"""

from grading import check, claim, equal
from puppets import THREAD, Puppets

INIT, ECHILD = 1, -10


def ask(puppet, on=1):
    check(puppet.call('set_child_subreaper', on) is not None, 'set_child_subreaper() does not return')


def line(p, length):
    """A puppet, its child, the child's child..."""
    found = [p.new()]
    while len(found) < length:
        found.append(found[-1].fork())
    return found


@claim(2, 'an orphan goes to the nearest ancestor that has asked, else to init', fresh=True)
def nearest(k, rng):
    p = Puppets(k)
    for asked in (True, False, True):
        family = line(p, 6)
        askers = sorted(rng.sample(range(4), 2)) if asked else []
        for i in askers:
            ask(family[i])
        family[4].exit()
        equal(family[5].parent, family[askers[-1]].pid if asked else INIT,
              f'the parent of the sixth in line, after the fifth has exited; subreapers were {[i + 1 for i in askers]}')


@claim(1, 'who asked may change its mind, and its children have not asked', fresh=True)
def given_up(k, rng):
    p = Puppets(k)
    family = line(p, 6)
    ask(family[0])
    ask(family[2])
    other = family[2].fork()
    child = other.fork()
    orphan = child.fork()
    child.exit()
    equal(orphan.parent, family[2].pid, "the parent of an orphan whose grandparent is a subreaper's child")
    ask(family[2], 0)
    family[4].exit()
    equal(family[5].parent, family[0].pid, 'the parent of an orphan, when the nearest subreaper no longer was one')


@claim(1, 'it is the process that asks, whichever thread does, and the thread that is left adopts', fresh=True)
def threads(k, rng):
    p = Puppets(k)
    top, leader = line(p, 2)
    ask(top)
    thread = leader.fork(THREAD)
    asker, child = rng.choice((leader, thread)), leader.fork()
    orphan = child.fork()
    ask(asker)
    leader.exit()
    equal(child.parent, thread.pid, 'the parent of a child whose parent exited and left a thread')
    child.exit()
    equal(orphan.parent, thread.pid, 'the parent of an orphan, when the leader of the subreaper has exited and a thread lives')


@claim(1, 'when the subreaper goes, its orphans go on to the next', fresh=True)
def onward(k, rng):
    p = Puppets(k)
    family = line(p, 6)
    order = rng.choice(([0], [0, 1]))
    for i in order + [3]:
        ask(family[i])
    family[4].exit()
    equal(family[5].parent, family[3].pid, 'the parent of an orphan')
    family[3].exit()
    equal(family[5].parent, family[order[-1]].pid, 'the parent of the same orphan, after the subreaper has exited, too')
    for i in reversed(order):
        family[i].exit()
    equal(family[5].parent, INIT, 'the parent of the same orphan, after all subreapers have exited')


@claim(2, 'a subreaper that sleeps in wait4 learns how its orphans end, even if they ended before', fresh=True)
def buried(k, rng):
    p = Puppets(k)
    top, middle = line(p, 2)
    ask(top)
    dead, living = middle.fork(), middle.fork()
    codes = [rng.randrange(1, 256) for _ in range(3)]
    dead.exit(codes[0])
    equal(top.wait(dead.pid), (ECHILD, 0), 'wait4 for a grandchild')
    equal(top.wait(), None, 'wait4 for any child, as long as the only one lives')
    middle.exit(codes[1])
    found = {top.result: top.status}
    check(top.result is not None, 'wait4 sleeps on, though a child has exited')
    second = top.wait()
    check(second, 'wait4 sleeps, though a zombie has been adopted')
    found[second[0]] = second[1]
    equal(found, {middle.pid: codes[1] << 8, dead.pid: codes[0] << 8}, 'what wait4 said of the child and the adopted zombie')
    equal(top.wait(living.pid), None, 'wait4 for an adopted child that lives')
    living.exit(codes[2])
    equal((top.result, top.status), (living.pid, codes[2] << 8), 'the same, after it has exited')
