/* The web edition in a real browser: every page loads without a complaint and at once, a checker of accessibility finds nothing
   serious, and what the pages promise works, by pointer, by keys, on a phone, without a script, and opened as a file.
   Leaves build/screenshots/*.png, to be looked at. */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { done, ok, open, serve } from './lib.mjs';

const SITE = 'build/html', SHOTS = 'build/screenshots';
const FIRST_VIEW = 1000;             // ms from asking for a page to its first words
const QUIET = 150;                   // ms to the first word of a page that is one word, on a machine with nothing else to do
const DESKTOP = { width: 1440, height: 1000 }, PHONE = { width: 390, height: 844 };
const ENOUGH_FOR_AXE = 15;
const LONGEST = 600000;               // ms for a page of one word, on any machine
const AXE = await readFile('node_modules/axe-core/axe.min.js', 'utf8');

const names = (await readdir(SITE)).filter(name => name.endsWith('.html')).sort();
const chapters = names.filter(name => /^\d/.test(name));
const newest = chapters.at(-1);
/* What takes seconds a page is done on the newest chapters only, and the checker of accessibility looks at one of the older
   ones, another one with each commit. */
const seed = parseInt(spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).stdout?.slice(0, 7), 16) || 0;
const older = chapters.slice(0, -1);
const checked = process.env.WEFT_ALL ? chapters : [...older.length ? [older[seed % older.length]] : [], newest];
const booted = process.env.WEFT_ALL ? chapters : chapters.slice(-2);
await mkdir(SHOTS, { recursive: true });
const site = await serve(SITE);
const browser = await open();
/* ms from asking for the page to its first words. A busy machine may paint them after `load`: so wait for the report of it. */
const firstView = (p, longest) => p.evaluate(longest => new Promise(report => {
	setTimeout(() => report(Infinity), longest);
	new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint').forEach(entry => report(entry.startTime)))
		.observe({ type: 'paint', buffered: true });
}), longest);

/* How much later than on an idle machine even a page of one word is there. */
async function busy() {
	const context = await browser.newContext({ viewport: DESKTOP });
	const p = await context.newPage();
	await p.goto('data:text/html,<p>word', { timeout: LONGEST });
	const time = await firstView(p, LONGEST);
	await context.close();
	return Math.max(1, time / QUIET);
}

/* How long to wait for what must come: a minute, and as much more as this machine is slower now than an idle one. */
const patience = 60000 * Number(process.env.WEFT_PATIENCE || 1) * await busy();

async function page(options = {}, name = newest) {
	const context = await browser.newContext({ viewport: DESKTOP, ...options });
	const opened = await context.newPage();
	opened.setDefaultTimeout(patience);
	opened.troubles = [];
	opened.on('console', message => { if (['error', 'warning'].includes(message.type())) opened.troubles.push(`${message.text()} ${message.location().url}`); });
	opened.on('pageerror', error => opened.troubles.push(error.message));
	opened.on('requestfailed', request => {       // what a click on a link cut short is no failure
		if (request.failure().errorText !== 'net::ERR_ABORTED')
			opened.troubles.push(`${request.url()} ${request.failure().errorText}`);
	});
	opened.on('response', answer => { if (answer.status() >= 400) opened.troubles.push(`${answer.url()} ${answer.status()}`); });
	if (name)
		await opened.goto(site.url + name);
	return opened;
}

const overflow = p => p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const visible = locator => locator.isVisible();

async function check(what, test) {
	try {
		const trouble = await test();
		ok(!trouble, what, trouble);
	} catch (error) {
		ok(false, what, error.stack || error);
	}
}

/* -- every page ---------------------------------------------------------------------------------------------- */

