"""The web edition: a page for each chapter, pages for the indexes, and what their script reads. See weave.py.

    build(weave, out)      write the site into the directory `out`; weave is a Web
    out/NN-slug.html       a chapter; index.html the title and contents, reading.html the pages before the first chapter
    out/assets             weft.css, weft.js, fonts; data/NN.js: chunks and identifiers of a chapter, for other pages
                           that show them; data/search.js the text of all pages
    out/figures            the pictures
    out/kernels            the checkpoints, for the consoles

The script's data are scripts themselves (`weft.put(...)`), because a page opened as a file may load nothing else.
A link that leads nowhere is a fault.
"""

import functools
import hashlib
import html as markup
import json
import re
import shutil
from collections import namedtuple
from pathlib import Path
from string import Template

import figures
import fonts
from console_assets import ROOT, copy_console_assets
from hypertext import Writer, code_html, esc, path_html, quoted, text_of
from prose import Prose

HERE = Path(__file__).resolve().parent
WEB = HERE.parent / 'web'
PIXELS = 2.0             # of a point in a picture: its 8-point letters become as large as the code's

class Fault(Exception):
    """The site cannot be made; the message is ready to print."""


Page = namedtuple('Page', 'name title number body contents kind chapter')


class Web(Prose):
    """The prose of the book, with what an edition of HTML collects on the way."""
    EDITION, LAZY, SUFFIX = 'web', ' loading="lazy"', '.html'

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.figures = figures.Figures(self.book.root, self.build)
        self.images = {}                  # name in figures/ -> file in build/

    def image(self, src):
        """-> (address, width, height in pixels)"""
        try:
            path = Path(self.figures.svg(src))
        except figures.Broken as broken:
            self.errors.append(str(broken))
            return '', 1, 1
        except figures.Missing as missing:
            self.error(self.chapter, src, str(missing))
            return '', 1, 1
        self.images[path.name] = path
        size = re.search(r'<svg [^>]*?width="([\d.]+)(?:pt)?" height="([\d.]+)', path.read_text(encoding='utf-8')[:600])
        return f'figures/{path.name}', round(float(size[1]) * PIXELS), round(float(size[2]) * PIXELS)

    def tested_by(self, row, chapter):
        """The host's tests that name a row, as paths: tests/NN/*.t"""
        return [str(path.relative_to(self.book.root)) for path in sorted((self.book.root / 'tests' / chapter.key).glob('*.t'))
                if re.search(rf'\b{row}\b', path.read_text(encoding='utf-8'))]

    def file(self, chapter):
        return Path(chapter.path).stem + self.SUFFIX

    def page_of(self, anchor):
        """The page on which an anchor of the book stands, or '' if there is none."""
        kind, _, rest = anchor.partition(':')
        if kind == 'ck' and rest in self.chunks:
            return self.file(self.chunks[rest].definition.chapter)
        if anchor in self.labels:
            chapter = self.labels[anchor].chapter
            return '' if chapter.draft else self.file(chapter)
        if anchor.startswith('ref-'):
            return 'references' + self.SUFFIX
        if kind in ('run', 'ix'):
            found = self.book.find(re.match(r'\d+(?:-[a-z])?(?=-)|', rest)[0])
            return self.file(found) if found else 'reading' + self.SUFFIX
        return ''

    def place_from(self, here):
        """place(anchor) for a page: the address of a link, seen from there."""
        def place(anchor):
            page = self.page_of(anchor)
            return '' if not page else f'#{anchor}' if page == here else f'{page}#{anchor}'
        return place


# -- pages ---------------------------------------------------------------------------------------------------------

def chapter_page(weave, chapter):
    """-> (html, contents) of a chapter. It is kept in build/ under the hash of all that went into it, with what it entered
    into the indexes on the way."""
    path = weave.build / 'weave' / f'{chapter.key}{weave.SUFFIX}.json'
    weave.begin(chapter)
    digest = fingerprint(weave, chapter)
    try:
        kept = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError):
        kept = {}
    if kept.get('digest') != digest:
        kept = {'digest': digest, **write_chapter(weave, chapter)}
        if not weave.errors:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dumps(kept), encoding='utf-8')
    else:
        weave.cited.update(kept['cited'])
        weave.subjects += map(tuple, kept['subjects'])
        weave.experiments += [(chapter, *rest) for rest in kept['experiments']]
    return kept['html'], [tuple(row) for row in kept['contents']]


