"""A client of QEMU's gdb stub: stop the machine, read and write its memory and registers, run it to a point.

    stub = Stub(sock)                 a connected socket; the machine stands still
    stub.read(address, n)             bytes as the processor's page tables show them; physical=True: without them
    stub.write(address, data)
    stub.registers()                  {'eax': .., 'eip': .., 'cr3': ..}
    stub.set(eip=.., eax=..)          any of the 16 of the integer unit
    stub.insert(address), .remove(address)    breakpoints
    stub.go()                         let it run; stub.running is True until stub.poll() says otherwise
    stub.poll(seconds)                wait for it to stop; True when it has
    stub.interrupt()                  stop it where it is
    stub.step()                       one instruction

The protocol is in gdb's manual, appendix "GDB Remote Serial Protocol". Gone is raised when QEMU has ended.
"""

import select
import struct
import time

INTEGER = ('eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi', 'eip', 'eflags', 'cs', 'ss', 'ds', 'es', 'fs', 'gs')
CONTROL = ('cr0', 'cr2', 'cr3', 'cr4')
CONTROL_OFFSET = 4 * (16 + 3)          # three segment bases stand between
CHUNK = 1024                          # bytes of memory a packet; QEMU's packets hold 4096 characters


class Gone(Exception):
    """QEMU has closed the connection."""


class Refused(Exception):
    """The stub answered with an error: no memory at that address, most likely."""


class Stub:
    def __init__(self, sock):
        self.sock, self.buffer, self.running = sock, b'', False
        self.command('qSupported:xmlRegisters=i386')
        self.command('?')

    # --- packets

    def send(self, text):
        data = text.encode('latin-1')
        try:
            self.sock.sendall(b'$%s#%02x' % (data, sum(data) & 0xff))
        except OSError:
            raise Gone

    def receive(self, seconds=None):
        """The next packet, or None when none came in time."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            start = self.buffer.find(b'$')
            end = self.buffer.find(b'#', start) if start >= 0 else -1
            if 0 <= end <= len(self.buffer) - 3:
                packet, self.buffer = self.buffer[start + 1:end], self.buffer[end + 3:]
                self.acknowledge()
                return packet.decode('latin-1')
            left = None if deadline is None else max(0, deadline - time.monotonic())
            if not select.select([self.sock], [], [], left)[0]:
                return None
            self.buffer += self.some()

    def acknowledge(self):
        try:
            self.sock.sendall(b'+')
        except OSError:
            pass                      # QEMU said its last word; the next command will notice

    def some(self):
        try:
            data = self.sock.recv(65536)
        except OSError:
            data = b''
        if not data:
            raise Gone
        return data

    def command(self, text):
        self.send(text)
        answer = self.receive(30)
        if answer is None or answer[:1] in ('W', 'X'):
            raise Gone
        if answer[:1] == 'E' and len(answer) == 3:
            raise Refused(text)
        return answer

    # --- memory and registers

    def read(self, address, n, physical=False):
        self.physical(physical)
        data = b''
        while len(data) < n:
            size = min(CHUNK, n - len(data))
            data += bytes.fromhex(self.command(f'm{address + len(data) & 0xffffffff:x},{size:x}'))
        return data

    def write(self, address, data, physical=False):
        self.physical(physical)
        for i in range(0, len(data), CHUNK):
            part = bytes(data[i:i + CHUNK])
            self.command(f'M{address + i & 0xffffffff:x},{len(part):x}:{part.hex()}')

    _physical = False

    def physical(self, wanted):
        if wanted != self._physical:
            self.command(f'Qqemu.PhyMemMode:{int(wanted)}')
            self._physical = wanted

    def registers(self):
        raw = bytes.fromhex(self.command('g'))
        values = dict(zip(INTEGER, struct.unpack_from('<16I', raw)))
        values.update(zip(CONTROL, struct.unpack_from('<4I', raw, CONTROL_OFFSET)))
        return values

    def set(self, **values):
        raw = bytearray(bytes.fromhex(self.command('g')))
        for name, value in values.items():
            struct.pack_into('<I', raw, 4 * INTEGER.index(name), value & 0xffffffff)
        self.command('G' + raw.hex())

    # --- running

    def insert(self, address):
        self.command(f'Z0,{address:x},1')

    def remove(self, address):
        self.command(f'z0,{address:x},1')

    def go(self):
        self.send('c')
        self.running = True

    def step(self):
        self.command('s')

    def poll(self, seconds):
        """Has the machine stopped by now, or does it within this time?"""
        if self.running:
            answer = self.receive(seconds)
            if answer is not None and answer[:1] in ('W', 'X'):
                raise Gone
            self.running = answer is None
        return not self.running

    def interrupt(self):
        if self.running:
            try:
                self.sock.sendall(b'\x03')
            except OSError:
                raise Gone
            if not self.poll(30):
                raise Gone
