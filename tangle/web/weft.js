/* What paper cannot do: definitions that show themselves where a name is used, chunks that unfold in place, search, copying,
   keys. Nothing here is needed to read: every link leads somewhere and every fold opens without it.

   Data come as scripts (assets/data), loaded when first asked for, because a page opened as a file may fetch nothing:
     weft.put(key, {page, chunks: {number: [name, is a file, file, line, html]},
                    names: {name: [[number, kind, signature, line]]}})
     weft.found({pages, sections: [[page, anchor, title, section, text]], names: [[name, kind, signature, number, page]]}) */
'use strict';
(() => {
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const keys = JSON.parse(document.body.dataset.weave).keys;        // page -> key of its chapter
const here = decodeURI(location.pathname.split('/').pop()) || 'index.html';
const narrow = matchMedia('(max-width: 62.99rem)');

function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes))
		name in element && name !== 'list' ? element[name] = value : element.setAttribute(name, value);
	element.append(...children);
	return element;
}

const live = make('p', { className: 'said', role: 'status' });
document.body.append(live);
const say = text => { live.textContent = text; };

/* -- data ------------------------------------------------------------------------------------------------- */

const chapters = {}, waiting = {};
let index;
window.weft = { put: (key, data) => { chapters[key] = data; }, found: data => { index = data; } };

function load(name) {
	return waiting[name] ||= new Promise((resolve, reject) => {
		document.head.append(make('script', { src: `assets/data/${name}.js`, onload: resolve, onerror: () => {
			delete waiting[name];
			reject(new Error(`assets/data/${name}.js cannot be loaded`));
		} }));
	});
}

/* The chunk that a link leads to: {number, page, key} or null. */
function target(link) {
	const [page, anchor] = (link.getAttribute('href') || '').split('#');
	if (!anchor || !anchor.startsWith('ck:'))
		return null;
	const name = page || here;
	return keys[name] ? { number: anchor.slice(3), page: name, key: keys[name] } : null;
}

async function chunk(place) {
	if (!chapters[place.key])
		await load(place.key);
	const [name, isFile, file, line, html] = chapters[place.key].chunks[place.number];
	return { ...place, name, isFile, file, line, html };
}

function ident(place, name) {
	const found = (chapters[place.key].names[name] || []).filter(row => row[0] === place.number);
	return found[0] && { kind: found[0][1], signature: found[0][2] || name, line: found[0][3] };
}

/* Where the data of another page mention this one, or the other way round, links stay right. */
const address = (page, number) => `${page === here ? '' : page}#ck:${number}`;

/* -- light and dark, the drawer --------------------------------------------------------------------------- */

function theme() {
	const root = document.documentElement;
	const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
	root.dataset.theme = dark ? 'light' : 'dark';
	try { localStorage.setItem('weft-theme', root.dataset.theme); } catch { /* a browser that keeps nothing */ }
	say(`${root.dataset.theme} colors`);
}

function menu(open = !$('#side').classList.contains('open')) {
	const button = $('.menu-button');
	$('#side').classList.toggle('open', open);
	button.setAttribute('aria-expanded', open);
	if (open)
		$('#side a').focus();
}

/* -- contents: which section are we in? --------------------------------------------------------------------- */

function follow() {
	const links = new Map($$('.contents a').map(link => [link.getAttribute('href').slice(1), link]));
	const heads = [...links.keys()].map(id => document.getElementById(id)).filter(Boolean);
	if (!heads.length)
		return;
	let current, asked = false;
	const update = () => {
		asked = false;
		let low = 0, high = heads.length;           // heads stand in order: the last one above the top of the window
		while (low < high) {
			const middle = (low + high) >> 1;
			heads[middle].getBoundingClientRect().top < 120 ? low = middle + 1 : high = middle;
		}
		const link = low ? links.get(heads[low - 1].id) : null;
		if (link === current)
			return;
		current?.removeAttribute('aria-current');
		link?.setAttribute('aria-current', 'true');
		const side = $('#side');
		if (link && side.scrollHeight > side.clientHeight && !side.matches(':hover'))
			side.scrollTop = link.offsetTop - side.clientHeight / 3;
		current = link;
	};
	addEventListener('scroll', () => { if (!asked) { asked = true; requestAnimationFrame(update); } }, { passive: true });
	update();
}

