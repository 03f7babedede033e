/*
 * console.js - the console of a chapter's page: its checkpoint kernel boots in the reader's browser.
 *
 *     <section class="console" data-checkpoint="02" data-kernel="kernels/02.elf" data-machine='{"caps": []}'
 *              data-demos='[{"title": "an oops", "cmdline": "do=oops,off"}]' data-proven='{"BOOT-01": ["qemu"]}'>
 *     <span class="mark" data-row="BOOT-01"></span>      anywhere in the page: a claim, and how it stands
 *
 * Only this file and console.css come with the page. The emulator (v86), the terminal (xterm.js), the firmware and the
 * kernel, all from assets/console/ and kernels/, are fetched when the reader starts the machine for the first time.
 *
 * data-machine: mem, the memory in MB; caps, what this machine can show of tests/machines.tsv; others, what others can.
 * A demonstration may name its own mem and kernel.
 *
 * For tests and for other scripts: section.dataset.state is idle, loading, running, off, stopped, ended or unavailable;
 * section.dataset.verdict is ok or failed once all tests of a run have reported. A mark's dataset.state is proven,
 * elsewhere, impossible or failed; none if nothing is known.
 */

const ASSETS = new URL('console/', import.meta.url);
const MEMORY = [64, 128, 256, 512, 1000, 1500, 2000];   // MB; the last is what v86 and a tab of 32 bits can bear
const DIRECT_MAP = 896;                                 // MB that the kernel reaches directly; the rest is high memory
const COLUMNS = 80, ROWS = 25, LINE_HEIGHT = 1.15;
const FONT = {least: 6, most: 15};                      // px
const WRITE_DELAY = 10;                                 // ms: the terminal takes many bytes at once more cheaply
const TESTS = {cmdline: 'do=test'};                     // what Start does
const PROMPT = {title: 'Boot to the prompt', cmdline: ''};
const OFF = {33: 'The kernel powered off, all well.', 35: 'The kernel powered off after a test failed.',
	37: 'The kernel panicked.'};

/* -- TAP ---------------------------------------------------------------------------------------------------------- */

/* What the kernel's self-tests have reported so far. */
export class Tap {
	constructor() {
		this.reset();
	}

	reset() {
		this.started = false;
		this.plan = null;
		this.tests = [];
		this.notes = [];
	}

