#!/usr/bin/env node
/*
 * The console in Chromium, on a page of our own: it boots checkpoints to their verdict, the marks follow, typing arrives,
 * stop and reset do what they say, and nothing is asked of any other host. `console.t DIR` keeps pictures in DIR.
 */
const {execFileSync} = require('node:child_process');
const {copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} = require('node:fs');
const {tmpdir} = require('node:os');
const {join, resolve} = require('node:path');

const ROOT = resolve(__dirname, '../..');
const PATIENCE = 60000 * Number(process.env.WEFT_PATIENCE || 1);
const KB = 1024;
const OWN_KB = 30;                      // console.js and console.css, which come with every page
const DEMOS = [{title: 'An oops', cmdline: 'do=oops,off'}, {title: 'A reset', cmdline: 'do=fault', kernel: 'kernels/01.elf'},
	{title: 'For ever', cmdline: 'do=panic'}];
const ACTS = ['fail', 'early-off', 'halt'];
const PROVEN = {'BOOT-01': ['qemu', 'bochs'], 'BOOT-05': ['qemu'], 'BOOT-03': ['bochs']};
const MARKS = ['BOOT-01', 'BOOT-05', 'BOOT-03', 'DBG-02', 'NONE-01', 'DEMO-01', 'DEMO-02'];