/* -- tools at each chunk, when it comes near the window ------------------------------------------------------ */

/* A run that this page's console can repeat begins with a button, not a sign. */
function playable(block) {
	const sign = $('.command a', block), name = block.dataset.run;
	const demo = $$('.console-demos button').find(button => button.textContent === name);
	if (!sign || !demo)
		return;
	sign.setAttribute('aria-label', 'Repeat this run in the console of this page');
	sign.title = 'Repeat it in the console of this page';
	sign.setAttribute('role', 'button');
	sign.onclick = event => {
		event.preventDefault();
		$('.console').scrollIntoView();
		demo.click();
	};
}

function equip(block) {
	playable(block);
	const pre = $('pre', block);
	if (!pre)
		return;
	if (pre.scrollWidth > pre.clientWidth + 1) {
		pre.tabIndex = 0;
		pre.setAttribute('role', 'region');
		pre.setAttribute('aria-label', block.dataset.n ? `Chunk ${block.dataset.n}` : 'Text of a run');
	}
	const head = $('.head', block);
	if (head && !$('.tool', head))
		head.append(make('button', { type: 'button', className: 'tool', title: 'Copy the code', 'aria-label': `Copy chunk ${block.dataset.n}`,
			textContent: 'Copy' }));
}

/* The code as a compiler wants it: no line numbers, what is unfolded in its place, what is not as <<name>>. */
function text(element) {
	const out = [];
	for (const line of $$('.l', element)) {
		if ($('.u[aria-expanded="true"]', line))
			continue;
		const copy = line.cloneNode(true);
		for (const use of $$('.u', copy)) {
			$('b', use)?.remove();
			use.textContent = `<<${use.textContent.slice(1, -1).trimEnd()}>>`;
		}
		out.push(copy.textContent);
	}
	return out.join('');
}

async function copy(button) {
	const code = text($('pre', button.closest('.chunk')));
	try {
		await navigator.clipboard.writeText(code);
	} catch {
		const area = make('textarea', { value: code });
		document.body.append(area);
		area.select();
		document.execCommand('copy');
		area.remove();
	}
	button.textContent = 'Copied';
	say('copied');
	setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

/* -- a chunk unfolds where it is used ------------------------------------------------------------------------ */

function column(use) {
	const range = document.createRange();
	range.setStart(use.closest('.l'), 0);
	range.setEndBefore(use);
	return [...range.toString()].reduce((at, char) => char === '\t' ? at - at % 8 + 8 : at + 1, 0);
}

function lines(found) {
	const part = make('span', { innerHTML: found.html });
	part.style.cssText = `display:block;counter-reset:l ${found.line - 1}`;
	return part;
}

async function unfold(use) {
	if (use.getAttribute('aria-expanded') === 'true') {
		use.inset.remove();
		use.setAttribute('aria-expanded', 'false');
		return;
	}
	const place = target(use);
	const inset = make('span', { className: 'inset' });
	inset.style.marginLeft = `${column(use)}ch`;
	try {
		const first = await chunk(place);
		const numbers = [place.number, ...(use.dataset.more || '').split(' ').filter(Boolean)];
		for (const number of numbers) {
			const found = number === place.number ? first : await chunk({ ...place, number, ...pageOf(number, place) });
			const head = make('span', { className: 'inset-head' },
				make('a', { href: address(found.page, number), textContent: number }), found.file);
			if (number === place.number)
				head.append(make('button', { type: 'button', textContent: 'Fold', onclick: () => { unfold(use); use.focus(); } }));
			inset.append(head, lines(found));
		}
	} catch (error) {
		inset.append(error.message);
	}
	use.closest('.l').after(inset);
	use.inset = inset;
	use.setAttribute('aria-expanded', 'true');
}

/* A chunk's number tells its chapter; a chapter in several files is searched. */
function pageOf(number, near) {
	if (chapters[near.key]?.chunks[number])
		return { page: near.page, key: near.key };
	const [page, key] = Object.entries(keys).find(([, k]) => parseInt(k, 10) === parseInt(number, 10)) || [near.page, near.key];
	return { page, key };
}

/* -- a name shows its definition ----------------------------------------------------------------------------- */

const SHOWN = 14;                    // lines of a definition
const pop = make('div', { className: 'pop', id: 'pop', role: 'tooltip', hidden: true });
document.body.append(pop);
let anchor, timer;

function hide() {
	clearTimeout(timer);
	pop.hidden = true;
	anchor?.removeAttribute('aria-describedby');
	anchor = null;
}

/* The lines from `start` to the end of what begins there, with the comment that stands above them. */
function excerpt(found, start, kind) {
	const all = lines(found);
	const rows = $$('.l', all), first = start;
	while (start > 0 && rows[start - 1].textContent.trim() && $('.c', rows[start - 1]) && !rows[start - 1].textContent.trimEnd().match(/[;{}]$/))
		start--;
	const ends = !kind ? () => false : /^(function|struct|union|enum)$/.test(kind) ? row => /^}/.test(row) : row => !row.trim();
	let end = rows.findIndex((row, at) => at > first && ends(row.textContent));
	end = Math.min(end < 0 ? rows.length : end + 1, start + SHOWN);
	rows.forEach((row, at) => { if (at < start || at >= end) row.remove(); });
	all.style.counterReset = `l ${found.line - 1 + start}`;
	const pre = make('pre', {}, make('code', {}, all));
	pre.dataset.line = found.line + start;
	return pre;
}

