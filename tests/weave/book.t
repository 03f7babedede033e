#!/usr/bin/env python3
"""The printed book says what the kernel is made of: all of it, byte for byte, and its links lead somewhere.

Reads build/book.pdf and what weaving left in build/weave; `make build/book.pdf` makes both."""

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'tangle')]
from scratch import ROOT, Scratch, done, ok, same
sys.path[:0] = [str(ROOT / 'tangle' / 'weave')]
from book import Book
import latex

PDF, WORK = ROOT / 'build' / 'book.pdf', ROOT / 'build' / 'weave'
if not PDF.is_file():
    ok(False, 'build/book.pdf is there', 'make build/book.pdf')
    done()
book = Book.load()


def bare(text):
    return ''.join(text.split()).replace('’', "'")           # a name is set with the typographer's apostrophe


# every chunk, line by line, in the text of the PDF
pages = subprocess.run(['pdftotext', '-raw', str(PDF), '-'], capture_output=True, text=True).stdout
rows = [bare(row) for row in pages.replace('\f', '\n').split('\n')]
places = {}
for index, row in enumerate(rows):
    places.setdefault(row, []).append(index)
missing, at = [], 0
for chapter in book.chapters:
    for definition in chapter.definitions:
        for offset, parts in enumerate(definition.parts):
            if not ''.join(map(str, parts)):
                continue                 # an empty line is empty paper
            number = definition.line + 1 + offset
            wanted = re.escape(str(number)) + ''.join(
                re.escape(bare(part)) if isinstance(part, str) else rf'⟨{re.escape(bare(part.name))}[\d.]*⟩' for part in parts)
            exact = bare(f'{number}{"".join(part for part in parts if isinstance(part, str))}')
            if definition.uses:
                found = next((i for i in range(at, min(at + 400, len(rows))) if re.fullmatch(wanted, rows[i])), None)
            else:
                found = next((i for i in places.get(exact, []) if i >= at), None)
            if found is None:
                missing.append(f'{definition.path}:{number}: {"".join(map(str, parts))}')
            else:
                at = found
count = sum(len(d.parts) for c in book.chapters for d in c.definitions)
ok(not missing, f'all {count} lines of code stand in the PDF, in order', *missing[:10])
names = bare(pages)
lost = [d.name for c in book.chapters for d in c.definitions if bare(d.number) + ('' if d.is_root else '⟨') + bare(d.name) not in names]
ok(not lost, 'with the number and name of each chunk', *lost[:10])

# the printed code, read back from the pages' source, tangles to the same kernel
printed, differ = {}, []
for chapter in book.chapters:
    tex = (WORK / f'{chapter.key}.tex').read_text(encoding='utf-8')
    printed.update({number: lines for number, lines in latex.code_of(tex)})
    differ += [f'{d.path}:{d.line}: {d.name}' for d in chapter.definitions if printed.get(d.number) != d.lines]
ok(not differ, 'what is printed is what the chapters say, byte for byte', *differ[:10])
again = Scratch({})
for chapter in book.chapters:
    head = '\n'.join(chapter.lines[:chapter.head.end])
    chunks = '\n'.join('\n'.join([f'<<{d.title}>>=', *printed.get(d.number, []), '@', '']) for d in chapter.definitions)
    again.write(chapter.path, f'{head}\n\n{chunks}')
for draft in book.drafts:              # not printed, but it lends
    again.write(draft.path, '\n'.join(draft.lines))
for chapter in book.chapters:
    from_paper = again.tangle(chapter.key, f'paper/{chapter.key}', '--clean')
    true = subprocess.run([str(ROOT / 'tangle' / 'tangle'), chapter.key, str(again.path / 'true' / chapter.key), '--clean'])
    compared = subprocess.run(['diff', '-r', f'paper/{chapter.key}', f'true/{chapter.key}'], cwd=again.path,
                              capture_output=True, text=True)
    ok(from_paper.status == 0 and true.returncode == 0 and compared.returncode == 0,
       f'checkpoint {chapter.key} tangled from the printed code is the kernel', compared.stdout[:2000], from_paper.errors)

# links
objects = json.loads(subprocess.run(['qpdf', '--json=2', str(PDF)], capture_output=True).stdout)['qpdf'][1]
values = [entry['value'] for entry in objects.values() if 'value' in entry]
targets, links = set(), []


def text_of(value):
    return value[2:] if value.startswith(('u:', 'b:')) else value


for value in values:
    if not isinstance(value, dict):
        continue
    if '/Names' in value and isinstance(value['/Names'], list):
        targets.update(text_of(name) for name in value['/Names'][::2])
    if value.get('/Subtype') == '/Link' and value.get('/A', {}).get('/S') == '/GoTo':
        links.append(text_of(value['/A']['/D']) if isinstance(value['/A']['/D'], str) else '')
dead = sorted({link for link in links if link and link not in targets})
ok(len(links) > 100 and not dead, f'{len(links)} links, and each leads somewhere', *dead[:10])
ok('??' not in re.sub(r'\S*"[^"]*\?\?[^"]*"', '', pages) and '··' not in pages, 'no reference without its page')
anchors = {f'ck:{d.number}' for c in book.chapters for d in c.definitions}
same(sorted(anchors - targets)[:10], [], 'every chunk is a destination')

# what a printer asks
fonts = subprocess.run(['pdffonts', str(PDF)], capture_output=True, text=True).stdout.splitlines()[2:]
loose = [font for font in fonts if not re.search(r'\byes +yes +\w+ +\d+ +\d+$', font)]
ok(fonts and not loose, 'all fonts are embedded', *loose)
info = subprocess.run(['pdfinfo', str(PDF)], capture_output=True, text=True).stdout
ok(re.search(r'^Title: +\S', info, re.M) and re.search(r'^Author: +\S', info, re.M), 'title and author are in the metadata', info)
titles = set()
for value in values:
    if isinstance(value, dict) and '/Title' in value and '/Parent' in value:
        title = value['/Title']
        titles.add(bare(text_of(objects['obj:' + title]['value'] if title.endswith(' R') else title)))
absent = [c.head.title for c in book.chapters if not any(bare(c.head.title) in title for title in titles)]
same(absent, [], 'every chapter has a bookmark')
done()