	/* Take in a line of the serial port; the test that it reports, or null. */
	line(text) {
		if (text === 'KTAP version 1') {
			this.reset();
			this.started = true;
		}
		const plan = /^1\.\.(\d+)$/.exec(text);
		const result = /^(not )?ok \d+(?: - )?(.*)$/.exec(text);
		if (!this.started || this.done)
			return null;
		if (plan)
			this.plan = Number(plan[1]);
		else if (result)
			return this.test(!result[1], result[2]);
		else if (/^# (?!calibrate: |expect: )/.test(text))
			this.notes.push(text.slice(2));
		return null;
	}

	test(ok, text) {
		const [, row = '', rest] = /^(?:([A-Z][A-Z0-9]*-\d+)\b *)?(.*)$/.exec(text);
		const [claim, skip] = rest.split(/ # SKIP */i);
		const test = {state: skip !== undefined ? 'impossible' : ok ? 'proven' : 'failed', row, claim,
			reason: skip ?? (ok ? '' : this.notes.join('; '))};
		this.tests.push(test);
		this.notes = [];
		return test;
	}

	get done() {
		return this.plan !== null && this.tests.length >= this.plan;
	}

	count(state) {
		return this.tests.filter(test => test.state === state).length;
	}

	/* How a row stands by all of its tests: a failure outweighs a proof, and a proof a test that was skipped. */
	row(name) {
		const tests = this.tests.filter(test => test.row === name);
		return ['failed', 'proven', 'impossible'].map(state => tests.find(test => test.state === state)).find(Boolean);
	}

	get verdict() {
		const failed = this.tests.find(test => test.state === 'failed');
		if (failed)
			return `${this.count('failed')} of ${this.plan} tests failed, first: ${failed.row} ${failed.claim}`;
		const skipped = this.count('impossible');
		return `${this.count('proven')} of ${this.plan} tests passed here`
			+ (skipped ? `; ${skipped} cannot be made in this browser.` : '.');
	}
}

/* -- marks beside the claims -------------------------------------------------------------------------------------- */

const SAY = {
	proven: () => 'proven here',
	elsewhere: where => `proven on ${where}`,
	impossible: reason => `not possible in this browser${reason ? `: ${reason}` : ''}`,
	failed: reason => `failed${reason ? `: ${reason}` : ''}`,
};

function mark(row, state, detail) {
	for (const element of document.querySelectorAll(`.mark[data-row="${row}"]`)) {
		let said = element.querySelector('.mark-said');
		if (!said) {
			said = document.createElement('span');
			said.className = element.textContent.trim() ? 'mark-said unseen' : 'mark-said';
			element.append(said);
		}
		said.textContent = ` ${SAY[state](detail)}`;
		element.dataset.state = state;
		element.title = `${row}: ${SAY[state](detail)}`;
	}
}

/* -- what is fetched at the first start --------------------------------------------------------------------------- */

let assets = null;

async function bytes(url) {
	const answer = await fetch(url);
	if (!answer.ok)
		throw new Error(`${url} could not be loaded (${answer.status})`);
	return answer.arrayBuffer();
}

function style(url) {
	return new Promise((resolve, reject) => {
		const link = make('link', {rel: 'stylesheet', href: url, onload: resolve,
			onerror: () => reject(new Error(`${url} could not be loaded`))});
		document.head.append(link);
	});
}

async function fetchAssets() {
	const at = name => new URL(name, ASSETS).href;
	const [{boot}, {V86}, {Terminal}, wasm, bios, vgaBios] = await Promise.all([
		import(at('machine.mjs')), import(at('libv86.mjs')), import(at('xterm.mjs')),
		bytes(at('v86.wasm')).then(code => WebAssembly.compile(code)),
		bytes(at('bios.bin')), bytes(at('vgabios.bin')), style(at('xterm.css')),
	]);
	return {boot, Terminal, parts: {V86, wasm, bios, vgaBios}};
}

function loadAssets() {
	assets ??= fetchAssets().catch(error => {
		assets = null;                  // the next start tries again
		throw error;
	});
	return assets;
}

/* -- the console -------------------------------------------------------------------------------------------------- */

function make(tag, properties = {}, ...children) {
	const {aria, role, ...rest} = properties;
	const element = Object.assign(document.createElement(tag), rest);
	if (role)
		element.setAttribute('role', role);
	for (const [name, value] of Object.entries(aria ?? {}))
		element.setAttribute(`aria-${name}`, value);
	element.append(...children);
	return element;
}

function parse(json, otherwise) {
	try {
		return JSON.parse(json) ?? otherwise;
	} catch {
		return otherwise;
	}
}

export class Console {
	constructor(section) {
		this.section = section;
		this.checkpoint = section.dataset.checkpoint;
		this.proven = parse(section.dataset.proven, {});
		this.settings = parse(section.dataset.machine, {});
		this.tap = new Tap();
		this.turn = 0;                  // counts starts and stops, so that a start that was overtaken notices
		this.machine = null;
		this.demo = TESTS;
		this.render([PROMPT, ...parse(section.dataset.demos, [])]);
		for (const [row, machines] of Object.entries(this.proven))
			mark(row, 'elsewhere', machines.join(', '));
		if (typeof WebAssembly === 'object')
			this.enter('idle', 'The machine is off.');
		else
			this.enter('unavailable', 'This browser has no WebAssembly, so it cannot run the kernel. On your own machine: '
				+ `make run CH=${this.checkpoint}`);
	}

	/* Rendering */
	render(demos) {
		const id = name => `console-${this.checkpoint}-${name}`;
		this.buttons = {
			start: this.button('Start', () => this.start(TESTS)),
			stop: this.button('Stop', () => this.stop()),
			reset: this.button('Reset', () => this.start(this.demo)),
		};
		this.memory = make('select', {id: id('memory')}, ...MEMORY.map(size =>
			make('option', {value: size, textContent: `${size.toLocaleString('en')} MB`})));
		this.memory.value = this.settings.mem ?? MEMORY[0];
		this.status = make('p', {className: 'console-status', role: 'status'});
		this.terminalBox = make('div', {className: 'console-terminal', role: 'group',
			aria: {label: 'Serial console', describedby: id('keys')}});
		this.vgaBox = make('div', {className: 'console-vga', role: 'img', aria: {label: 'VGA screen of the machine'}});
		this.screens = make('div', {className: 'console-screens', hidden: true},
			make('div', {className: 'console-serial'}, this.terminalBox, make('p', {className: 'console-keys', id: id('keys'),
				textContent: 'What you type goes to the kernel, Tab too; Esc, then Tab leaves the console.'})),
			this.vgaBox);
		this.claims = make('ol');
		this.report = make('details', {className: 'console-claims', hidden: true},
			make('summary', {textContent: 'The kernel’s self-tests, one by one'}), this.claims);
		this.demos = demos.map(demo => {
			const button = this.button(demo.title, () => this.start(demo));
			button.title = demo.cmdline ? `kernel command line: ${demo.cmdline}` : 'without a command line';
			return {demo, button};
		});
		this.section.append(
			make('p', {className: 'console-about', textContent: `Your browser can be the machine: it emulates a PC and boots `
				+ `checkpoint ${this.checkpoint} on it. The kernel proves its claims, and the marks in the text follow. The `
				+ `emulator, 3 MB, is fetched when you start it.`}),
			make('div', {className: 'console-controls'}, ...Object.values(this.buttons),
				make('label', {htmlFor: id('memory'), textContent: 'Memory at the next start'}), this.memory),
			this.status, this.screens, this.report,
			make('details', {className: 'console-demos'}, make('summary', {textContent: 'Demonstrations'}),
				make('ul', {}, ...this.demos.map(({button}) => make('li', {}, button)))));
	}

	/* A button that stays focusable while it does nothing. */
	button(text, action) {
		return make('button', {type: 'button', textContent: text, onclick: event => {
			if (event.currentTarget.getAttribute('aria-disabled') !== 'true')
				action();
		}});
	}

	enter(state, message) {
		const on = state === 'loading' || state === 'running';
		const able = {start: !on, stop: on, reset: this.machine !== null};
		this.section.dataset.state = state;
		this.status.textContent = message;
		for (const [name, button] of Object.entries(this.buttons))
			button.setAttribute('aria-disabled', state === 'unavailable' || !able[name]);
		for (const {demo, button} of this.demos) {
			button.setAttribute('aria-disabled', state === 'unavailable');
			button.setAttribute('aria-pressed', on && demo === this.demo);
		}
	}

	/* Running */
	async start(demo) {
		const turn = ++this.turn;
		const pressed = document.activeElement;
		const megabytes = Number(demo.mem ?? this.memory.value);
		await this.clear();
		this.demo = demo;
		this.enter('loading', 'The emulator and the kernel are being fetched …');
		try {
			const {boot, Terminal, parts} = await loadAssets();
			const kernel = await bytes(new URL(demo.kernel ?? this.section.dataset.kernel, document.baseURI).href);
			if (turn !== this.turn)
				return;
			await this.showScreens(Terminal);
			this.enter('loading', 'The machine starts …');
			const machine = await boot({
				...parts, kernel, megabytes, name: 'weft.elf', screen: this.vgaBox.firstChild,
				cmdline: this.cmdline(demo, megabytes),
				onSerial: byte => turn === this.turn && this.hear(byte),
				onEnd: end => turn === this.turn && this.ended(end),
			});
			if (turn !== this.turn) {
				await machine.destroy();
				return;
			}
			this.machine = machine;
			this.enter('running', `The machine runs with ${megabytes.toLocaleString('en')} MB.`);
			if (document.activeElement === pressed)
				this.terminal.focus();
		} catch (error) {
			if (turn === this.turn)
				this.enter('ended', `The machine could not be started: ${error.message}.`);
		}
	}

	/* The words of the demonstration, and what this machine can show (tests/machines.tsv). */
	cmdline(demo, megabytes) {
		const caps = [...this.settings.caps ?? [], ...megabytes > DIRECT_MAP ? ['highmem'] : []];
		return `${demo.cmdline} caps=${caps.join(',')}`.trim();
	}

	async stop() {
		this.turn++;
		const gone = this.halt();
		this.enter('stopped', 'The machine is switched off.');
		await gone;
	}

	async halt() {
		const machine = this.machine;
		this.machine = null;
		await machine?.destroy();
	}

	/* Nothing of the last run is left, but the marks. */
	async clear() {
		await this.halt();
		this.tap.reset();
		this.text = '';
		this.heard = [];                // bytes that the terminal has not got yet
		this.terminal?.reset();
		this.claims.replaceChildren();
		this.report.hidden = true;
		this.vgaBox.replaceChildren(make('div', {}, make('div'), make('canvas')));
		delete this.section.dataset.verdict;
	}

	ended({kind, status, message}) {
		const unfinished = this.tap.plan !== null && !this.tap.done;
		if (unfinished)
			this.section.dataset.verdict = 'failed';
		const why = kind === 'off' ? OFF[status] ?? `The kernel powered off with status ${status}.` : `The machine stands still: ${message}.`;
		const lost = unfinished ? ` Only ${this.tap.tests.length} of ${this.tap.plan} tests had reported.` : '';
		this.enter(kind === 'off' ? 'off' : 'ended', [this.tap.done ? this.tap.verdict : '', why + lost].join(' ').trim());
	}

	/* The serial port */
	hear(byte) {
		if (this.heard.push(byte) === 1)
			setTimeout(() => this.terminal.write(Uint8Array.from(this.heard.splice(0))), WRITE_DELAY);
		if (byte !== 10) {
			this.text += String.fromCharCode(byte);
			return;
		}
		const test = this.tap.line(this.text.replaceAll('\r', ''));
		this.text = '';
		if (test)
			this.show(test);
	}

	show(test) {
		const {state, row, claim, reason} = test;
		this.report.hidden = false;
		const item = make('li', {}, make('span', {className: 'mark', textContent: `${row} ${claim}`}),
			make('span', {className: 'unseen', textContent: ` ${state === 'proven' ? 'passed' : SAY[state]('')}`}));
		item.firstChild.dataset.state = state;
		if (reason)
			item.append(make('small', {textContent: ` ${reason}`}));
		this.claims.append(item);
		if (row)
			this.markRow(row);
		if (this.tap.done) {
			this.section.dataset.verdict = this.tap.count('failed') ? 'failed' : 'ok';
			this.enter('running', this.tap.verdict);
		}
	}

	markRow(row) {
		const {state, reason} = this.tap.row(row);
		mark(row, state, state === 'impossible' ? reason + this.elsewhere(row, reason) : reason);
	}

	/* Where a claim is proven that cannot be proven here; else which machines have what the kernel says is missing. */
	elsewhere(row, reason) {
		const proven = this.proven[row] ?? [];
		const missing = /\bhas no (\w+)/.exec(reason)?.[1];
		const able = Object.entries(this.settings.others ?? {}).filter(([, caps]) => caps.includes(missing)).map(([name]) => name);
		if (proven.length)
			return `; proven on ${proven.join(', ')}`;
		const kinds = able.filter(name => !able.includes(name.replace(/-.*/, '')) || !name.includes('-'));      // not qemu-1g beside qemu
		return kinds.length ? `; on ${kinds.join(', ')} it can be` : '';
	}

	/* The screens */
	async showScreens(Terminal) {
		this.screens.hidden = false;
		if (this.terminal)
			return;
		await document.fonts.ready;
		this.terminal = new Terminal({cols: COLUMNS, rows: ROWS, lineHeight: LINE_HEIGHT, convertEol: true, scrollback: 5000, screenReaderMode: true,
			fontFamily: getComputedStyle(this.terminalBox).fontFamily, ...this.look()});
		this.terminal.open(this.terminalBox);
		this.terminal.onData(text => this.machine?.send(new TextEncoder().encode(text)));
		this.letTabLeave();
		const again = () => Object.assign(this.terminal.options, this.look());
		new ResizeObserver(again).observe(this.screens);
		new MutationObserver(again).observe(document.documentElement, {attributeFilter: ['class', 'data-theme']});
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
	}

	/* Colors from the style sheet, and the size in which a line of 80 columns fits. */
	look() {
		const css = getComputedStyle(this.terminalBox);
		const pen = make('canvas').getContext('2d');
		pen.font = `100px ${css.fontFamily}`;
		const ratio = pen.measureText('0').width / 100;
		const room = this.terminalBox.clientWidth - parseFloat(css.paddingLeft) - parseFloat(css.paddingRight) - 14;   // scroll bar
		const size = Math.min(FONT.most, Math.max(FONT.least, Math.floor(2 * room / COLUMNS / ratio) / 2));
		this.vgaBox.style.fontSize = `${this.vgaBox.clientWidth / COLUMNS / ratio}px`;
		return {fontSize: size, theme: {background: css.backgroundColor, foreground: css.color, cursor: css.color,
			cursorAccent: css.backgroundColor, selectionBackground: css.accentColor}};
	}

	/* The keyboard must not be trapped: Tab belongs to the kernel, but after Esc to the page. */
	letTabLeave() {
		let escaped = false;
		this.terminal.attachCustomKeyEventHandler(event => {
			if (event.type !== 'keydown' || ['Shift', 'Control', 'Alt'].includes(event.key))
				return true;
			const leave = event.key === 'Tab' && escaped;
			escaped = event.key === 'Escape';
			return !leave;
		});
	}
}

for (const section of document.querySelectorAll('section.console'))
	new Console(section);
