#!/usr/bin/env node
/*
 * run.mjs KERNEL [--mem MB] [--cmdline WORDS] [--qmp FD] - boot a checkpoint in v86, without a browser.
 *
 * The serial port is on stdin and stdout; on a terminal, Ctrl-A X ends it. The exit status is QEMU's with isa-debug-exit:
 * 33 all well, 35 a test failed, 37 panic; 1 with a word on stderr if the machine ended in another way, 2 for a mistake
 * in the call. --qmp: the little of QEMU's machine protocol that tangle/machine.py speaks, on an inherited socket; then a
 * machine that reset or halted for ever stays, to be looked at, until it is killed.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {Socket} from 'node:net';
import {basename, dirname, join} from 'node:path';
import {createInterface} from 'node:readline';
import {LEAST_MB, MOST_MB, boot} from './machine.mjs';

const FIRMWARE = '/usr/share/seabios';
const CTRL_A = 1;
const CALLED_WRONGLY = 2;

function fail(message, status = 1) {
	process.stderr.write(`v86: ${message}\n`);
	process.exit(status);
}

function parse(words) {
	const options = {mem: 64, cmdline: ''};
	for (let i = 0; i < words.length; i++) {
		const name = words[i].replace(/^--/, '');
		if (!words[i].startsWith('--'))
			options.kernel = words[i];
		else if (['mem', 'cmdline', 'qmp'].includes(name) && i + 1 < words.length)
			options[name] = words[++i];
		else
			fail(`${words[i]}: say run.mjs KERNEL [--mem MB] [--cmdline WORDS] [--qmp FD]`, CALLED_WRONGLY);
	}
	if (!options.kernel)
		fail('which kernel? Say run.mjs build/02/weft.elf', CALLED_WRONGLY);
	if (!(options.mem >= LEAST_MB && options.mem <= MOST_MB))
		fail(`--mem ${options.mem}: say a number of megabytes from ${LEAST_MB} to ${MOST_MB}`, CALLED_WRONGLY);
	return options;
}

function load(path, remedy) {
	try {
		const data = readFileSync(path);
		return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
	} catch (error) {
		return fail(`${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}; ${remedy}`, CALLED_WRONGLY);
	}
}

async function emulator() {
	try {
		const directory = dirname(createRequire(import.meta.url).resolve('v86'));
		const {V86} = await import('v86');
		return {V86, wasm: await WebAssembly.compile(readFileSync(join(directory, 'v86.wasm')))};
	} catch (error) {
		return fail(`the npm package v86 cannot be loaded (${error.code || error.message}); run \`make setup\``,
			CALLED_WRONGLY);
	}
}

/* What the serial port says, a line at a time where there are lines. */
function writer() {
	let bytes = [];
	const flush = () => {
		process.stdout.write(Uint8Array.from(bytes));
		bytes = [];
	};
	process.stdout.on('error', () => process.exit(1));      // nobody listens any more
	return {
		put: byte => {
			if (bytes.push(byte) === 1)
				setImmediate(() => bytes.length && flush());
			if (byte === 10)
				flush();
		},
		flush: () => bytes.length && flush(),
	};
}

/* Our input goes to the serial port; on a terminal, key by key. */
function listen(send) {
	let escaped = false;
	const terminal = process.stdin.isTTY;
	if (terminal) {
		process.stdin.setRawMode(true);
		process.on('exit', () => process.stdin.setRawMode(false));
	}
	process.stdin.on('data', data => {
		for (const byte of data) {
			if (escaped && (byte | 0x20) === 'x'.charCodeAt(0))
				process.exit(0);
			escaped = terminal && byte === CTRL_A && !escaped;
			if (!escaped)
				send([byte]);
		}
	});
	process.stdin.on('error', () => {});
}

/* Answer QEMU's monitor commands, as far as tangle/machine.py asks them; returns a function that reports an event. */
function serveMonitor(fd, machine) {
	const socket = new Socket({fd: Number(fd), readable: true, writable: true});
	const say = message => socket.write(JSON.stringify(message) + '\n');
	socket.on('error', () => {});
	createInterface({input: socket}).on('line', line => {
		const {arguments: {'command-line': command = ''} = {}} = JSON.parse(line);
		say({return: monitor(command, machine)});
	});
	return reason => say({event: 'SHUTDOWN', data: {reason}});
}

function monitor(command, machine) {
	const save = /^(p?)memsave (0x[0-9a-f]+) (\d+) "(.*)"$/.exec(command);
	try {
		if (save) {
			writeFileSync(save[4], machine.read(Number(save[2]), Number(save[3]), save[1] === 'p'));
		} else if (command.startsWith('info registers')) {
			const {eip, ebp, eflags, halted} = machine.registers();
			const hex = number => number.toString(16).padStart(8, '0');
			return `EIP=${hex(eip)} EBP=${hex(ebp)} EFL=${hex(eflags)} HLT=${Number(halted)}\r\n`;
		} else if (command) {
			return `unknown command: ${command}`;
		}
		return '';
	} catch (error) {
		return error.message;
	}
}

const options = parse(process.argv.slice(2));
const serial = writer();
let report = null;
const machine = await boot({
	...await emulator(),
	bios: load(`${FIRMWARE}/bios.bin`, 'install the Debian package seabios'),
	vgaBios: load(`${FIRMWARE}/vgabios-stdvga.bin`, 'install the Debian package seabios'),
	kernel: load(options.kernel, 'build it first: make kernels'),
	name: basename(options.kernel),
	cmdline: options.cmdline,
	megabytes: Number(options.mem),
	onSerial: serial.put,
	onEnd: ({kind, status, message}) => {
		serial.flush();
		if (kind === 'off')
			process.exit(status);
		else if (!report || kind === 'broken')
			fail(message);
		else if (kind === 'reset')
			report('guest-reset');
	},
}).catch(error => fail(error.message));
if (options.qmp)
	report = serveMonitor(options.qmp, machine);
listen(machine.send);