/* A figure or table of this page, where the text speaks of it. */
function picture(link) {
	const copy = document.getElementById(decodeURI(link.hash).slice(1))?.cloneNode(true);
	if (!copy || copy.localName !== 'figure')
		return;
	for (const element of [copy, ...$$('[id]', copy)])
		element.removeAttribute('id');
	for (const image of $$('img', copy))
		image.loading = 'eager';
	pop.replaceChildren(copy);
	pop.hidden = false;
	stand(link);
}

async function show(link) {
	const place = target(link);
	if (!place)
		return link.matches('.ref[href^="#"]') && picture(link);
	const found = await chunk(place);
	if (anchor !== link)
		return;
	const name = link.dataset.i || link.textContent;
	const what = link.classList.contains('i') && ident(place, name);
	pop.replaceChildren();
	if (what)
		pop.append(make('div', { className: 'what' }, make('code', { textContent: what.signature })));
	else
		pop.append(make('div', { className: 'what' }, found.isFile ? make('code', { textContent: found.name }) : make('i', { textContent: `⟨${found.name}⟩` })));
	const where = make('div', { className: 'where' }, what ? `${what.kind} in ` : 'chunk ',
		make('a', { href: address(place.page, place.number), textContent: place.number }),
		found.file && found.file !== found.name ? ` · ${found.file}` : '', what ? ` · line ${what.line}` : '');
	pop.append(where);
	if (found.html)
		pop.append(excerpt(found, what ? what.line - found.line : 0, what && what.kind));
	pop.hidden = false;
	link.setAttribute('aria-describedby', 'pop');
	stand(link);
}

/* Below the link, or above where there is more room; never outside the window. */
function stand(link) {
	const box = link.getClientRects()[0] || link.getBoundingClientRect(), size = pop.getBoundingClientRect();
	const below = innerHeight - box.bottom > size.height + 12 || box.top < size.height + 60;
	const left = Math.max(10, Math.min(box.left - 12, document.documentElement.clientWidth - size.width - 10));
	pop.style.left = `${left + scrollX}px`;
	pop.style.top = `${(below ? box.bottom + 6 : box.top - size.height - 6) + scrollY}px`;
}

function point(link, delay) {
	if (link === anchor)
		return clearTimeout(timer);
	hide();
	anchor = link;
	timer = setTimeout(() => show(link).catch(error => say(error.message)), delay);
}