def write_chapter(weave, chapter):
    cited, subjects, experiments = weave.cited, len(weave.subjects), len(weave.experiments)
    weave.cited = set()
    writer = Writer(weave, weave.place_from(weave.file(chapter)))
    body = writer.html(weave.fill(chapter))
    found = {'html': body, 'contents': writer.contents[1:], 'cited': sorted(weave.cited),
             'subjects': weave.subjects[subjects:], 'experiments': [rest for _, *rest in weave.experiments[experiments:]]}
    weave.cited |= cited
    return found


def fingerprint(weave, chapter):
    """Of all that a chapter's page is made of: its text and code, what other chapters do to them, runs, numbers, programs."""
    state = weave.apparatus.state(chapter)
    chunks = [{key: value for key, value in vars(weave.chunks[d.number]).items() if key != 'definition'}
              | {'by': d.replaced_by and (d.replaced_by.number, d.replaced_by.lines), 'of': [old.lines for old in d.replaces]}
              for d in chapter.definitions]
    names = [(name, getattr(found := weave.idents.resolve(name, state), 'name', ''), getattr(getattr(found, 'definition', found), 'number', ''))
             for block in chapter.blocks if hasattr(block, 'quotes') for _, name in block.quotes]
    runs = [(name, run.read_bytes() if (run := weave.build / chapter.key / 'runs' / f'{name}.txt').is_file() else b'')
            for name in chapter.head.runs]
    exercises = [weave.exercise(chapter, name) for name in weave.exercises_of(chapter)]
    if weave.instructor:
        exercises += [path.read_bytes() for name in weave.exercises_of(chapter)
                      if (path := weave.book.root / 'exercises' / name / 'solution.nw').is_file()]
    labels = [(key, *label[:3], label.chapter.key) for key, label in weave.labels.items()]
    loans = [(path, lender.key) for path, lender in state.borrowed.items()]
    whole = (programs(), weave.instructor, chapter.lines, chunks, names, runs, exercises, labels, loans, weave.coverage,
             weave.references.labels, [weave.tested_by(row, chapter) for row in chapter.head.proves],
             [weave.image(src) for src in weave.figures.named(chapter)])
    return hashlib.sha256(repr(whole).encode('utf-8', 'surrogateescape')).hexdigest()