const views = {};
{
	const troubles = [], wide = [], serious = [];
	for (const name of names) {
		const p = await page({}, name);
		views[name] = await firstView(p, patience);
		troubles.push(...p.troubles.map(text => `${name}: ${text}`));
		for (const size of [DESKTOP, PHONE]) {
			await p.setViewportSize(size);
			if (await overflow(p) > 0)
				wide.push(`${name} at ${size.width}`);
		}
		await p.setViewportSize(DESKTOP);
		if (chapters.includes(name) && !checked.includes(name)) {
			await p.context().close();
			continue;
		}
		// of what is all alike the first ones are enough, or axe takes a minute for a chapter
		await p.evaluate(most => ['.chunk', '.mini', '.index li', 'main > p'].forEach(kind =>
			[...document.querySelectorAll(kind)].slice(most).forEach(element => element.remove())), ENOUGH_FOR_AXE);
		await p.evaluate(AXE);
		const found = await p.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
		serious.push(...found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
			.map(v => `${name}: ${v.id}: ${v.help}; ${v.nodes.length} times, as ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')}`));
		await p.context().close();
	}
	ok(!troubles.length, `${names.length} pages load without an error, a warning or a missing file`, ...troubles);
	ok(!serious.length, 'axe finds nothing serious on them', ...serious);
	ok(!wide.length, 'none is wider than the window, a phone\'s neither', ...wide);
}

await check(`the first words of every page are there in ${FIRST_VIEW} ms`, async () => {
	const late = [];
	for (const name of names) {
		const times = [views[name]];
		for (let more = 0; more < 4 && !(Math.min(...times) < FIRST_VIEW); more++) {
			const p = await page({}, name);
			times.push(await firstView(p, patience) / await busy());
			await p.context().close();
		}
		console.log(`# ${name}: ${Math.round(Math.min(...times))} ms`);
		if (!(Math.min(...times) < FIRST_VIEW))
			late.push(`${name}: ${times.map(Math.round)}`);
	}
	return late.join('\n');
});

/* -- names and chunks ---------------------------------------------------------------------------------------- */

const p = await page({ permissions: ['clipboard-read', 'clipboard-write'] });

await check('a name shows its signature and the chunk that defines it, to the pointer', async () => {
	const link = p.locator('.chunk pre a.i').nth(5);
	const [name, href] = [await link.textContent(), await link.getAttribute('href')];
	await link.scrollIntoViewIfNeeded();
	await link.hover();
	await p.waitForSelector('.pop:not([hidden])');
	const [what, where, code] = [await p.textContent('.pop .what'), await p.textContent('.pop .where'), await p.textContent('.pop pre')];
	if (!what.includes(name) || !where.includes(href.split('ck:')[1]) || !code.includes(name))
		return `${name} ${href}: ${what} / ${where} / ${code}`;
	await p.mouse.move(3, 500);
	await p.waitForSelector('.pop', { state: 'hidden' });
});

await check('and to the keyboard, until Esc', async () => {
	const link = p.locator('.chunk pre a.i').nth(8);
	await link.focus();
	await p.keyboard.press('Shift+Tab');
	await p.keyboard.press('Tab');
	await p.waitForSelector('.pop:not([hidden])');
	await p.keyboard.press('Escape');
	await p.waitForSelector('.pop', { state: 'hidden' });
});

await check('a figure of the page comes to where the text speaks of it', async () => {
	for (const name of chapters) {
		await p.goto(site.url + name);
		const link = p.locator('main a.ref[href^="#fig"]').last();
		if (!await link.count())
			continue;
		await link.scrollIntoViewIfNeeded();
		await link.hover();
		await p.waitForSelector('.pop:not([hidden]) img');
		const [said, shown] = [await link.textContent(), await p.textContent('.pop figcaption')];
		await p.mouse.move(3, 500);
		await p.waitForSelector('.pop', { state: 'hidden' });
		await p.goto(site.url + newest);
		return shown.startsWith(said.replace('\u00a0', ' ')) ? '' : `${said}: ${shown}`;
	}
	return 'no chapter speaks of its figures';
});

const codeOf = number => p.evaluate(n => [...document.getElementById(`ck:${n}`).querySelectorAll('pre > code > .l')].map(l => l.textContent).join(''), number);

