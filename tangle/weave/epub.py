"""The EPUB: the web edition's pages in one file, for readers that run no script.

    build(weave, out, meta)      weave is a Volume

A chapter is cut before each of its sections, because e-book readers are slow with a page of a megabyte; links are directed to
wherever their anchors came to stand. The same sources give the same bytes: files are packed in a fixed order, with the date
of the commit.
"""

import os
import re
import subprocess
import time
import uuid
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import fonts
import website
from hypertext import esc, quoted, text_of

WEB = website.WEB
TYPES = {'.xhtml': 'application/xhtml+xml', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2'}
CUT = re.compile(r'(?m)^(?=<h2 id=)')

PAGE = '''<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="epub.css" /></head>
<body class="{kind}">
{body}
</body>
</html>
'''
CONTAINER = '''<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml" /></rootfiles>
</container>
'''
PACKAGE = '''<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{lang}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{uuid}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:creator>{author}</dc:creator>
<dc:language>{lang}</dc:language>
<dc:description>{subtitle}</dc:description>
<dc:rights>{rights}</dc:rights>
<meta property="dcterms:modified">{date}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Every figure has alternative text; all code is text.</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
'''
COVER = '''<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 1700" width="1200" height="1700">
<rect width="1200" height="1700" fill="#fffefb" /><rect y="1180" width="1200" height="6" x="0" fill="#8c2a1c" />
<text x="110" y="640" font-family="Linux Libertine O, Georgia, serif" font-size="300" fill="#1c1a18">{title}</text>
<text x="116" y="790" font-family="Linux Libertine O, Georgia, serif" font-size="58" font-style="italic" fill="#1c1a18">{subtitle}</text>
<text x="116" y="1290" font-family="Linux Libertine O, Georgia, serif" font-size="50" fill="#8c2a1c">{author}</text>
</svg>
'''


class Volume(website.Web):
    """The prose of the book, for a volume without a network and without a script."""
    EDITION, LAZY, SUFFIX = 'epub', '', '.xhtml'

    def place_from(self, here):
        """All anchors as if they stood on one page; direct() sends the links on."""
        return lambda anchor: f'#{anchor}' if self.page_of(anchor) else ''


def cut(page):
    """A page in parts: [(file, html)]"""
    parts = CUT.split(page.body) if page.kind == 'chapter' else [page.body]
    stem = Path(page.name).stem
    return [(f'{stem}{f"-{number}" if number else ""}.xhtml', part) for number, part in enumerate(parts)]


def direct(parts):
    """Links to the files in which their anchors stand."""
    where = {anchor: name for name, part in parts for anchor in re.findall(r' id="([^"]*)"', part)}

    def link(match, name):
        target = where.get(match[1])
        return match[0] if target in (None, name) else f'href="{target}#{match[1]}"'
    return [(name, re.sub(r'href="#([^"]*)"', lambda match: link(match, name), part)) for name, part in parts], where


def build(weave, out, meta):
    website.draw(weave)
    pages = website.chapter_pages(weave)
    weave.section_of = website.sections_of(pages)
    pages += website.back_pages(weave)
    parts, where = direct([part for page in pages for part in cut(page)])
    weave.errors += [f'{name}: error: link to {anchor}, which is not in the book' for name, part in parts
                     for anchor in re.findall(r'href="#([^"]*)"', part) if anchor not in where]
    if weave.errors:
        return
    lang = meta.get('lang', 'en-US')
    kinds = {name: page.kind for page in pages for name, _ in cut(page)}
    titles = {name: page.title for page in pages for name, _ in cut(page)}
    files = {'title.xhtml': sheet(meta['title'], 'title', title_page(meta), lang),
             'nav.xhtml': sheet('Contents', 'nav', nav(pages, where), lang)}
    for name, part in parts:
        files[name] = sheet(titles[name], kinds[name], part, lang)
        well_formed(name, files[name])
    files['epub.css'] = (WEB / 'epub.css').read_bytes()
    files['cover.svg'] = COVER.format(**{key: esc(value) for key, value in meta.items()})
    files.update((f'figures/{name}', path.read_bytes()) for name, path in sorted(weave.images.items()))
    faces = fonts.install(weave.build / 'weave' / 'fonts', weave.build / 'weave' / 'epub', website.glyphs(pages))
    files.update((f'fonts/{path.name}', path.read_bytes()) for path in faces)
    files['package.opf'] = package(files, [name for name, _ in parts], meta, lang, date(weave.book.root))
    pack(out, files)


def sheet(title, kind, body, lang):
    return PAGE.format(title=esc(title), kind=kind, body=body, lang=lang)


def well_formed(name, text):
    """A section that begins inside something else would be cut through."""
    try:
        ET.fromstring(re.sub('<!DOCTYPE html>', '', text))
    except ET.ParseError as error:
        row = text.split('\n')[error.position[0] - 1]
        raise website.Fault(f'{name}: error: the page is not well-formed ({error}) at {row[max(0, error.position[1] - 60):][:120]}')


def title_page(meta):
    return (f'<div class="title"><h1>{esc(meta["title"])}</h1><p class="subtitle">{esc(meta["subtitle"])}</p>'
            f'<p class="author">{esc(meta["author"])}</p><p class="rights">{esc(meta["rights"])}</p></div>')


def nav(pages, where):
    rows = []
    for page in pages:
        sections = ''.join(f'<li><a href="{where[anchor]}#{anchor}">{number and f"{number} "}{esc(text_of(title))}</a></li>'
                           for level, anchor, number, title in page.contents if level == 2 and anchor in where) \
            if page.kind == 'chapter' else ''
        number = f'{page.number} ' if page.number else ''
        rows.append(f'<li><a href="{page.name}">{number}{esc(page.title)}</a>{sections and f"<ol>{sections}</ol>"}</li>')
    return f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{"".join(rows)}</ol></nav>'


def package(files, reading, meta, lang, when):
    rows, ids = [], {}
    for number, (name, data) in enumerate(files.items()):
        ids[name] = f'f{number}'
        special = {'nav.xhtml': 'nav', 'cover.svg': 'cover-image'}.get(name) or (
            'mathml' if name.endswith('.xhtml') and '<math ' in data else '')
        rows.append(f'<item id="f{number}" href="{quoted(name)}" media-type="{TYPES[Path(name).suffix]}"'
                    f'{special and f" properties={chr(34)}{special}{chr(34)}"} />')
    spine = [f'<itemref idref="{ids[name]}" />' for name in ['title.xhtml', 'nav.xhtml', *reading]]
    text = PACKAGE.format(**{key: esc(value) for key, value in {**meta, 'lang': lang}.items()}, date=when, manifest='\n'.join(rows),
                          spine='\n'.join(spine), uuid=uuid.uuid5(uuid.NAMESPACE_URL, f'{meta["title"]}: {meta["subtitle"]}'))
    return re.sub(r'<dc:\w+></dc:\w+>\n', '', text)           # what book.yaml does not say


def date(root):
    """When the book was last changed: SOURCE_DATE_EPOCH, or the commit."""
    said = os.environ.get('SOURCE_DATE_EPOCH')
    if not said:
        done = subprocess.run(['git', 'log', '-1', '--format=%ct'], cwd=root, capture_output=True, text=True)
        said = done.stdout.strip() if not done.returncode else ''
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(int(said or 0)))


def pack(out, files):
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.parent / f'.{out.name}.{os.getpid()}'
    with zipfile.ZipFile(aside, 'w') as volume:
        add(volume, 'mimetype', 'application/epub+zip', zipfile.ZIP_STORED)
        add(volume, 'META-INF/container.xml', CONTAINER)
        for name, data in files.items():
            add(volume, f'book/{name}', data)
    os.replace(aside, out)


def add(volume, name, data, method=zipfile.ZIP_DEFLATED):
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type, entry.external_attr = method, 0o644 << 16
    volume.writestr(entry, data)