@functools.cache
def programs():
    digest = hashlib.sha256()
    for path in sorted([*HERE.glob('*.py'), *HERE.parent.glob('*.py')]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def chapter_pages(weave):
    """The book's own pages: the front and the chapters. Subjects are collected on the way."""
    front = weave.book.root / 'chapters' / '00-front.md'
    pages = []
    if front.is_file():
        weave.begin(weave.book.chapters[-1], 'front')
        name = 'reading' + weave.SUFFIX
        writer = Writer(weave, weave.place_from(name))
        body = writer.html(weave.front(front))
        title = text_of(writer.contents[0][3]) if writer.contents else 'Before you read'
        pages.append(Page(name, title, '', body, writer.contents[1:], 'front', None))
    for chapter in weave.book.chapters:
        body, contents = chapter_page(weave, chapter)
        pages.append(Page(weave.file(chapter), chapter.head.title, f'{chapter.number}{chapter.part}', body, contents,
                          'chapter', chapter))
    return pages


def back_pages(weave):
    """References and indexes."""
    entries = weave.bibliography()
    if entries:
        weave.begin(weave.book.chapters[-1], 'references')
        name = 'references' + weave.SUFFIX
        writer = Writer(weave, weave.place_from(name))
        rows = [f'<dt id="ref-{key}">[{esc(label)}]</dt><dd>{writer.html([{"t": "Plain", "c": inlines}]).strip()}</dd>'
                for key, label, inlines in entries]
        yield back(name, 'References', '', f'<dl class="references">{"".join(rows)}</dl>')
    for name, title, note, groups in indexes(weave, weave.place_from('')):
        rows = ''.join(f'<h2 id="{name}:{letter}">{letter}</h2><ul>{"".join(f"<li>{row}</li>" for row in found)}</ul>' if letter else
                       f'<ul>{"".join(f"<li>{row}</li>" for row in found)}</ul>' for letter, found in groups)
        wide = ' whole' if name in ('experiments', 'files') else ''
        yield back(name + weave.SUFFIX, title, note, f'<div class="index{wide}">{rows}</div>')


def back(name, title, note, body):
    head = f'<div class="opening"><h1 id="top:{Path(name).stem}">{title}</h1>{note and f"<p class={chr(34)}summary{chr(34)}>{note}</p>"}</div>'
    contents = [(2, m, '', m[-1]) for m in re.findall(r'<h2 id="(\w+:.)"', body)]
    return Page(name, title, '', head + body, contents, 'back', None)


def indexes(weave, place):
    """(name, title, note, [(letter, [html])])"""
    def link(where, text, bold=False):
        text = f'<b>{text}</b>' if bold else text
        return f'<a href="{place(where)}">{text}</a>'

    def places(found):
        best = {}
        for where, text, bold in found:
            best[text] = (where, bold or best.get(text, ('', False))[1])
        return ', '.join(link(where, text, bold) for text, (where, bold) in best.items())

    def grouped(rows, letters=True):
        groups = {}
        for key, text in sorted(rows, key=lambda row: (row[0].lower().lstrip('_'), row[0])):
            letter = (key.lstrip('_')[:1] or '_').upper()
            groups.setdefault((letter if letter.isalpha() else '#') if letters else '', []).append(text)
        return sorted(groups.items())

    spellings, subjects = {}, {}
    for key, _, _ in weave.subjects:
        spellings.setdefault(key.lower(), set()).add(key)
    for key, where, bold in weave.subjects:
        subjects.setdefault(max(spellings[key.lower()]), []).append((where, weave.section_of.get(where, '·'), bold))
    yield ('subjects', 'Subjects', 'By section. A bold number defines the term.',
           grouped([(key, f'{esc(key)} {places(found)}') for key, found in subjects.items()]))
    names, chunks, files, runs = {}, {}, {}, {}
    for chunk in weave.chunks.values():
        for name in chunk.defines:
            names.setdefault(name, []).append((chunk.anchor, chunk.number, True))
        for name, _ in chunk.uses:
            names.setdefault(name, []).append((chunk.anchor, chunk.number, False))
        if chunk.modifier != 'show':
            (files if chunk.is_root else chunks).setdefault(chunk.name, []).append((chunk.anchor, chunk.number, False))
    yield ('identifiers', 'Identifiers', 'By chunk. A bold number defines the name.',
           grouped([(name, f'<code>{esc(name)}</code> {places(found)}') for name, found in names.items()]))
    yield ('chunks', 'Chunks', 'By number.',
           grouped([(name, f'<i>⟨{esc(name)}⟩</i> {places(found)}') for name, found in chunks.items()]))
    yield ('files', 'Files', 'The files of the kernel, by the chunk that begins each.',
           grouped([(name, f'<code>{path_html(name)}</code> {places(found)}') for name, found in files.items()], False))
    for chapter, name, where in weave.experiments:
        runs.setdefault((chapter.key, name), (weave.runs.command(chapter, name), []))[1].append(where)
    yield ('experiments', 'Experiments', 'The runs that the text quotes, as the reader repeats them.',
           grouped([(f'{key} {name}', f'<code>{esc(command)}</code> ' + ', '.join(
               link(where, weave.section_of.get(where, '·')) for where in found))
               for (key, name), (command, found) in runs.items()], False))


def sections_of(pages):
    """{anchor: the number of the section in which it stands}, for indexes that have no pages to name."""
    found = {}
    for page in pages:
        number = page.number or '·'
        for match in re.finditer(r'<h2 id="[^"]*"[^>]*>(?:<a class="no"[^>]*>(.*?)</a>)?|id="((?:ix|run):[^"]*)"', page.body):
            if match[2]:
                found[match[2]] = number
            else:
                number = match[1] or page.number or '·'
    return found


# -- around a page ---------------------------------------------------------------------------------------------------

def contents_html(page):
    rows = []
    for level, where, number, title in page.contents:
        title = re.sub(r'<a [^>]*>|</a>|<dfn[^>]*>|</dfn>|<span[^>]*>|</span>', '', title)
        rows.append(f'<li class="level{level}"><a href="#{where}">{number and f"<b>{number}</b> "}{title}</a></li>')
    return f'<ol>{"".join(rows)}</ol>' if rows else ''


def book_html(pages, here):
    """All pages of the book, this one marked."""
    rows = []
    for page in pages:
        mark = ' aria-current="page"' if page.name == here else ''
        number = f'<b>{page.number}</b> ' if page.number else ''
        rows.append(f'<li><a href="{page.name}"{mark}>{number}{esc(page.title)}</a></li>')
    return f'<ol>{"".join(rows)}</ol>'


def turn_html(pages, index):
    def link(page, rel, word):
        number = f'{page.number} ' if page.number else ''
        return f'<a rel="{rel}" href="{page.name}"><small>{word}</small> {number}{esc(page.title)}</a>'
    before = link(pages[index - 1], 'prev', 'Previous') if index > 0 else ''
    after = link(pages[index + 1], 'next', 'Next') if index + 1 < len(pages) else ''
    return f'<nav class="turn" aria-label="Previous and next">{before}{after}</nav>'


def demonstrations(chapter):
    """The runs in a chapter's head that are nothing but a boot of this checkpoint, on a machine that a browser can be."""
    found = []
    for name, spec in chapter.head.runs.items():
        words = spec.split()
        if spec.startswith('$') or any(re.match(r'(ch|config|smp|icount)=', word) for word in words):
            continue
        demo = {'title': name, 'cmdline': ' '.join(word for word in words if not re.match(r'(emu|mem)=', word))}
        memory = re.search(r'\bmem=(\d+)([MG])', spec)
        if memory:
            demo['mem'] = int(memory[1]) * (1000 if memory[2] == 'G' else 1)
        found.append(demo)
    return found


def console_html(weave, chapter):
    def data(name, value):
        return f' data-{name}="{quoted(dumps(value))}"'
    return (f'<section class="console" id="console" aria-label="Console" data-checkpoint="{chapter.key}" '
            f'data-kernel="kernels/{chapter.key}.elf"{data("machine", browser(weave.book.root))}'
            f'{data("demos", demonstrations(chapter))}{data("proven", proven(weave, chapter))}></section>')


def browser(root):
    """What the machine in a reader's browser can show, and what others can: tests/machines.tsv. (Nobody looks into it from
    outside, as the tests do under Node.)"""
    rows = [row.split('\t') for row in (root / 'tests' / 'machines.tsv').read_text(encoding='utf-8').splitlines()
            if row and not row.startswith('#')]
    caps = {name: [cap for cap in found.split() if cap != '-'] for name, _, found, *_ in rows[1:]}
    others = {name: found for name, found in caps.items() if not name.startswith('v86')}
    return {'caps': [cap for cap in caps.get('v86', []) if cap != 'monitor'], 'others': others}


def proven(weave, chapter):
    """{row: [machine]} by the runs that the text quotes, and by the last run of the tests, if it was of this very kernel."""
    found = {}

    def read(text, where):
        for row in re.findall(r'^ok \d+ - ([A-Z][A-Z0-9]*-\d+) (?!.*# SKIP)', text, re.M):
            if row in chapter.head.proves and where not in found.setdefault(row, []):
                found[row].append(where)

    for name, spec in chapter.head.runs.items():
        path = weave.build / chapter.key / 'runs' / f'{name}.txt'
        if not re.search(r'\$|\bch=|\bconfig=', spec) and path.is_file():
            read(path.read_text(errors='replace'), (re.search(r'\bemu=(\w+)', spec) or ['', 'qemu'])[1])
    kernel = weave.build / chapter.key / 'weft.elf'
    for path in sorted((weave.build / 'tap').rglob('*')):
        named = re.search(rf'\b{chapter.key}@([\w-]+)', path.name) or re.search(rf'(tests/{chapter.key}/[\w-]+\.t)$', str(path))
        if named and path.is_file() and kernel.is_file() and path.stat().st_mtime > kernel.stat().st_mtime:
            read(path.read_text(errors='replace'), 'the host' if '/' in named[1] else named[1])
    return found


# -- what the script reads -------------------------------------------------------------------------------------------

def data_js(weave, chapter):
    """Chunks and identifiers of a chapter, for pages that show them elsewhere."""
    page = weave.file(chapter)
    place = weave.place_from('')
    chunks, names = {}, {}
    for definition in chapter.definitions:
        chunk = weave.chunks[definition.number]
        chunks[definition.number] = [definition.name, int(chunk.is_root), (chunk.files or [''])[0], definition.line + 1,
                                     code_html(chunk, place)]
        for ident in weave.idents.defined(definition):
            names.setdefault(ident.name, []).append([definition.number, ident.kind, ident.signature, ident.line])
    return f'weft.put({json.dumps(chapter.key)},{dumps({"page": page, "chunks": chunks, "names": names})});\n'


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(',', ':'))


