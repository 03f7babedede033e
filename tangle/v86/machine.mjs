/*
 * machine.mjs - one checkpoint on one PC that v86 emulates; the same for Node (run.mjs) and for the page (console.js).
 *
 *     const machine = await boot({V86, wasm, bios, vgaBios, kernel, name, cmdline, megabytes, screen, onSerial, onEnd});
 *
 * wasm is a WebAssembly.Module; bios, vgaBios and kernel are ArrayBuffers; name is the kernel's, the command line's first
 * word; screen is an element for the VGA screen, or nothing. onSerial(byte) gets what the serial port says.
 * onEnd({kind, status, message}) is called once:
 *
 *     'off'     the kernel powered off; status is what QEMU would exit with: 33 all well, 35 a test failed, 37 panic
 *     'reset'   the machine restarted itself, or met an exception that nothing could handle
 *     'dead'    it halted with interrupts off: nothing will ever happen again
 *     'broken'  the emulator gave up; message is its last word
 *
 * Afterwards the processor stands still and can be looked at: registers(), read(). destroy() frees the machine.
 */

export const LEAST_MB = 16, MOST_MB = 2000;

const EXIT_PORT = 0xf4;                         // isa-debug-exit is there in QEMU; v86's boot loader is read from it too
const MULTIBOOT_INFO = 0x7c00, MMAP_LENGTH = 44, MMAP_ADDR = 48, MMAP_ENTRY = 24;
const LOW_END = 0xa0000, MEGABYTE = 0x100000;
const FLAG_IF = 0x200, CR0_PG = 0x80000000, CR4_PAE = 0x20, PRESENT = 1, LARGE = 0x80;

/* Thrown out of v86's own loop, so that not one more instruction runs. */
class Ended extends Error {
	constructor(end) {
		super(end.kind);
		this.end = end;
	}
}

export async function boot(options) {
	const {V86, wasm, onSerial, onEnd} = options;
	const wasmSide = {said: ''};
	const emulator = new V86({
		wasm_fn: imports => instantiate(wasm, imports, wasmSide),
		memory_size: options.megabytes * MEGABYTE,
		vga_memory_size: 2 * MEGABYTE,
		bios: {buffer: options.bios}, vga_bios: {buffer: options.vgaBios},
		multiboot: {buffer: options.kernel},
		cmdline: `${options.name} ${options.cmdline}`.trim(),   // as QEMU and GRUB pass it
		screen: options.screen ? {container: options.screen} : undefined,
		disable_keyboard: true, disable_mouse: true, disable_speaker: true,
		autostart: false, log_level: 0,
	});
	emulator.add_listener('serial0-output-byte', onSerial);
	await new Promise((resolve, reject) => {
		emulator.add_listener('emulator-loaded', resolve);
		wasmSide.fail = error => reject(new Error(`there is no room for ${options.megabytes} MB (${error.message})`));
	});
	const cpu = emulator.v86.cpu;
	whenItEnds(emulator, cpu, wasmSide, onEnd);
	mendMemoryMap(cpu);
	if (options.screen)             // v86 stops drawing when it stops; the last lines are still to be seen
		emulator.add_listener('emulator-stopped', () => emulator.screen_adapter.continue());
	emulator.run();
	return {
		send: bytes => emulator.serial_send_bytes(0, bytes),
		registers: () => registers(cpu),
		read: (address, count, physical) => read(cpu, address, count, physical),
		destroy: () => emulator.destroy(),
	};
}

/* Instantiate the emulator; keep what it says when it panics, and notice when the machine's memory cannot be had. */
async function instantiate(wasm, imports, wasmSide) {
	imports.env.console_log_from_wasm = (at, length) => {
		wasmSide.said = new TextDecoder().decode(new Uint8Array(wasmSide.exports.memory.buffer, at, length)).trim();
	};
	try {
		wasmSide.exports = (await WebAssembly.instantiate(wasm, imports)).exports;
	} catch (error) {
		wasmSide.fail(error);
		return new Promise(() => {});           // v86 would only complain of it a second time
	}
	const allocate = size => {
		try {
			return wasmSide.exports.allocate_memory(size);
		} catch (error) {
			wasmSide.fail(error);
			throw error;
		}
	};
	return {...wasmSide.exports, allocate_memory: allocate};
}