function page(checkpoint, demos) {
	const attribute = value => JSON.stringify(value).replaceAll('"', '&quot;');
	return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Console</title><link rel="icon" href="data:,">
		<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
		<link rel="stylesheet" href="assets/console.css"><script type="module" src="assets/console.js"></script></head>
		<body><main><h1>Checkpoint ${checkpoint}</h1><p>${MARKS.map(row => `<span class="mark" data-row="${row}">${row}</span>`).join(' ')}
		<span class="mark" data-row="BOOT-01"></span></p>
		<section class="console" id="console" aria-label="Console" data-checkpoint="${checkpoint}"
		data-kernel="kernels/${checkpoint}.elf" data-machine="${attribute({caps: [], others: {qemu: ['taskgate'], 'qemu-1g': ['taskgate'], bochs: ['taskgate'], arm: []}})}"
		data-demos="${attribute(demos)}"
		data-proven="${attribute(PROVEN)}"></section></main></body></html>`;
}

function layOut() {
	const site = mkdtempSync(join(tmpdir(), 'weft-console-'));
	process.on('exit', () => rmSync(site, {recursive: true, force: true}));
	execFileSync('python3', ['-c', `import sys; sys.path.insert(0, 'tangle/weave')
from console_assets import copy_console_assets; copy_console_assets(sys.argv[1])`, site], {cwd: ROOT});
	for (const name of ['console.js', 'console.css'])
		copyFileSync(join(ROOT, 'tangle/web', name), join(site, 'assets', name));
	execFileSync('gcc', ['-O1', '-m32', '-ffreestanding', '-nostdlib', '-static', '-fno-pie', '-no-pie', '-fno-stack-protector',
		'-Wl,-Ttext=0x1000000,--build-id=none', 'tests/self/stub.c', '-o', join(site, 'kernels/stub.elf')], {cwd: ROOT});
	writeFileSync(join(site, '02.html'), page('02', DEMOS));
	writeFileSync(join(site, 'stub.html'), page('stub', ACTS.map(act => ({title: act, cmdline: `act=${act} do=test,off`}))));
	return site;
}

async function main() {
	const {done, ok, open, serve} = await import('./lib.mjs');
	const site = await serve(layOut());
	const browser = await open();
	const pictures = process.argv[2];
	const same = (found, wanted, description) => ok(JSON.stringify(found) === JSON.stringify(wanted), description,
		`found:  ${JSON.stringify(found)}`, `wanted: ${JSON.stringify(wanted)}`);

	/* A tab on one of our pages, with what it asks for and complains of. */
	async function visit(checkpoint, options = {}, before = null) {
		const context = await browser.newContext(options);
		const tab = await context.newPage();
		tab.setDefaultTimeout(PATIENCE);
		const asked = [], complaints = [];
		tab.on('request', request => asked.push(request.url()));
		tab.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
		tab.on('pageerror', error => complaints.push(error.message));
		if (before)
			await tab.addInitScript(before);
		await tab.goto(`${site.url}${checkpoint}.html`);
		await tab.locator('.console button').first().waitFor();
		const section = tab.locator('#console');
		const look = () => tab.evaluate(() => ({state: document.querySelector('#console').dataset.state,
			status: document.querySelector('.console-status').textContent,
			text: document.querySelector('.xterm-accessibility-tree')?.innerText}));
		return {
			tab, section, asked, complaints, context,
			state: () => section.getAttribute('data-state'),
			status: () => tab.locator('.console-status').textContent(),
			mark: row => tab.locator(`p .mark[data-row="${row}"]`).first(),
			marks: () => tab.locator('p > .mark').evaluateAll(all => all.map(mark => mark.dataset.state ?? '')),
			press: name => tab.getByRole('button', {name, exact: true}).click(),
			until: async (name, value) => {
				try {
					await tab.waitForFunction(([n, v]) => document.querySelector('#console').dataset[n] === v, [name, value]);
				} catch (error) {
					const {state, status, text} = await look();
					throw new Error(`${name} never was ${value}: ${state}: ${status}\n${text}\n${complaints}`, {cause: error});
				}
			},
			text: () => tab.locator('.xterm-accessibility-tree').innerText(),
			says: what => tab.waitForFunction(text =>
				document.querySelector('.xterm-accessibility-tree')?.innerText.includes(text), what),
			shoot: name => pictures ? tab.screenshot({path: join(pictures, `${name}.png`), fullPage: true}) : null,
		};
	}

	const own = ['console.js', 'console.css'].reduce((sum, name) => sum + statSync(join(ROOT, 'tangle/web', name)).size, 0);
	ok(own < OWN_KB * KB, `our script and style are ${Math.ceil(own / KB)} KB, under ${OWN_KB} KB`);

	/* Before it starts */
	const c = await visit('02', {viewport: {width: 1200, height: 900}});
	same([await c.state(), await c.tab.locator('.console-terminal').isVisible()], ['idle', false],
		'the machine is off at first, and shows no screen');
	ok(!c.asked.some(url => /console\/|kernels\//.test(url)), 'nothing of the emulator is fetched before it starts', ...c.asked);
	same(await c.marks(), ['elsewhere', 'elsewhere', 'elsewhere', '', '', '', '', 'elsewhere'], 'marks say what the page knows');
	same(await c.mark('BOOT-01').getAttribute('title'), 'BOOT-01: proven on qemu, bochs', 'and on which machines');
	await c.shoot('idle');

	/* The verdict */
	await c.press('Start');
	await c.until('verdict', 'ok');
	same(await c.state(), 'running', 'checkpoint 02 boots to its verdict, and runs on');
	ok(/^\d+ of \d+ tests passed here; 1 cannot be made/.test(await c.status()), 'the verdict is said', await c.status());
	same(await c.marks(), ['proven', 'elsewhere', 'proven', 'proven', '', '', '', 'proven'], 'the marks of its claims turn');
	same(await c.mark('BOOT-01').getAttribute('title'), 'BOOT-01: proven here', 'and say that it was here');
	const planned = Number(/of (\d+)/.exec(await c.status())[1]);
	same(await c.tab.locator('.console-claims li').count(), planned, 'every test is listed');
	same(await c.tab.locator('.console-claims .mark[data-state="impossible"]').count(), 1, 'one is not possible here');
	ok(/no taskgate/.test(await c.tab.locator('.console-claims').textContent()), 'and says why');

	/* Typing */
	await c.says('weft:02> ');
	ok(await c.tab.evaluate(() => document.activeElement.closest('.console-terminal') !== null), 'the terminal has the keyboard');
	await c.tab.keyboard.type('series');
	await c.tab.keyboard.press('Enter');
	await c.tab.keyboard.type('nonsense\n');
	await c.says('nonsense: no such command');
	ok(true, 'typing is accepted');
	const vga = await c.tab.locator('.console-vga').innerText();
	ok(vga.replaceAll('\u00a0', ' ').includes('nonsense: no such command'), 'the VGA screen shows the same', vga);
	await c.shoot('running');
	await c.tab.keyboard.press('Escape');
	await c.tab.keyboard.press('Tab');
	ok(await c.tab.evaluate(() => document.activeElement.closest('.console-terminal') === null), 'Esc, then Tab leaves the terminal');

	/* Stop, reset, off */
	await c.press('Stop');
	await c.until('state', 'stopped');
	const before = await c.text();
	await c.tab.locator('.xterm-helper-textarea').focus();
	await c.tab.keyboard.type('help\n');
	await c.tab.waitForTimeout(500);
	same(await c.text(), before, 'a machine that is switched off answers nothing');
	same(c.tab.workers().length, 0, 'and is gone');                // a machine of v86 has one worker, its clock
	await c.press('Start');
	await c.until('verdict', 'ok');
	const fetched = c.asked.length;
	await c.tab.evaluate(() => {
		const section = document.querySelector('#console'), seen = window.history_of_console = [];
		new MutationObserver(() => seen.push(`${section.dataset.state} ${section.dataset.verdict ?? ''}`))
			.observe(section, {attributeFilter: ['data-state', 'data-verdict']});
	});
	await c.press('Reset');
	await c.tab.waitForFunction(() => window.history_of_console.at(-1) === 'running ok' && window.history_of_console.length > 3);
	same((await c.tab.evaluate(() => window.history_of_console)).slice(-3), ['loading ', 'running ', 'running ok'],
		'a reset forgets the verdict and boots to it again');
	ok(c.asked.slice(fetched).every(url => /\.elf$|^blob:/.test(url)), 'without fetching the emulator again', ...c.asked.slice(fetched));
	await c.says('weft:02> ');
	await c.tab.keyboard.type('off\n');
	await c.until('state', 'off');
	ok(/powered off, all well/.test(await c.status()), 'the command off ends it', await c.status());

	/* Demonstrations */
	await c.tab.getByText('Demonstrations').click();
	await c.press('An oops');
	await c.until('state', 'off');
	await c.says('Oops');
	ok(true, 'a demonstration runs with its own command line');
	await c.press('A reset');
	await c.until('state', 'ended');
	ok(/a PC restarts itself here/.test(await c.status()), 'a triple fault is named', await c.status());
	await c.press('For ever');
	await c.until('state', 'off');
	ok(/panicked/.test(await c.status()), 'a panic is named', await c.status());
	await c.tab.getByLabel('Memory at the next start').selectOption('2000');
	await c.press('Boot to the prompt');
	await c.says('1104MB HIGHMEM available');
	ok(true, 'with 2,000 MB it boots too, and has high memory');
	await c.press('Stop');
	await c.until('state', 'stopped');

	/* A start that is overtaken */
	await c.tab.evaluate(() => {
		for (const name of ['Boot to the prompt', 'Stop', 'Start'])
			[...document.querySelectorAll('.console button')].find(button => button.textContent === name).click();
	});
	await c.until('verdict', 'ok');
	same([await c.state(), c.tab.workers().length], ['running', 1], 'a stop while it loads is a stop, and the next start is one machine');
	same([...new Set(c.asked.map(url => new URL(url).host))].filter(Boolean), [new URL(site.url).host], 'no other host was asked');
	same(c.complaints, [], 'the browser has nothing to complain of');
	await c.context.close();

	/* Kernels that fail: the stand-in of tests/self, which misbehaves on demand */
	const f = await visit('stub');
	await f.tab.getByText('Demonstrations').click();
	await f.press('fail');
	await f.until('verdict', 'failed');
	await f.until('state', 'off');
	same([await f.mark('DEMO-01').getAttribute('data-state'), await f.mark('DEMO-02').getAttribute('data-state')],
		['proven', 'failed'], 'a test that fails marks its claim, and no other');
	ok(/^1 of \d tests failed, first: DEMO-02 .*after a test failed/.test(await f.status()), 'and is the verdict', await f.status());
	await f.press('early-off');
	await f.until('verdict', 'failed');
	ok(/Only 1 of 3 tests had reported/.test(await f.status()), 'tests that never report are missed', await f.status());
	await f.press('halt');
	await f.until('state', 'ended');
	ok(/halted with interrupts off/.test(await f.status()), 'a dead machine is named', await f.status());
	await f.tab.evaluate(async () => {
		const {Console} = await import('./assets/console.js');
		const planted = new Console(document.querySelector('#console').cloneNode());
		Object.assign(planted, {heard: [], text: '', terminal: {write() {}}});
		for (const letter of 'KTAP version 1\n1..3\nok 1 - BOOT-05 a # SKIP this machine has no taskgate\n'
			+ 'ok 2 - DEMO-01 b # SKIP this machine has no taskgate\n# c.c:1: no\nnot ok 3 - DEMO-02 c\n')
			planted.hear(letter.charCodeAt(0));
	});
	const title = row => f.mark(row).getAttribute('title');
	same([await title('BOOT-05'), await title('DEMO-01'), await title('DEMO-02')],
		['BOOT-05: not possible in this browser: this machine has no taskgate; proven on qemu',
			'DEMO-01: not possible in this browser: this machine has no taskgate; on qemu, bochs it can be',
			'DEMO-02: failed: c.c:1: no'], 'a mark says why a claim cannot be shown here, and where it can');
	await f.context.close();

	/* Where it cannot run */
	const w = await visit('02', {}, () => delete window.WebAssembly);
	same(await w.state(), 'unavailable', 'a browser without WebAssembly is told so');
	ok(/no WebAssembly/.test(await w.status()), 'in words', await w.status());
	await w.tab.getByRole('button', {name: 'Start', exact: true}).dispatchEvent('click');
	same([await w.state(), w.asked.some(url => /console\//.test(url))], ['unavailable', false], 'and its Start does nothing');
	await w.context.close();
	const m = await visit('02', {}, () => {
		WebAssembly.instantiate = async () => { throw new RangeError('Out of memory'); };
	});
	await m.press('Start');
	await m.until('state', 'ended');
	ok(/could not be started: there is no room for 64 MB/.test(await m.status()), 'too much memory is named', await m.status());
	await m.context.close();
	const n = await visit('02', {});
	await n.tab.route('**/*.elf', route => route.abort());
	await n.press('Start');
	await n.until('state', 'ended');
	ok(/could not be started/.test(await n.status()), 'a kernel that is not there is named', await n.status());
	await n.tab.unroute('**/*.elf');
	await n.press('Start');
	await n.until('verdict', 'ok');
	ok(true, 'and the next start tries again');
	await n.context.close();

	/* Its looks */
	for (const scheme of ['light', 'dark']) {
		const p = await visit('02', {viewport: {width: 390, height: 844}, colorScheme: scheme, hasTouch: true});
		await p.press('Start');
		await p.until('verdict', 'ok');
		await p.says('weft:02> ');
		const wide = await p.tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		same(wide, 0, `phone, ${scheme}: nothing is wider than the screen`);
		const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
		await p.tab.evaluate(axe);
		const faults = await p.tab.evaluate(async () => (await window.axe.run(document)).violations
			.map(fault => `${fault.impact}: ${fault.id}: ${fault.help}: ${fault.nodes.map(node => node.html).slice(0, 3).join(' ')}`));
		same(faults, [], `phone, ${scheme}: axe finds no fault`);
		await p.shoot(`phone-${scheme}`);
		await p.context.close();
	}
	await browser.close();
	site.close();
	done();
}

main().catch(error => {
	console.log(`Bail out! ${error.stack}`);
	process.exit(1);
});