def search_js(weave, pages):
    """[page, anchor, number, title, text] of every section and chunk, and the identifiers."""
    rows = []
    for page in pages:
        if page.kind == 'back' and page.name != 'references.html':
            continue
        rows += sections(page)
    names, files = [], [page.name for page in pages]
    for chapter in weave.book.chapters:
        number = files.index(weave.file(chapter))
        for definition in chapter.definitions:
            names += [[i.name, i.kind, i.signature, definition.number, number] for i in weave.idents.defined(definition)
                      if i.kind != 'make']
    for row in rows:
        row[0] = files.index(row[0])
    return f'weft.found({dumps({"pages": files, "sections": rows, "names": names})});\n'


SPLIT = re.compile(r'<h[123] id="(?P<head>[^"]*)"[^>]*>(?P<title>.*?)</h[123]>|<div class="chunk" id="(?P<chunk>[^"]*)"')


def sections(page):
    starts = [*SPLIT.finditer(page.body)]
    rows, last = [], ''
    for match, after in zip(starts, [*starts[1:], None]):
        text = page.body[match.start():after.start() if after else len(page.body)]
        title, where = match['title'], match['head'] or match['chunk']
        if title:
            text = text[match.end() - match.start():]
            last = title
        # what follows a chunk belongs to its section again, but is found beside the chunk
        else:
            head = re.search(r'<span class="name">(.*?)</span>', text)
            title = re.sub(r' (≡|\+≡)', '', head[1] if head else '')
        text = re.sub(r'<ul class="mini.*?</ul>|<div class="(?:head|foot)">.*?</div>|<details.*?</details>', ' ', text, flags=re.S)
        words = ' '.join(text_of(re.sub(r'</(?:p|li|td|th|div|h4|figcaption)>', ' ', text)).split())
        rows.append([page.name, where, ' '.join(text_of(title).split()), ' '.join(text_of(last).split()), words])
    return rows