await check('the name of a chunk unfolds it in its place, line by line, and folds it again', async () => {
	const number = await p.evaluate(() => [...document.querySelectorAll('.chunk pre a.u')]
		.map(use => use.getAttribute('href')).find(href => href.startsWith('#')).slice(4));
	const use = p.locator(`.chunk pre a.u[href="#ck:${number}"]`).first();
	await use.scrollIntoViewIfNeeded();
	await use.click({ position: { x: 15, y: 8 } });
	await p.waitForSelector('.inset');
	const shown = await p.evaluate(() => [...document.querySelectorAll('.inset .l')].map(l => l.textContent).join(''));
	if (!shown.startsWith(await codeOf(number)))
		return `${number}: ${shown}`;
	if (await use.getAttribute('aria-expanded') !== 'true')
		return 'aria-expanded is not true';
	await use.focus();
	await p.keyboard.press('Enter');
	await p.waitForSelector('.inset', { state: 'detached' });
});

await check('a chunk that is continued unfolds with all its parts', async () => {
	for (const name of chapters) {
		await p.goto(site.url + name);
		const use = p.locator('.chunk pre a.u[data-more][href^="#"]').first();
		if (!await use.count())
			continue;
		const numbers = await use.evaluate(u => [u.getAttribute('href').slice(4), ...u.dataset.more.split(' ')].filter(n => document.getElementById(`ck:${n}`)));
		await use.scrollIntoViewIfNeeded();
		await use.click({ position: { x: 15, y: 8 } });
		await p.waitForFunction(n => document.querySelectorAll('.inset-head').length >= n, numbers.length);
		const shown = await p.evaluate(() => [...document.querySelectorAll('.inset .l')].map(l => l.textContent).join(''));
		const absent = [];
		for (const number of numbers)
			if (!shown.includes(await codeOf(number)))
				absent.push(number);
		await p.click('.inset-head button');
		await p.goto(site.url + newest);
		return numbers.length > 1 ? absent.join(' ') : 'a continued chunk of one part';
	}
	return 'no chapter uses a continued chunk';
});

await check('a chunk of another chapter unfolds too', async () => {
	for (const name of chapters) {
		await p.goto(site.url + name);
		const use = p.locator('.chunk pre a.u:not([href^="#"])').first();
		if (!await use.count())
			continue;
		const said = (await use.textContent()).match(/⟨(.*) [\d.]+⟩/)[1];
		await use.scrollIntoViewIfNeeded();
		await use.click({ position: { x: 15, y: 8 } });
		await p.waitForSelector('.inset .l');
		const href = await p.locator('.inset-head a').first().getAttribute('href');
		await p.click('.inset-head button');
		await p.waitForSelector('.inset', { state: 'detached' });
		await p.goto(site.url + href);
		const there = await p.locator(`[id="${decodeURI(href.split('#')[1])}"] .name`).textContent();
		await p.goto(site.url + newest);
		return there.includes(said) ? '' : `${said}: ${there}`;
	}
	return 'no chapter uses a chunk of another';
});

await check('copying takes the code, without numbers, and uses as <<name>>', async () => {
	const number = await p.evaluate(() => document.querySelector('.chunk:has(a.u)').dataset.n);
	const chunk = p.locator(`[id="ck:${number}"]`);
	await chunk.scrollIntoViewIfNeeded();
	await chunk.locator('.tool').click();
	await p.waitForFunction(n => document.getElementById(`ck:${n}`).querySelector('.tool').textContent === 'Copied', number);
	const copied = await p.evaluate(() => navigator.clipboard.readText());
	const wanted = (await codeOf(number)).replace(/⟨(.*?)(?: [\d.]+)?⟩/g, '<<$1>>');
	return copied === wanted ? '' : `${copied}\n--\n${wanted}`;
});