const NAMES = 'main a.ref[href^="#fig"], main a.ref[href^="#tab"], main a.i, main a.u, main a.cn, .foot a, .mini a, .claims td a, .inset a, .pop pre a, .index a';

function hovers() {
	document.addEventListener('pointerover', event => {
		if (event.pointerType === 'touch')
			return;
		const link = event.target.closest?.(NAMES);
		if (link && !link.closest('.pop'))
			point(link, 160);
		else if (event.target.closest?.('.pop'))
			clearTimeout(timer);
		else if (anchor) {
			clearTimeout(timer);
			timer = setTimeout(hide, 250);
		}
	});
	document.addEventListener('focusin', event => {
		const link = event.target.closest?.(NAMES);
		if (link && link.matches(':focus-visible') && !link.closest('.pop'))
			point(link, 350);
		else if (!event.target.closest?.('.pop'))
			hide();
	});
}

/* -- lines: page.html#L1234, as compilers and oopses name them ------------------------------------------------ */

function line(number) {
	const pre = $$('pre[data-line]').filter(p => +p.dataset.line <= number).pop();
	return pre && $$('code > .l', pre)[number - pre.dataset.line];
}

function goTo(hash) {
	const match = /^#L(\d+)$/.exec(hash);
	$$('.l.here').forEach(row => row.classList.remove('here'));
	const row = match && line(+match[1]);
	if (row) {
		row.classList.add('here');
		row.scrollIntoView({ block: 'center' });
	}
}

function numberAt(event) {
	const row = event.target.closest?.('.chunk > pre > code > .l');
	if (!row || event.target !== row || event.clientX > row.closest('code').getBoundingClientRect().left + 40)
		return 0;
	const pre = row.closest('pre');
	return +pre.dataset.line + $$('code > .l', pre).indexOf(row);
}

/* -- search ---------------------------------------------------------------------------------------------------- */

const LIMIT = 40;
let dialog, chosen = -1;

function search(query) {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean);
	if (!words.length)
		return [];
	const found = [];
	const whole = query.trim().toLowerCase();
	for (const [name, kind, signature, number, page] of index.names) {
		const at = name.toLowerCase().indexOf(whole.replace(/\(\)$/, ''));
		if (at >= 0)
			found.push({ rank: (at ? 40 : name.length === whole.length ? 100 : 70) - name.length / 50 - (/prototype|extern|member/.test(kind) ? 5 : 0),
				href: `${index.pages[page]}#ck:${number}`, title: name, code: true, about: `${kind} in ${number}`, bit: signature === name ? '' : signature });
	}
	found.sort((a, b) => b.rank - a.rank).splice(15);
	index.lower ||= index.sections.map(row => [`${row[2]} `.toLowerCase(), row[4].toLowerCase()]);
	const texts = [];
	index.sections.forEach(([page, where, title, section, body], i) => {
		const [head, low] = index.lower[i];
		if (!words.every(word => head.includes(word) || low.includes(word)))
			return;
		const near = low.includes(whole) ? 8 : 0, named = words.every(word => head.includes(word)) ? 30 : 0;
		const often = words.reduce((sum, word) => sum + Math.min(5, low.split(word).length - 1), 0) / words.length;
		texts.push({ rank: named + near + often + (where.startsWith('ck:') ? 0 : 4), href: `${index.pages[page]}#${where}`, title: title || section,
			about: where.startsWith('ck:') ? `chunk ${where.slice(3)}, ${section}` : '', bit: snippet(body, low, words) });
	});
	texts.sort((a, b) => b.rank - a.rank);
	return [...found, ...texts].sort((a, b) => b.rank - a.rank).slice(0, LIMIT);
}

function snippet(body, low, words) {
	const at = Math.max(0, low.indexOf(words.find(word => low.includes(word)) || ''));
	const start = at < 60 ? 0 : body.indexOf(' ', at - 60) + 1;
	return (start ? '… ' : '') + body.slice(start, start + 170) + (body.length > start + 170 ? ' …' : '');
}