# -- the site ----------------------------------------------------------------------------------------------------------

def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text if isinstance(text, bytes) else text.encode('utf-8')
    if not path.is_file() or path.read_bytes() != data:
        path.write_bytes(data)
    return path


def copy(source, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or (path.stat().st_size, path.stat().st_mtime) != (source.stat().st_size, source.stat().st_mtime):
        shutil.copy2(source, path)
    return path


def draw(weave):
    weave.figures.prepare(src for chapter in weave.book.chapters for src in weave.figures.named(chapter))


def build(weave, out, meta):
    """-> the files of the site; faults are in weave.errors."""
    draw(weave)
    pages = chapter_pages(weave)
    weave.section_of = sections_of(pages)
    pages += back_pages(weave)
    title = Page('index.html', 'Contents', '', title_html(meta, pages), [], 'title', None)
    pages = [title, *pages]
    weave.errors += dead_links(pages)
    if weave.errors:
        return []
    written = []
    template = Template((WEB / 'page.html').read_text(encoding='utf-8'))
    for index, page in enumerate(pages):
        written.append(write(out / page.name, fill(template, weave, meta, pages, index)))
    written.append(write(out / 'assets/data/search.js', search_js(weave, pages)))
    for chapter in weave.book.chapters:
        written.append(write(out / f'assets/data/{chapter.key}.js', data_js(weave, chapter)))
    written += [copy(path, out / 'figures' / name) for name, path in weave.images.items()]
    written += [copy(path, out / 'assets' / path.name) for path in sorted(WEB.iterdir())
                if path.suffix in ('.css', '.js', '.svg') and path.stem != 'epub']
    written += fonts.install(weave.build / 'weave' / 'fonts', out / 'assets' / 'fonts', glyphs(pages))
    if has_consoles(weave):
        kernels = {out / f'kernels/{chapter.key}.elf' for chapter in weave.book.chapters}
        written += [path for path in copy_console_assets(out) if path.parent.name != 'kernels' or path in kernels]
    tidy(out, written)
    return written


def has_consoles(weave):
    """Not a book that is woven to be looked at only: it has no kernels of its own."""
    return weave.build == ROOT / 'build' and all((weave.build / c.key / 'weft.elf').is_file() for c in weave.book.chapters)


def tidy(out, written):
    """What an earlier site left and this one has not."""
    keep = set(written)
    for path in sorted(out.rglob('*'), reverse=True):
        if path.is_file() and path not in keep:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def fill(template, weave, meta, pages, index):
    page, consoles = pages[index], has_consoles(weave)
    body = page.body
    if page.kind == 'chapter':
        opening, end, rest = body.partition('</div>')        # the opening has no <div> inside
        body = opening + end + (console_html(weave, page.chapter) if consoles else '') + rest
    contents = contents_html(page)
    number = f'{page.number} ' if page.number else ''
    heading = meta['title'] if page.kind == 'title' else f'{number}{page.title} · {meta["title"]}'
    data = f' data-chapter="{page.chapter.key}"' if page.chapter else ''
    keys = {weave.file(chapter): chapter.key for chapter in weave.book.chapters}
    return template.substitute(
        title=esc(heading), book=esc(meta['title']), subtitle=quoted(meta['subtitle']), kind=page.kind, data=data,
        description=quoted(page.chapter.head.summary if page.chapter else meta['subtitle']), body=body,
        pages=book_html(pages, page.name), turn=turn_html(pages, index), lang=quoted(meta.get('lang', 'en-US')),
        contents=f'<nav class="contents" aria-label="On this page"><h2>On this page</h2>{contents}</nav>' if contents else '',
        rights=esc(meta['rights']), weave=quoted(dumps({'keys': keys})),
        console='<link rel="stylesheet" href="assets/console.css" />\n<script type="module" src="assets/console.js"></script>'
                if page.chapter and consoles else '')


def title_html(meta, pages):
    rows = []
    for page in pages:
        if page.kind == 'back':
            continue
        sections = ''.join(f'<li><a href="{page.name}#{where}">{number and f"<b>{number}</b> "}{strip_links(title)}</a></li>'
                           for level, where, number, title in page.contents if level == 2 and number)
        summary = f'<p>{esc(page.chapter.head.summary)}</p>' if page.chapter else ''
        rows.append(f'<li class="{page.kind}"><h2><a href="{page.name}">{page.number and f"<b>{page.number}</b> "}{esc(page.title)}</a></h2>'
                    f'{summary}{sections and f"<ol>{sections}</ol>"}</li>')
    backs = ''.join(f'<li><a href="{page.name}">{esc(page.title)}</a></li>' for page in pages if page.kind == 'back')
    return (f'<div class="title"><h1 id="top:title">{esc(meta["title"])}</h1><p class="subtitle">{esc(meta["subtitle"])}</p>'
            f'<p class="author">{esc(meta["author"])}</p></div><ol class="table-of-contents">{"".join(rows)}</ol>'
            f'<ul class="backs">{backs}</ul>')


def strip_links(title):
    return re.sub(r'</?(?:a|dfn|span)\b[^>]*>', '', title)


def dead_links(pages):
    """Faults: links to a page or an anchor that is not there, and anchors that stand twice."""
    ids, faults = {}, []
    for page in pages:
        found = re.findall(r' id="([^"]*)"', page.body)
        ids[page.name] = set(found)
        faults += [f'{page.name}: error: the anchor {i} stands twice; rename one' for i in ids[page.name] if found.count(i) > 1] \
            if len(found) != len(ids[page.name]) else []
    for page in pages:
        for href in dict.fromkeys(re.findall(r'<a [^>]*?href="([^":]*(?:#[^"]*)?)"', page.body)):
            name, _, anchor = markup.unescape(href).partition('#')
            name = name or page.name
            if name not in ids or anchor and anchor not in ids[name]:
                faults.append(f'{page.name}: error: link to {href}, which is not in the book')
    return faults


def glyphs(pages):
    return set().union(*(set(text_of(page.body)) for page in pages))