await check('a use of a superseded chunk leads to the definition in force, and that shows what it changed', async () => {
	const found = await p.evaluate(() => {
		const use = [...document.querySelectorAll('.chunk pre a.u')].find(u => {
			const there = document.getElementById(decodeURI(u.getAttribute('href')).slice(1));
			return there && /Replaces/.test(there.querySelector('.foot')?.textContent);
		});
		return use && use.getAttribute('href');
	});
	const start = found ? newest : null;
	if (!start)
		return 'the newest chapter uses no chunk that it replaced';
	await p.locator(`.chunk pre a.u[href="${found}"] b`).first().click();
	if (decodeURI(new URL(p.url()).hash) !== found)
		return `${p.url()} instead of ${found}`;
	const chunk = p.locator(`[id="${found.slice(1)}"]`);
	await chunk.locator('details summary').first().click();
	const text = await chunk.locator('.change').first().textContent();
	return await visible(chunk.locator('.change ins, .change del').first()) ? '' : text;
});

await check('an address with a line, as in an oops, finds that line', async () => {
	const row = p.locator('.chunk pre .l').nth(40);
	const line = await row.evaluate(l => +l.closest('pre').dataset.line + [...l.parentNode.children].indexOf(l));
	const text = await row.textContent();
	await p.goto(`${site.url}${newest}#L${line}`);
	await p.waitForSelector('.l.here');
	const here = await p.textContent('.l.here');
	return here === text && await p.locator('.l.here').evaluate(l => l.getBoundingClientRect().top < innerHeight && l.getBoundingClientRect().top > 0) ? '' : here;
});

/* -- search, keys, contents ---------------------------------------------------------------------------------- */

await check('search finds an identifier, and Enter goes to its definition', async () => {
	const known = p.locator(chapters.length > 1 ? '.chunk pre a.i:not([href^="#"])' : '.chunk pre a.i').first();
	const name = await known.textContent();
	await p.keyboard.press('/');
	await p.waitForSelector('.find[open] .status');
	await p.keyboard.type(name);
	await p.waitForFunction(n => document.querySelector('#hits li code')?.textContent === n, name);
	const href = await p.locator('#hits li a').first().getAttribute('href');
	await p.keyboard.press('Enter');
	await p.waitForURL(`${site.url}${href}`);
	const text = await p.evaluate(id => document.getElementById(id).textContent, decodeURI(href.split('#')[1]));
	return text.includes(name) ? '' : `${name} is not in ${href}`;
});

await check('search finds words of the text, from any page', async () => {
	await p.goto(site.url + newest);
	const words = await p.evaluate(() => {
		const paragraphs = [...document.querySelectorAll('main > p')];
		return paragraphs[paragraphs.length >> 1].textContent.match(/[a-z]{4,}/g).slice(0, 6).join(' ');
	});
	await p.goto(site.url + 'index.html');
	await p.click('.search-button');
	await p.fill('.find input', words);
	await p.waitForSelector('#hits li');
	const hits = await p.locator('#hits li a').evaluateAll(links => links.map(a => a.getAttribute('href')));
	if (!hits.some(href => href.startsWith(newest)))
		return `${words}: ${hits}`;
	await p.fill('.find input', 'xyzzyplugh');
	await p.waitForFunction(() => document.querySelector('.find .status').textContent.startsWith('Nothing'));
	await p.keyboard.press('Escape');
	await p.waitForSelector('.find', { state: 'hidden' });
});

await check('n and p turn pages, ? lists the keys, j goes from chunk to chunk', async () => {
	await p.goto(site.url + chapters[0]);
	await p.keyboard.press('n');
	await p.waitForURL(url => !url.pathname.endsWith(chapters[0]));
	await p.keyboard.press('p');
	await p.waitForURL(site.url + chapters[0]);
	await p.keyboard.press('?');
	await p.waitForSelector('.keys[open]');
	await p.keyboard.press('Escape');
	await p.keyboard.press('j');
	const first = await p.evaluate(() => document.activeElement.textContent);
	await p.keyboard.press('j');
	const second = await p.evaluate(() => document.activeElement.textContent);
	return /^\d+\.1$/.test(first) && /^\d+\.2$/.test(second) ? '' : `${first} ${second}`;
});

