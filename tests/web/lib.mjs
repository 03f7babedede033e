/* For tests/web: the site on localhost, Debian's Chromium, TAP.

     const site = await serve('build/html')         site.url, site.close()
     const browser = await open()                   playwright's
     ok(condition, description, ...diagnosis); done() */
import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json',
	'.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.wasm': 'application/wasm' };
let count = 0, bad = 0;

export function ok(condition, description, ...diagnosis) {
	count++;
	if (!condition) {
		bad++;
		for (const line of diagnosis.map(String).join('\n').split('\n').slice(0, 30))
			console.log(`# ${line}`);
	}
	console.log(`${condition ? 'ok' : 'not ok'} ${count} - ${description}`);
	return Boolean(condition);
}

export function done() {
	console.log(`1..${count}`);
	process.exitCode = bad ? 1 : 0;
}

export async function serve(directory) {
	const server = createServer(async (request, answer) => {
		const path = join(directory, normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)));
		try {
			const file = (await stat(path)).isDirectory() ? join(path, 'index.html') : path;
			const body = await readFile(file);
			answer.writeHead(200, { 'Content-Type': TYPES[extname(file)] || 'application/octet-stream' });
			answer.end(body);
		} catch {
			answer.writeHead(404);
			answer.end('not found');
		}
	});
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export const open = () => chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });
