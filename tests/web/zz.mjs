import { serve, open } from './lib.mjs';
import { readFile } from 'node:fs/promises';
const AXE = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
const site = await serve('build/html'); const b = await open();
for (const f of ['index.html','01-introduction.html','02-getting-started.html','identifiers.html']) {
const d = await (await b.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
let t = Date.now(); await d.goto(site.url + f); console.log(f, 'load', Date.now() - t); t = Date.now();
await d.evaluate(() => document.querySelectorAll('.chunk').forEach((c, i) => { if (i >= 40) c.remove(); })); await d.evaluate(AXE);
console.log('prep', Date.now() - t); t = Date.now();
await d.evaluate(() => axe.run(document, { resultTypes: ['violations'] })); console.log('axe', Date.now() - t); t = Date.now();
await d.setViewportSize({ width: 390, height: 844 }); await d.evaluate(() => document.documentElement.scrollWidth); console.log('resize', Date.now() - t);
}
await b.close(); site.close();