await check('the contents stay in sight and say where we are', async () => {
	await p.goto(site.url + newest);
	const where = await p.evaluate(() => {
		const heads = [...document.querySelectorAll('main > h2')];
		heads[heads.length >> 1].scrollIntoView();
		return heads[heads.length >> 1].id;
	});
	await p.waitForFunction(id => document.querySelector('.contents [aria-current]')?.getAttribute('href') === `#${id}`, where);
	const box = await p.locator('.contents [aria-current]').boundingBox();
	return box && box.y >= 0 && box.y < DESKTOP.height ? '' : JSON.stringify(box);
});

await check('light and dark change places, and the choice lasts', async () => {
	const paper = () => p.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
	const before = await paper();
	await p.keyboard.press('d');
	const after = await paper();
	await p.goto(site.url + 'index.html');
	const later = await paper();
	await p.click('[data-do="theme"]');
	return before !== after && after === later && await paper() === before ? '' : `${before} ${after} ${later}`;
});

await check('printed, a page is its text and its code alone', async () => {
	await p.goto(site.url + newest);
	await p.emulateMedia({ media: 'print' });
	const seen = [];
	for (const selector of ['.bar', '.side', '.turn', '.console'])
		if (await p.locator(selector).first().isVisible())
			seen.push(selector);
	const code = await p.locator('.chunk pre').last().isVisible();
	await p.emulateMedia({ media: null });
	return code ? seen.join(' ') : 'no code';
});
ok(!p.troubles.length, 'and nothing of all this was complained about', ...p.troubles);
await p.context().close();

/* -- the consoles ------------------------------------------------------------------------------------------------ */

for (const name of booted)
	await check(`${name}: its console boots the checkpoint to its verdict, marks the claims, and takes what is typed`, async () => {
		const c = await page({}, name);
		await c.getByRole('button', { name: 'Start', exact: true }).click();
		await c.waitForFunction(() => document.querySelector('.console').dataset.verdict);
		const verdict = await c.locator('.console').getAttribute('data-verdict');
		const states = await c.locator('.claims .mark[data-how="kernel"], .chunk .mark').evaluateAll(marks => marks.map(m => [m.dataset.row, m.dataset.state]));
		await c.waitForFunction(() => document.querySelector('.xterm-accessibility-tree').innerText.includes('weft:'));
		await c.locator('.console textarea').focus();
		await c.keyboard.type('nonsense\n');
		await c.waitForFunction(() => document.querySelector('.xterm-accessibility-tree').innerText.includes('no such command'));
		await c.screenshot({ path: `${SHOTS}/console-${name.replace('.html', '')}.png` });
		const failed = await c.locator('.console li:has([data-state="failed"])').allTextContents();
		const troubles = c.troubles.join('\n');
		await c.context().close();
		const odd = states.filter(([, state]) => !['proven', 'impossible'].includes(state));
		return verdict !== 'ok' ? [verdict, ...failed].join('\n') : odd.length ? `not marked: ${odd.join(' ')}` : states.length || !chapters.length ? troubles : 'no marks';
	});

await check('the sign before a run repeats it in the console', async () => {
	const c = await page({}, newest);
	const names = await c.locator('.console-demos button').allTextContents();
	const run = await c.locator('.run').evaluateAll((all, known) => all.findIndex(r => known.includes(r.dataset.run)), names);
	const block = c.locator('.run').nth(run);
	await block.scrollIntoViewIfNeeded();
	await c.waitForFunction(i => document.querySelectorAll('.run')[i].querySelector('.command [role="button"]'), run);
	await block.locator('.command [role="button"]').click();
	await c.waitForFunction(() => ['running', 'off', 'ended'].includes(document.querySelector('.console').dataset.state));
	const pressed = await c.locator('.console-demos button[aria-pressed="true"]').allTextContents();
	const wanted = await block.getAttribute('data-run'), state = await c.locator('.console').getAttribute('data-state');
	await c.context().close();
	return state !== 'running' || pressed[0] === wanted ? '' : `${wanted}: ${pressed}`;
});

/* -- other ways to read ---------------------------------------------------------------------------------------- */

await check('a phone: the contents come at a touch, an aside unfolds, a touched name shows its definition', async () => {
	const phone = await page({ viewport: PHONE, hasTouch: true, isMobile: true });
	await phone.tap('.menu-button');
	await phone.waitForSelector('.side.open');
	await phone.locator('.contents a').nth(2).tap();
	await phone.waitForFunction(() => !document.querySelector('.side.open') && location.hash);
	const aside = phone.locator('.aside.folded').first();
	const height = (await aside.boundingBox()).height;
	const handle = await aside.elementHandle();
	await aside.tap();
	const unfolded = (await handle.boundingBox()).height;
	const link = phone.locator('.chunk pre a.i').first();
	await link.scrollIntoViewIfNeeded();
	const before = phone.url();
	await link.tap();
	await phone.waitForSelector('.pop:not([hidden])');
	const box = await phone.locator('.pop').boundingBox();
	const trouble = phone.url() !== before ? 'the touch led away' : unfolded <= height ? `the aside has ${height}, then ${unfolded}`
		: box.x < 0 || box.x + box.width > PHONE.width ? `the box is outside: ${JSON.stringify(box)}` : phone.troubles.join('\n');
	await phone.context().close();
	return trouble;
});

await check('without a script everything is there, and leads somewhere', async () => {
	const still = await page({ javaScriptEnabled: false });
	const use = still.locator('.chunk pre a.u[href^="#"]').first();
	const href = await use.getAttribute('href');
	await use.scrollIntoViewIfNeeded();              // what comes into view is laid out only then, and may move once more
	await still.evaluate(() => document.fonts.ready);
	await use.click({ position: { x: 15, y: 8 } });
	const trouble = decodeURI(new URL(still.url()).hash) !== href ? still.url() : !await still.locator('.contents').isVisible() ? 'no contents'
		: await still.locator('.tools button').first().isVisible() ? 'a button that does nothing' : '';
	await still.context().close();
	return trouble;
});

await check('opened as a file, with no server at all, it searches and shows definitions', async () => {
	const file = await page({}, null);
	await file.goto(pathToFileURL(`${SITE}/${newest}`).href);
	await file.locator('.chunk pre a.i').nth(3).hover();
	await file.waitForSelector('.pop:not([hidden])');
	await file.keyboard.press('/');
	await file.keyboard.type('kernel');
	await file.waitForSelector('#hits li');
	const trouble = file.troubles.filter(text => !text.includes('console.js') && !text.includes('assets/console')).join('\n');
	await file.context().close();
	return trouble;
});

/* -- pictures of it, for eyes ------------------------------------------------------------------------------------ */

const shots = [];
for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
	const shot = await page({ viewport, deviceScaleFactor: device === 'phone' ? 2 : 1 }, null);
	for (const [name, selector] of [['index.html', ''], [newest, ''], [newest, 'figure.picture'], [newest, '.exercise'], [newest, '.claims']]) {
		if (selector)
			await shot.evaluate(s => document.querySelector(s)?.scrollIntoView(), selector);
		else
			await shot.goto(site.url + name);
		for (const colorScheme of ['light', 'dark']) {
			await shot.emulateMedia({ colorScheme });
			await shot.waitForTimeout(200);
			const part = selector && '-' + selector.replace(/\W+/g, '-').replace(/^-/, '');
			shots.push(`${SHOTS}/${device}-${colorScheme}-${name.replace('.html', '')}${part}.png`);
			await shot.screenshot({ path: shots.at(-1) });
		}
	}
	await shot.context().close();
}
ok(shots.length === 20, `${shots.length} pictures are in ${SHOTS}, to be looked at`);

await browser.close();
site.close();
done();