/*
 * Find the end of the machine, whichever of the four it is, and stop it there. v86 itself ends at the exit port by an
 * exception that nobody catches, and forgets the value that was written.
 */
function whenItEnds(emulator, cpu, wasmSide, onEnd) {
	const loop = cpu.main_loop;
	let ended = false;

	const finish = end => {
		if (!ended) {
			ended = true;
			emulator.stop();
			onEnd(end);
		}
	};
	cpu.main_loop = function () {
		try {
			return ended ? 0 : loop.call(this);
		} catch (error) {
			finish(error instanceof Ended ? error.end : collapse(error, wasmSide.said));
			return 0;
		}
	};
	cpu.io.register_write(EXIT_PORT, cpu, value => {
		throw new Ended({kind: 'off', status: (2 * value + 1) & 0xff});
	});
	cpu.reboot_internal = () => {
		throw new Ended({kind: 'reset', message: 'the machine restarted itself'});
	};
	emulator.add_listener('cpu-event-halt', () =>
		finish({kind: 'dead', message: 'the processor halted with interrupts off'}));
}

/* v86 panics where a PC without a handler for an exception would have reset itself. */
function collapse(error, said) {
	if (/Unimplemented: #\w+ handler/.test(said))
		return {kind: 'reset', message: 'an exception that nothing could handle: a PC restarts itself here'};
	return {kind: 'broken', message: said || String(error)};
}

/*
 * v86 loads the kernel when its ROM reads the exit port, and lists memory then in steps of 128 KB: the ROMs below 1 MB
 * are part of the big range above. A PC's firmware keeps them out; so do we, in v86's Multiboot information.
 */
function mendMemoryMap(cpu) {
	const port = cpu.io.ports[EXIT_PORT], load = port.read32;

	port.read32 = function () {
		const answer = load.call(this);
		const first = cpu.read32s(MULTIBOOT_INFO + MMAP_ADDR);
		const end = first + cpu.read32s(MULTIBOOT_INFO + MMAP_LENGTH);
		for (let entry = first; entry < end; entry += MMAP_ENTRY) {
			const start = cpu.read32s(entry + 4), length = cpu.read32s(entry + 12) >>> 0;
			if (start >= LOW_END && start < MEGABYTE && start + length > MEGABYTE) {
				cpu.write32(entry + 4, MEGABYTE);
				cpu.write32(entry + 12, start + length - MEGABYTE);
			}
		}
		return answer;
	};
}

function registers(cpu) {
	const flags = cpu.get_eflags();
	return {eip: cpu.instruction_pointer[0] >>> 0, ebp: cpu.reg32[5] >>> 0, eflags: flags >>> 0,
		halted: Boolean(cpu.in_hlt[0]) && !(flags & FLAG_IF)};
}

/* Bytes at a linear address, as the processor's page tables have it, or at a physical one. */
function read(cpu, address, count, physical) {
	const bytes = new Uint8Array(count);
	for (let i = 0; i < count; i++)
		bytes[i] = cpu.read8(physical ? address + i : translate(cpu, address + i));
	return bytes;
}

function translate(cpu, address) {
	if (!(cpu.cr[0] & CR0_PG))
		return address;
	const pae = cpu.cr[4] & CR4_PAE;
	const levels = pae ? [[30, 3], [21, 0x1ff], [12, 0x1ff]] : [[22, 0x3ff], [12, 0x3ff]];
	let table = cpu.cr[3] & (pae ? ~0x1f : ~0xfff);
	for (const [shift, mask] of levels) {
		const entry = cpu.read32s(table + ((address >>> shift) & mask) * (pae ? 8 : 4));
		const offset = (1 << shift) - 1;
		if (!(entry & PRESENT))
			throw new Error(`address 0x${(address >>> 0).toString(16)} is not mapped`);
		if (shift < 30 && shift > 12 && entry & LARGE)
			return (entry & ~offset) | (address & offset);
		table = entry & ~0xfff;
	}
	return table | (address & 0xfff);
}
