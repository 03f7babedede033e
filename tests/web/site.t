#!/usr/bin/env python3
"""The web edition says what the printed book says: the same chunks byte for byte, the same numbers and words, and
every link leads to its place. Reads build/html and build/book.pdf; `make check` has made them."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'tangle')]
from scratch import ROOT, done, ok, same
sys.path[:0] = [str(ROOT / 'tangle' / 'weave')]
from book import Book
import hypertext

SITE, WORK = ROOT / 'build' / 'html', ROOT / 'build' / 'weave'
OWN = 150 * 1024             # bytes of script and style that a page may load before the console starts
if not (SITE / 'index.html').is_file():
    ok(False, 'build/html is there', 'make html')
    done()
book = Book.load()
pages = {path.name: path.read_text(encoding='utf-8') for path in sorted(SITE.glob('*.html'))}
of_chapter = {chapter.key: pages.get(Path(chapter.path).stem + '.html', '') for chapter in book.chapters}

# -- pages

broken = []
for name, text in pages.items():
    try:
        ET.fromstring(text.replace('<!DOCTYPE html>', ''))
    except ET.ParseError as error:
        broken.append(f'{name}: {error}')
ok(len(pages) >= len(book.chapters) + 2 and not broken, f'{len(pages)} pages, all well-formed', *broken)
same([key for key, text in of_chapter.items() if not text], [], 'every chapter has its page')
linked = [c.key for c in book.chapters if f'href="{Path(c.path).stem}.html"' not in pages['index.html']]
same(linked, [], 'and stands in the contents')

# -- chunks

differ, count = [], 0
for chapter in book.chapters:
    found = hypertext.code_of(of_chapter[chapter.key])
    same([anchor for anchor, _, _ in found], [f'ck:{d.number}' for d in chapter.definitions],
         f'chapter {chapter.key} has all {len(chapter.definitions)} chunks, in order')
    for (_, line, rows), definition in zip(found, chapter.definitions):
        count += len(rows)
        if rows != definition.lines or rows and line != definition.line + 1:
            differ.append(f'{definition.path}:{definition.line}: {definition.name}')
ok(not differ, f'all {count} lines of code are the chapters\', byte for byte, with their numbers', *differ[:10])
heads = {match[1]: hypertext.text_of(match[2]) for text in pages.values() for match in re.finditer(
    r'<div class="chunk" id="ck:([^"]*)".*?<span class="name">(.*?)</span>', text, re.S)}
lost = [d.number for c in book.chapters for d in c.definitions if d.name not in heads.get(d.number, '')]
same(lost[:10], [], 'each with its name')

# -- the definition in force: from a chapter's code one comes to what is in force there, or else to what comes first later
wrong, superseded = [], 0
for chapter in book.chapters:
    state = book.state(chapter)
    for name, number in re.findall(r'<a class="u"[^>]*>⟨(.*?) <b>([\d.]+)</b>⟩</a>', of_chapter[chapter.key]):
        name = hypertext.text_of(name)
        live = state.live.get(name)
        wanted = (live[0] if live else book.first(name)).number
        superseded += any(d.replaced_by for d in book.named(name))
        if number != wanted:
            wrong.append(f'chapter {chapter.key}: <<{name}>> leads to {number}, not {wanted}')
ok(superseded and not wrong, f'uses of chunks lead to the definition in force ({superseded} of superseded chunks)', *wrong[:10])
changes = sum(text.count('<details class="changes">') for text in of_chapter.values())
replaced = [d for c in book.chapters for d in c.definitions if d.modifier == 'replace' and [x for o in d.replaces for x in o.lines] != d.lines]
ok(changes >= 2 * len(replaced) > 0, f'{len(replaced)} replaced chunks show what changed, on both sides', f'{changes} differences')

# -- the same numbers as in print

TEX = {'figure': r'\\wfigure(?:wide)?\{(.*?)\}\{(.*?)\}', 'table': r'\\wtablecaption\{(.*?)\}\{(.*?)\}',
       'section': r'\\wsection\{(.*?)\}\{([\d.]+)\}', 'exercise': r'\\wexercise\{(.*?)\}\{(.*?)\}',
       'question': r'\\wquestion\{(.*?)\}\{(.*?)\}', 'erratum': r'\\werratum\{(.*?)\}\{(.*?)\}', 'run': r'\\wrunhead\{(.*?)\}()'}
HTML = {'figure': r'<figure id="([^"]*)" class="picture[^>]*>.*?Figure ([\d.]+)</a>', 'table': r'<figure class="table" id="([^"]*)">.*?Table ([\d.]+)</a>',
        'section': r'<h2 id="([^"]*)"><a class="no"[^>]*>([\d.]+)</a>', 'exercise': r'<div class="exercise" id="([^"]*)">.*?class="no"[^>]*>(.*?)</a>',
        'question': r'<div class="question" id="([^"]*)">.*?class="no"[^>]*>(.*?)</a>', 'erratum': r'<div class="erratum" id="([^"]*)">.*?class="no"[^>]*>(.*?)</a>',
        'run': r'<div class="run" id="([^"]*)()"'}
for kind in TEX:
    print_ = [pair for c in book.chapters for pair in re.findall(TEX[kind], (WORK / f'{c.key}.tex').read_text(encoding='utf-8'))]
    web = [pair for c in book.chapters for pair in re.findall(HTML[kind], of_chapter[c.key], re.S)]
    same(web, print_, f'{len(print_)} times a {kind} with the same name and number as in print')

# -- the same words: most windows of four words of each paragraph stand in the PDF (a page's end, a note, a hyphen may cut some)

printed = subprocess.run(['pdftotext', '-raw', str(ROOT / 'build' / 'book.pdf'), '-'], capture_output=True, text=True).stdout


def letters(text):
    return re.sub(r'[^a-z]', '', text.lower().replace('ﬁ', 'fi').replace('ﬂ', 'fl'))


paper, absent, paragraphs = letters(printed), [], 0
for chapter in book.chapters:
    body = of_chapter[chapter.key].partition('<main')[2].partition('<footer')[0]
    for paragraph in re.findall(r'<p>(.*?)</p>', re.sub(r'<(a class="no"|small)[^>]*>.*?</(?:a|small)>', '', body), re.S):
        words = [letters(word) for word in hypertext.text_of(re.sub(r'<math.*?</math>', ' ', paragraph, flags=re.S)).split()]
        words = [word for word in words if word]
        windows = [''.join(words[i:i + 4]) for i in range(0, len(words) - 3, 2)]
        if len(windows) < 3:
            continue
        paragraphs += 1
        if sum(window in paper for window in windows) < 0.6 * len(windows):
            absent.append(f'{chapter.key}: {" ".join(words)[:100]}')
ok(paragraphs > 40 * len(book.chapters) and not absent, f'{paragraphs} paragraphs are those of the PDF', *absent[:10])
runs = Counter(re.sub(r'\s', '', hypertext.text_of(row)) for text in of_chapter.values()
               for block in re.findall(r'<div class="run".*?<pre[^>]*><code>(.*?)</code>', text, re.S) for row in block.split('\n'))
flat = re.sub(r'\s|¬', '', printed)
gone = [row for row in runs if row and len(row) > 3 and row not in flat]
ok(len(gone) <= len(runs) / 50, f'{len(runs)} lines of transcripts are those of the PDF', *gone[:10])     # a page may end in a line

# -- links


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.assets = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if attributes.get('id'):
            self.ids.append(attributes['id'])
        if tag == 'a' and 'href' in attributes:
            self.links.append(attributes['href'])
        for name in ('src', 'href'):
            if tag in ('script', 'img', 'link') and attributes.get(name):
                self.assets.append(attributes[name])


parsed = {name: Links(text) for name, text in pages.items()}
twice = [f'{name}: {i}' for name, page in parsed.items() for i, n in Counter(page.ids).items() if n > 1]
same(twice[:10], [], 'no anchor stands twice on a page')
dead, inside = [], 0
for name, page in parsed.items():
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme:
            continue
        inside += 1
        there = unquote(parts.path) or name
        if there not in parsed or parts.fragment and unquote(parts.fragment) not in parsed[there].ids:
            dead.append(f'{name}: {link}')
ok(inside > 1000 and not dead, f'{inside} links inside the site, each to an anchor that is there', *dead[:10])
outside = [f'{name}: {asset}' for name, page in parsed.items() for asset in page.assets
           if urlsplit(asset).scheme or not (SITE / unquote(urlsplit(asset).path)).is_file()]
same(outside[:10], [], 'pages load nothing that is not in the site')
styles = [(path, url) for path in (SITE / 'assets').rglob('*.css') for url in re.findall(r'url\(["\']?([^)"\']+)', path.read_text())]
same([f'{path.name}: {url}' for path, url in styles if not url.startswith(('data:', '#')) and not (path.parent / url).is_file()], [],
     'style sheets neither')
unlike = [f'{name}: {figure}' for name, text in pages.items() for figure in re.findall(r'<img (?![^>]*alt="[^"]+")[^>]*>', text)]
same(unlike, [], 'every picture has alternative text')
leak = [path.name for path in SITE.rglob('*') if path.suffix in ('.html', '.js', '.css', '.svg') and str(ROOT) in path.read_text(errors='replace')]
same(leak, [], 'no file names a directory of this machine')

# -- weight

own = {asset for page in parsed.values() for asset in page.assets if asset.endswith(('.js', '.css'))}
inline = max(sum(map(len, re.findall(r'<script>(.*?)</script>', text, re.S))) for text in pages.values())
weight = sum((SITE / asset).stat().st_size for asset in own if (SITE / asset).is_file()) + inline
ok(10_000 < weight < OWN, f'script and style of our own: {weight} bytes, at most {OWN}', *sorted(own))

# -- claims and consoles

for chapter in book.chapters:
    text = of_chapter[chapter.key]
    rows = set(re.findall(r'class="mark" data-row="([^"]*)"', text.partition('<div class="claims">')[2]))
    same(sorted(rows), sorted(chapter.head.proves), f'chapter {chapter.key}: the table has a mark for every row that its kernel proves')
    tested = {row for d in chapter.definitions for row in re.findall(r'KTEST\w*\(\s*"([A-Z]+-\d+)"', '\n'.join(d.lines))}
    beside = set(re.findall(r'class="mark" data-row="([^"]*)"', text.partition('<div class="claims">')[0]))
    same(sorted(beside), sorted(tested), f'chapter {chapter.key}: and every chunk that tests a row has its mark')
    console = re.search(r'<section class="console" id="console"([^>]*)>', text)
    attributes = dict(re.findall(r'data-(\w+)="([^"]*)"', console[1])) if console else {}
    kernel = SITE / attributes.get('kernel', 'none')
    symbols = [subprocess.run(['i686-linux-gnu-nm', path], capture_output=True, text=True).stdout
               for path in (kernel, ROOT / 'build' / chapter.key / 'weft.elf')]
    ok(attributes.get('checkpoint') == chapter.key and len(symbols[0]) > 1000 and symbols[0] == symbols[1],
       f'chapter {chapter.key}: its console has its kernel')
    demos = json.loads(unescape(attributes.get('demos', '[]')))
    plain = [name for name, spec in chapter.head.runs.items()
             if not spec.startswith('$') and not re.search(r'\b(ch|config|smp|icount)=', spec)]
    same(sorted(demo['title'] for demo in demos), sorted(plain), f'chapter {chapter.key}: and the runs that the page can repeat')

done()