function marked(element, text_, words) {
	const pattern = new RegExp(`(${words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi');
	text_.split(pattern).forEach((piece, i) => { if (piece) element.append(i % 2 ? make('mark', {}, piece) : piece); });
	return element;
}

function answer(list, status, query) {
	const found = search(query), words = query.toLowerCase().split(/\s+/).filter(Boolean);
	list.replaceChildren(...found.map((hit, i) => {
		const link = make('a', { href: hit.href, tabIndex: -1 }, marked(make(hit.code ? 'code' : 'span'), hit.title, words),
			make('span', { className: 'in' }, ` ${hit.about}`));
		if (hit.bit)
			link.append(marked(make('p', { className: 'bit' }), hit.bit, words));
		return make('li', { role: 'option', id: `hit${i}` }, link);
	}));
	status.textContent = !query.trim() ? 'Names, sections, text and code of the whole book.'
		: found.length ? `${found.length === LIMIT ? 'The best ' : ''}${found.length} places` : 'Nothing. A part of a word is enough; several words must all occur.';
	choose(list, found.length ? 0 : -1);
}

function choose(list, number) {
	const items = $$('li', list);
	items[chosen]?.setAttribute('aria-selected', 'false');
	chosen = items.length ? Math.max(0, Math.min(items.length - 1, number)) : -1;
	items[chosen]?.setAttribute('aria-selected', 'true');
	items[chosen]?.scrollIntoView({ block: 'nearest' });
	$('input', dialog).setAttribute('aria-activedescendant', chosen < 0 ? '' : `hit${chosen}`);
}

function build() {
	const input = make('input', { type: 'search', role: 'combobox', placeholder: 'Search the book', 'aria-label': 'Search the book', autocomplete: 'off', spellcheck: false });
	input.setAttribute('aria-controls', 'hits');
	input.setAttribute('aria-expanded', 'true');
	const list = make('ul', { id: 'hits', role: 'listbox', 'aria-label': 'Places found' }), status = make('p', { className: 'status', role: 'status' });
	dialog = make('dialog', { className: 'find', 'aria-label': 'Search' }, input, status, list);
	input.addEventListener('input', () => { if (index) answer(list, status, input.value); });
	input.addEventListener('keydown', event => {
		const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
		if (step) {
			event.preventDefault();
			choose(list, chosen + step);
		} else if (event.key === 'Enter') {
			$$('li a', list)[chosen]?.click();
		} else if (event.key === 'Escape') {      // at once, where the field would only be emptied
			event.preventDefault();
			dialog.close();
		}
	});
	dialog.addEventListener('click', event => {
		if (event.target === dialog || event.target.closest('a'))
			dialog.close();
	});
	document.body.append(dialog);
	status.textContent = 'Loading the text of the book …';
	load('search').then(() => answer(list, status, input.value), error => { status.textContent = error.message; });
}

function find() {
	hide();
	if (!dialog)
		build();
	dialog.showModal();
	$('input', dialog).select();
}

/* -- keys ------------------------------------------------------------------------------------------------------ */

const KEYS = [['/', 'search'], ['n', 'next chapter'], ['p', 'previous chapter'], ['j', 'next chunk'], ['k', 'chunk before'],
	['c', 'contents'], ['d', 'light or dark'], ['?', 'this list'], ['Esc', 'close what is open'], ['Enter', 'on a chunk’s name: unfold it']];
let help;

function keysHelp() {
	help ||= document.body.appendChild(make('dialog', { className: 'keys', 'aria-label': 'Keys' }, make('h2', { textContent: 'Keys' }),
		make('dl', {}, ...KEYS.flatMap(([key, what]) => [make('dt', {}, make('kbd', {}, key)), make('dd', {}, what)]))));
	help.onclick = () => help.close();
	help.showModal();
}

function step(direction) {
	const chunks = $$('.chunk[id]');
	const next = direction > 0 ? chunks.find(c => c.getBoundingClientRect().top > 90)
		: chunks.findLast(c => c.getBoundingClientRect().top < 40);
	if (next) {
		next.scrollIntoView();
		$('.head a', next).focus({ preventScroll: true });
	}
}

function key(event) {
	if (event.key === 'Escape') {
		hide();
		if ($('#side').classList.contains('open')) {
			menu(false);
			$('.menu-button').focus();
		}
		return;
	}
	if (event.ctrlKey || event.metaKey || event.altKey || $('dialog[open]') ||
	    event.target.closest?.('input, textarea, select, [contenteditable], .console'))
		return;
	const actions = { '/': find, n: () => $('[rel="next"]')?.click(), p: () => $('[rel="prev"]')?.click(), j: () => step(1), k: () => step(-1),
		c: () => narrowSide() ? menu(true) : $('#side a')?.focus(), d: theme, '?': keysHelp };
	if (Object.hasOwn(actions, event.key)) {
		event.preventDefault();
		actions[event.key]();
	}
}

const narrowSide = () => getComputedStyle($('.menu-button')).display !== 'none';

/* -- the margin of a phone -------------------------------------------------------------------------------------- */

function fold() {
	for (const aside of $$('.aside')) {
		const long = narrow.matches && aside.textContent.length > 90;
		aside.classList.toggle('folded', long);
		if (long) {
			aside.tabIndex = 0;
			aside.setAttribute('role', 'button');
			aside.setAttribute('aria-expanded', 'false');
		} else {
			aside.removeAttribute('tabindex');
			aside.setAttribute('role', 'note');
			aside.removeAttribute('aria-expanded');
		}
	}
}

function open(aside) {
	aside.classList.remove('folded');
	aside.setAttribute('role', 'note');
	aside.removeAttribute('aria-expanded');
}

/* -- clicks ------------------------------------------------------------------------------------------------------ */

function click(event) {
	const doing = event.target.closest('[data-do]')?.dataset.do;
	if (doing)
		return { search: find, theme, menu: () => menu() }[doing]();
	const tool = event.target.closest('.tool');
	if (tool)
		return copy(tool);
	const aside = event.target.closest('.aside.folded');
	if (aside)
		return open(aside);
	if (event.ctrlKey || event.metaKey || event.shiftKey)
		return;
	const use = event.target.closest('a.u');
	if (use && target(use) && !event.target.closest('b')) {
		event.preventDefault();
		hide();
		return unfold(use);
	}
	const name = event.target.closest(NAMES);
	if (name && event.pointerType === 'touch' && !name.closest('.pop') && anchor !== name) {
		event.preventDefault();          // a finger cannot hover: the first touch shows, the link in the box leads there
		return point(name, 0);
	}
	if (!event.target.closest('.pop') || event.target.closest('.pop a'))
		hide();
	if ($('#side').classList.contains('open') && (event.target.closest('#side a') || !event.target.closest('#side')))
		menu(false);
	const number = numberAt(event);
	if (number) {
		history.replaceState(null, '', `#L${number}`);
		goTo(location.hash);
	}
}

/* -- begin --------------------------------------------------------------------------------------------------------- */

for (const button of $$('.tools [hidden]'))
	button.hidden = false;
for (const use of $$('a.u'))
	use.setAttribute('aria-expanded', 'false');
document.addEventListener('click', click);
document.addEventListener('keydown', key);
document.addEventListener('keydown', event => {
	const aside = event.target.closest?.('.aside.folded');
	if (aside && (event.key === 'Enter' || event.key === ' ')) {
		event.preventDefault();
		open(aside);
	}
});
if (location.protocol === 'file:' && $('.console'))
	$('.console').append('The console of this chapter needs a server: ', make('code', { textContent: 'make serve' }), ' is one.');
hovers();
follow();
fold();
narrow.addEventListener('change', fold);
const near = new IntersectionObserver(entries => {
	for (const entry of entries)
		if (entry.isIntersecting) {
			near.unobserve(entry.target);
			equip(entry.target);
		}
}, { rootMargin: '600px' });
$$('.chunk[id], .run, .listing').forEach(block => near.observe(block));
addEventListener('hashchange', () => goTo(location.hash));
goTo(location.hash);
})();
