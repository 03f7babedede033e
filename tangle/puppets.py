"""Tasks in the kernel that call what a grader says, from chapter 3 on. Their C part stands in the exercise's grader.nw.

    p = Puppets(k)                        on a fresh machine
    a = p.new()                           a task, a child of the monitor's
    b = a.fork(), t = a.fork(THREAD)      a child of a's; a thread of its group
    a.call('f', 1, 2)                     f(1, 2), called by a: what it returned as an int, or None if a still is in it
    a.result                              the same, some turns later
    a.wait(b.pid)                         kernel_wait4(): (result, status), or None
    a.exit(3), a.crash()                  its end
    a.pid, a.task                         its number; the address of its descriptor
    p.turns()                             let everybody who can have some turns
    p.tasks()                             {number: address} of all processes, from memory

An order is five words in the array grader_orders: a function (0: nothing to do), three arguments in registers, the result;
then the puppet's number and its status, which kernel_wait4() fills in.
"""

import struct

SIGCHLD, THREAD, VFORK = 17, 0x00010800, 0x00004000      # CLONE_THREAD | CLONE_SIGHAND; CLONE_VFORK
WALL, WNOHANG = 0x40000000, 1
MOST, WORDS, TURNS = 48, 7, 12
OFFSETS = {}                          # each costs a third of a second to find out


class Puppets:
    def __init__(self, k):
        self.k, self.count = k, 0

    def offset(self, field, kind='task_struct'):
        expression = f'(int)&((struct {kind} *)0)->{field}'
        if (self.k.elf, expression) not in OFFSETS:
            OFFSETS[self.k.elf, expression] = self.k.constant(expression)
        return OFFSETS[self.k.elf, expression]

    def turns(self, count=TURNS):
        self.k.call('grader_turns', count)

    def place(self):
        """A puppet that is not there yet, and what makes it one."""
        if self.count == MOST:
            raise ValueError(f'more than {MOST} puppets')
        puppet = Puppet(self, self.count)
        self.count += 1
        return puppet, (self.k.address('grader_puppet'), puppet.order)

    def new(self):
        puppet, words = self.place()
        self.k.call('kernel_thread', *words, SIGCHLD)
        self.turns()
        return puppet

    def tasks(self):
        tasks, pid = self.offset('tasks'), self.offset('pid')
        head = self.k.address('init_task') + tasks
        found, at = {}, self.k.u32(head)
        while at != head:
            found[self.k.u32(at - tasks + pid)] = at - tasks
            at = self.k.u32(at)
        return found


class Puppet:
    def __init__(self, puppets, number):
        self.puppets, self.k, self.number = puppets, puppets.k, number
        self.order = self.k.address('grader_orders') + 4 * WORDS * number

    def begin(self, function, *arguments):
        address = function if isinstance(function, int) else self.k.address(function)
        words = [address, *arguments, 0, 0, 0][:4]
        self.k.write(self.order, struct.pack('<4I', *(word & 0xffffffff for word in words)))

    def call(self, function, *arguments):
        self.begin(function, *arguments)
        self.puppets.turns()
        return self.result

    @property
    def result(self):
        function, _, _, _, result, _, _ = struct.unpack('<4Ii2I', self.k.read(self.order, 4 * WORDS))
        return None if function else result

    def fork(self, flags=SIGCHLD):
        child, words = self.puppets.place()
        self.call('kernel_thread', *words, flags)
        return child

    def wait(self, pid=-1, options=WALL):
        result = self.call('kernel_wait4', pid, self.order + 24, options)
        return None if result is None else (result, self.status)

    @property
    def status(self):
        return self.k.u32(self.order + 24)

    def exit(self, code=0):
        self.call('do_exit', code << 8)

    def crash(self):
        self.call(self.k.address('grader_crash'))

    @property
    def pid(self):
        return self.k.u32(self.order + 20)

    @property
    def task(self):
        """Its descriptor's address, while it is a process that has not been buried."""
        return self.puppets.tasks()[self.pid]

    @property
    def parent(self):
        return self.k.u32(self.k.u32(self.task + self.puppets.offset('parent')) + self.puppets.offset('pid'))
