"""From a chapter's prose to a tree that every edition prints: pandoc reads it, this module fills it in.

    weave = Prose(book, build, ...)      see weave.py
    weave.read(chapter)                  pandoc's tree of the chapter, chunks as CodeBlock .w-chunk (cached in build/)
    weave.labels                         {id: Label} of the whole book, after survey()
    weave.fill(chapter)                  the tree with numbers, links, transcripts, exercises in place
    weave.errors                         [str] 'file:line: error: what, and the remedy'

The filled tree is plain pandoc with these additions, all that an edition has to know:

    Header 1 {#ch:slug number= summary=}, Header 2 {#sec:slug number=}
    CodeBlock .w-chunk {n=2.17}          the chunk's apparatus is in weave.chunks['2.17'] (apparatus.py)
    CodeBlock .w-run {head= name=}       a transcript
    Div .w-figure {src= alt= number=}    with its caption; Div .w-table {number=} with caption in w-caption and Table
    Div .w-aside .w-question .w-erratum {label=} .w-exercise {number= title= stars= points=} .w-solution .w-summary
    Div .w-claims                        Plain [Str row, Str checkpoint, ...feature]: proven there, or here if empty
    Div .w-borrowed                      a margin note at the chapter's beginning: Span .w-loan {path= lender= target=}
    Link .w-ref                          'Section 2.4', to be followed by its page in print
    Link .w-name {ident=}                code linked to its chunk; Link .w-chunkname {n=} a chunk's name
    Link .w-cite                         to ref-KEY
    Span .w-index {key=}                 an entry of the subject index
    (Div and Span .only {edition=} are gone: an edition finds its own part, and the others' not.)
"""

import hashlib
import json
import re
import subprocess
from collections import namedtuple

from apparatus import Apparatus, anchor
from book import Head
import runs
from references import References

Label = namedtuple('Label', 'kind number title chapter')
KINDS = {'sec': 'Section', 'fig': 'Figure', 'tab': 'Table', 'ch': 'Chapter', 'ex': 'Exercise'}
READER = 'markdown'
EDITIONS = 'print', 'web', 'epub'
GRADED = r'\d\d(?:-[a-z])?-(\d+)-'          # how the name of a graded exercise begins: 02-1-, 13-a-1-
LEAVES = frozenset(['Str', 'Space', 'SoftBreak'])         # the most of a tree, and never changed


# -- pandoc's tree ---------------------------------------------------------------------------------------------------

def node(kind, *content):
    return {'t': kind, 'c': content[0] if len(content) == 1 else list(content)} if content else {'t': kind}


def attr(identifier='', classes=(), **pairs):
    return [identifier, list(classes), [[k, str(v)] for k, v in pairs.items()]]


def words(text):
    """A string as inlines."""
    found = []
    for index, word in enumerate(text.split(' ')):
        if index:
            found.append(node('Space'))
        if word:
            found.append(node('Str', word))
    return found


def plain(inlines):
    """The text of inlines (or of blocks)."""
    found = []

    def collect(item):
        if isinstance(item, list):
            for sub in item:
                collect(sub)
        elif isinstance(item, dict):
            kind, content = item.get('t'), item.get('c')
            if kind in ('Str',):
                found.append(content)
            elif kind in ('Code', 'Math', 'CodeBlock'):
                found.append(content[1])
            elif kind in ('Space', 'SoftBreak', 'LineBreak'):
                found.append(' ')
            elif kind == 'Quoted':
                found.append('“' if content[0]['t'] == 'DoubleQuote' else '‘')
                collect(content[1])
                found.append('”' if content[0]['t'] == 'DoubleQuote' else '’')
            elif kind == 'Note':
                pass
            elif content is not None:
                collect(content)
    collect(inlines)
    return ''.join(found)


def walk(item, change):
    """Rebuild a tree bottom up; change(node) returns None to keep it, a node, or a list to splice in."""
    if isinstance(item, list):
        rebuilt = []
        for sub in item:
            if isinstance(sub, (str, int)) or isinstance(sub, dict) and sub.get('t') in LEAVES:
                rebuilt.append(sub)
                continue
            new = walk(sub, change)
            if isinstance(new, list) and isinstance(sub, dict) and 't' in sub:
                rebuilt.extend(new)
            else:
                rebuilt.append(new)
        return rebuilt
    if isinstance(item, dict):
        if isinstance(item.get('c'), (list, dict)):
            item = dict(item, c=walk(item['c'], change))
        if 't' in item:
            new = change(item)
            return item if new is None else new
    return item


def unmarked(content):
    """The same without what the bold words in it enter into the index."""
    return walk(content, lambda item: item['c'][1] if item['t'] == 'Span' and 'w-term' in classes(item) else None)


def classes(item):
    return item['c'][0][1]


def get(item, key, default=''):
    return next((v for k, v in item['c'][0][2] if k == key), default)


def pandoc(text, source, target, *options, cwd=None):
    done = subprocess.run(['pandoc', '-f', source, '-t', target, *options], input=text.encode('utf-8'),
                          capture_output=True, cwd=cwd)
    return done.returncode, done.stdout.decode('utf-8'), done.stderr.decode('utf-8', 'replace')


# -- the chapter ---------------------------------------------------------------------------------------------------

class Prose:
    EDITION = 'print'                # what `::: {.only edition="print"}` is for

    def __init__(self, book, build, idents, instructor=False, coverage=None):
        self.book, self.build, self.idents, self.instructor = book, build, idents, instructor
        self.coverage = coverage or {}
        self.apparatus = Apparatus(book, idents)
        self.runs = runs.Runs(build)
        self.chunks = self.apparatus.chunks
        self.labels, self.errors, self.cited, self.experiments = {}, [], set(), []
        self.references = References(book.root / 'chapters' / 'references.bib')
        self.subjects, self._terms, self.current = [], 0, ''
        self._trees, self._exercises = {}, {}

    def begin(self, chapter, key=None):
        """What is written from here on belongs to this chapter, or to the pages called `key`."""
        self.chapter, self.current, self._terms = chapter, key or chapter.key, 0

    def subject(self, key, bold):
        """Enter a place into the subject index -> its anchor."""
        self._terms += 1
        self.subjects.append((key, f'ix:{self.current}-{self._terms}', bold))
        return self.subjects[-1][1]

    def error(self, chapter, needle, text):
        """Blame the first line of the chapter that has the needle in it."""
        line = needle if isinstance(needle, int) else next(
            (n for n, row in enumerate(chapter.lines, 1) if needle and needle in row), 1)
        self.errors.append(f'{chapter.path}:{line}: error: {text}')

    # -- reading

    def markdown(self, chapter):
        """The chapter for pandoc: [[name]] as marked code, each chunk as an empty marked block."""
        rows = [f'# {chapter.head.title} {{#ch:{chapter.slug}}}', '']
        for block in chapter.blocks:
            if hasattr(block, 'quotes'):
                rows += self.quoted(self.without_head(chapter, block))
            else:
                rows += ['', f'```{{.w-chunk n="{block.number}"}}', '```', '']
        for name in self.exercises_of(chapter):
            exercise = self.exercise(chapter, name)
            if exercise:
                rows += ['', f':::::: {{.w-text for="{name}"}}', '', *self.quoted(exercise['text']), '', '::::::', '']
        return '\n'.join(rows) + '\n'

    @staticmethod
    def without_head(chapter, docs):
        text = docs.text
        if docs.line <= chapter.head.end:
            text = '\n'.join(text.split('\n')[chapter.head.end - docs.line + 1:])
        return text

    @staticmethod
    def quoted(text):
        """[[name]] becomes `name`{.w-quote}, but not in fences and between backticks."""
        rows, fence = [], ''
        for row in text.split('\n'):
            mark = re.match(r' {0,3}(`{3,}|~{3,})', row)
            if fence:
                if mark and mark[1].startswith(fence) and not row.strip().strip(mark[1][0]):
                    fence = ''
                rows.append(row)
                continue
            if mark and not (mark[1][0] == '`' and '`' in row.strip().lstrip('`')):
                fence = mark[1]
                rows.append(row)
                continue
            row = re.sub(r'(`[^`]*`)|\[\[(.+?)\]\]',
                         lambda m: m[1] or '`' + m[2].strip() + '`{.w-quote}', row)
            rows.append(re.sub(rf'^(:::+ *\{{.*)#(?={GRADED})', r'\1#ex:', row))
        return rows

    def exercises_of(self, chapter):
        return [m[1] for row in chapter.lines
                if (m := re.match(r':::+ *\{.*\.exercise\b.*#(\d[\w-]+)', row) or
                    re.match(r':::+ *\{.*#(\d[\w-]+).*\.exercise\b', row))]

    def exercise(self, chapter, name):
        if name not in self._exercises:
            path = self.book.root / 'exercises' / name / 'text.md'
            if not path.is_file():
                self.error(chapter, '#' + name, f'exercise {name} has no text: write exercises/{name}/text.md')
                self._exercises[name] = None
                return None
            text = path.read_text(encoding='utf-8')
            match = re.match(r'---\n(.*?)\n---\n', text, re.S)
            found = dict(re.findall(r'^(\w+): *(.*?) *$', match[1], re.M)) if match else {}
            found['text'] = text[match.end():] if match else text
            self._exercises[name] = found
        return self._exercises[name]

    def read(self, chapter):
        if chapter.key in self._trees:
            return self._trees[chapter.key]
        text = self.markdown(chapter)
        digest = hashlib.sha256(text.encode()).hexdigest()
        cache = self.build / 'weave' / f'{chapter.key}.json'
        try:
            saved = json.loads(cache.read_text(encoding='utf-8'))
            if saved['digest'] == digest:
                self._trees[chapter.key] = saved['blocks']
                return saved['blocks']
        except (OSError, ValueError, KeyError):
            pass
        status, output, complaints = pandoc(text, READER, 'json')
        if status or complaints.strip():
            self.error(chapter, 1, 'pandoc: ' + ' '.join(complaints.split()))
            if status:
                self._trees[chapter.key] = []
                return []
        blocks = json.loads(output)['blocks']
        if not complaints.strip():
            cache.parent.mkdir(parents=True, exist_ok=True)
            cache.write_text(json.dumps({'digest': digest, 'blocks': blocks}), encoding='utf-8')
        self._trees[chapter.key] = blocks
        return blocks

    # -- numbers of everything that can be referred to

    def survey(self):
        counts = {}
        for chapter in self.book.chapters:
            count = counts.setdefault(chapter.number, {'sec': 0, 'fig': 0, 'tab': 0, 'ex': 0})
            graded = [int(m[1]) for name in self.exercises_of(chapter) if (m := re.match(GRADED, name))]
            count['ex'] = max(graded, default=0)          # each part of a chapter counts its own: 13a.1, 13b.1
            self._numbers(chapter, count)
        for draft in self.book.drafts:
            self.labels[f'ch:{draft.slug}'] = Label('ch', f'{draft.number}{draft.part}', draft.head.title, draft)
        return self.labels

    def _numbers(self, chapter, count):
        """Write numbers and ids into the tree as read, and the labels into the table."""
        def label(identifier, kind, number, title):
            if identifier in self.labels:
                self.error(chapter, identifier, f'the label #{identifier} stands twice in the book; rename one')
            self.labels[identifier] = Label(kind, number, title, chapter)

        def visit(item):
            if isinstance(item, list):
                for sub in item:
                    visit(sub)
                return
            if not isinstance(item, dict) or 'c' not in item:
                return
            kind, content = item['t'], item['c']
            if kind == 'Header':
                self._header(chapter, item, count, label)
            elif kind == 'Table':
                self._table(chapter, item, count, label)
                return
            elif kind == 'Image' and content[2][1].startswith('fig:'):
                count['fig'] += 1
                number = f'{chapter.number}.{count["fig"]}'
                content[0][2].append(['number', number])
                if content[0][0]:
                    label(content[0][0], 'fig', number, plain(content[1]))
                return
            elif kind == 'Div' and 'exercise' in classes(item):
                self._exercise_number(chapter, item, count, label)
            elif kind == 'Div' and content[0][0] and not content[0][0].startswith('ex:'):
                kinds = {'question': 'Question', 'erratum': 'Erratum'}
                for name in classes(item):
                    if name in kinds:
                        label(content[0][0], name, content[0][0], '')
            visit(content)
        visit(self.read(chapter))

    def _header(self, chapter, item, count, label):
        level, attributes, inlines = item['c']
        if attributes[0].startswith('ch:'):
            number = f'{chapter.number}{chapter.part}'
            attributes[2] += [['number', number]]
            label(attributes[0], 'ch', number, plain(inlines))
            return
        if level == 1:
            self.error(chapter, '# ' + plain(inlines), 'a chapter has one title, in its head; begin sections with ##')
            item['c'][0] = 2
        elif level == 2 and 'unnumbered' not in attributes[1]:
            count['sec'] += 1
            attributes[2] += [['number', f'{chapter.number}.{count["sec"]}']]
        if not attributes[0].startswith('sec:'):
            attributes[0] = f'sec:{chapter.key}-{attributes[0]}'
            if attributes[0] in self.labels:
                attributes[0] += f'-{len(self.labels)}'
        number = get({'c': [attributes]}, 'number')
        label(attributes[0], 'sec', number, plain(inlines))

    def _table(self, chapter, item, count, label):
        caption = item['c'][1][1]
        if not caption:
            return
        inlines = caption[-1]['c']
        match = re.fullmatch(r'\{#(tab:[\w-]+)\}', inlines[-1].get('c') or '') if inlines[-1]['t'] == 'Str' else None
        if match:
            del inlines[-1]
            while inlines and inlines[-1]['t'] in ('Space', 'SoftBreak'):
                del inlines[-1]
        count['tab'] += 1
        number = f'{chapter.number}.{count["tab"]}'
        item['c'][0] = [match[1] if match else '', ['w-numbered'], [['number', number]]]
        if match:
            label(match[1], 'tab', number, plain(inlines))

    def _exercise_number(self, chapter, item, count, label):
        attributes = item['c'][0]
        match = re.match('ex:' + GRADED, attributes[0])
        if match:
            number = f'{chapter.number}{chapter.part}.{int(match[1])}'
        else:
            count['ex'] += 1
            number = f'{chapter.number}{chapter.part}.{count["ex"]}'
            attributes[0] = attributes[0] or f'ex:{chapter.key}-{count["ex"]}'
        attributes[2].append(['number', number])
        label(attributes[0], 'ex', number, '')

    # -- filling in

    def fill(self, chapter):
        """The chapter's tree, ready for any edition."""
        blocks = json.loads(json.dumps(self.read(chapter)))
        texts = {get(b, 'for'): b['c'][1] for b in blocks if b['t'] == 'Div' and 'w-text' in classes(b)}
        blocks = [b for b in blocks if not (b['t'] == 'Div' and 'w-text' in classes(b))]
        blocks = self.insert_exercises(chapter, blocks, texts)
        blocks = walk(blocks, lambda item: self.change(chapter, item))
        return self.opening(chapter, blocks) + self.claims(chapter)

    def front(self, path):
        """The pages before the first chapter: plain Markdown, in which a chunk may be shown as a specimen."""
        matter = Front(path, self.book)
        self.chapter = matter
        status, output, complaints = pandoc('\n'.join(self.quoted('\n'.join(matter.lines))), READER, 'json')
        if status or complaints.strip():
            self.error(matter, 1, 'pandoc: ' + ' '.join(complaints.split()))
            return []
        return walk(json.loads(output)['blocks'], lambda item: self.change(matter, item))

    def specimen(self, name):
        """The chunk to show: of several definitions the last one that replaces, since it has most to show."""
        found = [d for d in self.book.named(name) if not d.chapter.draft]
        best = [d for d in found if d.modifier == 'replace'] or found
        if not best:
            self.error(self.chapter, name, f'no chunk is called <<{name}>>; choose another specimen')
        return self.chunks[best[-1].number] if best else next(iter(self.chunks.values()))

    def bibliography(self):
        """[(key, label, inlines)] of what the chapters cite."""
        keys = self.references.order(self.cited)
        _, output, _ = pandoc('\n\n'.join(map(self.references.markdown, keys)), READER, 'json')
        return [(key, self.references.labels[key], block['c']) for key, block in zip(keys, json.loads(output)['blocks'])]

    def opening(self, chapter, blocks):
        if blocks and blocks[0]['t'] == 'Header':
            blocks[0]['c'][1][2].append(['summary', chapter.head.summary])
        borrowed = [(path, lender) for path in chapter.head.borrow
                    if (lender := self.apparatus.state(chapter).borrowed.get(path))]
        if borrowed:
            notes = []
            for path, lender in borrowed:
                name, target = f'chapter {lender.number}{lender.part}', anchor(self.book.first(path))
                link = node('Link', attr(classes=['w-ref']), words(name), ['#' + target, '']) if target else node('Str', name)
                notes.append(node('Plain', [node('Span', attr(classes=['w-loan'], path=path, lender=name, target=target),
                                                 [node('Code', attr(), path), node('Str', ','), node('Space'), link])]))
            blocks[1:1] = [node('Div', attr(classes=['w-borrowed']), notes)]
        return blocks

    def claims(self, chapter):
        rows = [(row, '') for row in chapter.head.proves] + list(chapter.head.explains.items())
        found = []
        for row, key in rows:
            feature = self.coverage.get(row)
            if feature is None:
                self.error(chapter, row, f'{row} is no row of tests/coverage.tsv; correct it in the head')
                continue
            found.append(node('Plain', [node('Str', row), node('Str', str(key)), *words(feature)]))
        return [node('Div', attr(classes=['w-claims'], key=chapter.key), found)] if found else []

    def insert_exercises(self, chapter, blocks, texts):
        def change(item):
            if item['t'] == 'Div' and 'exercise' in classes(item):
                name = item['c'][0][0][3:]
                meta = self._exercises.get(name) or {}
                for key in ('title', 'stars', 'points'):
                    if key in meta:
                        item['c'][0][2].append([key, meta[key]])
                item['c'][1] = texts.get(name, []) + item['c'][1]
                if self.instructor and name in texts:
                    item['c'][1] += self.solution(name)
            return None
        return walk(blocks, change)

    def solution(self, name):
        """The reference solution, prose and code, for the instructor's edition."""
        path = self.book.root / 'exercises' / name / 'solution.nw'
        if not path.is_file():
            return []
        overlay = self.book.overlay(path)
        found = []
        for block in overlay.blocks:
            if hasattr(block, 'quotes'):
                text = '\n'.join(self.quoted(self.without_head(overlay, block)))
                status, output, _ = pandoc(text, READER, 'json')
                found += json.loads(output)['blocks'] if not status else []
            else:
                code = '\n'.join([f'<<{block.title}>>=', *block.lines])
                found.append(node('CodeBlock', attr(classes=['w-solution-code']), code))
        return [node('Div', attr(classes=['solution']), found)]

    def change(self, chapter, item):
        method = getattr(self, 'on_' + item['t'].lower(), None)
        return method(chapter, item) if method else None

    def on_rawblock(self, chapter, item):
        return self.raw(chapter, item)

    def on_rawinline(self, chapter, item):
        return self.raw(chapter, item)

    def raw(self, chapter, item):
        form, text = item['c']
        if not (form == 'html' and text.lstrip().startswith('<!--')):
            self.error(chapter, text.strip().split('\n')[0], f'raw {form} prints in one edition only; say it in Markdown')
        return []

    def on_code(self, chapter, item):
        if 'w-quote' in classes(item):
            return self.quote(chapter, item['c'][1])
        if 'run' in classes(item):
            return self.inline_run(chapter, item['c'][1])
        return None

    def quote(self, chapter, name):
        """[[name]]: a chunk, a file, an identifier."""
        found = self.idents.resolve(name, self.apparatus.state(chapter))
        code = node('Code', attr(), name)
        if not found:
            self.error(chapter, f'[[{name}]]', f'[[{name}]] is no chunk, file or identifier of the book; '
                       f'correct it, or write `{name}` if it is not ours')
            return code
        ident, found = (found, found.definition) if hasattr(found, 'definition') else (None, found)
        if found.chapter.draft:          # nowhere to go yet
            return code if found.is_root or found.name != name else node('Emph', words(f'⟨{name}⟩'))
        if ident:
            return node('Link', attr(classes=['w-name'], ident=ident.name), [code], ['#' + anchor(found), ''])
        if found.name == name and not found.is_root:
            return node('Link', attr(classes=['w-chunkname'], n=found.number), words(name), ['#' + anchor(found), ''])
        return node('Link', attr(classes=['w-name']), [code], ['#' + anchor(found), ''])

    def inline_run(self, chapter, text):
        match = re.fullmatch(r'([\w-]+):/(.*)/', text)
        if not match:
            self.error(chapter, text, f'`{text}` is no run: write `name:/regular expression with one (group)/`{{.run}}')
            return node('Str', '?')
        try:
            return words(self.runs.number(chapter, match[1], match[2]))
        except runs.Missing as missing:
            self.error(chapter, text, str(missing))
            return node('Str', '?')

    def on_codeblock(self, chapter, item):
        if 'run' not in classes(item):
            return None
        name = get(item, 'name')
        try:
            rows = self.runs.part(chapter, name, get(item, 'from'), get(item, 'to'), get(item, 'first'), get(item, 'n'))
        except runs.Missing as missing:
            self.error(chapter, self.fence(item), str(missing))
            return node('Para', [node('Emph', words(f'Here stands a part of the run {name}.'))])
        number = len(self.experiments) + 1
        self.experiments.append((chapter, name, f'run:{chapter.key}-{number}'))
        return node('CodeBlock', attr(f'run:{chapter.key}-{number}', ['w-run'], name=name,
                                      head=self.runs.command(chapter, name)), '\n'.join(rows))

    @staticmethod
    def fence(item):
        for key in ('from', 'first', 'to'):
            if get(item, key):
                return f'{key}="{get(item, key)}"'
        return f'name={get(item, "name")}'

    def on_para(self, chapter, item):
        """A paragraph that is one image is a figure."""
        content = item['c']
        if len(content) != 1 or content[0]['t'] != 'Image' or not content[0]['c'][2][1].startswith('fig:'):
            return None
        attributes, caption, (src, _) = content[0]['c']
        pairs = dict(attributes[2])
        if not pairs.get('alt'):
            self.error(chapter, src, f'figure {src} has no alternative text: add {{alt="what the picture shows"}}')
        return node('Div', [attributes[0], ['w-figure'] + attributes[1],
                            [['src', src], ['alt', pairs.get('alt', '')], ['number', pairs.get('number', '')]]],
                    [node('Plain', caption)])

    def on_image(self, chapter, item):
        if not item['c'][2][1].startswith('fig:'):
            self.error(chapter, item['c'][2][0], 'an image stands in a paragraph of its own, with a caption')
        return None

    def on_table(self, chapter, item):
        number = get(item, 'number')
        caption, item['c'][1] = item['c'][1][1], [None, []]
        identifier, item['c'][0] = item['c'][0][0], attr()
        head = [node('Div', attr(classes=['w-caption']), caption)] if caption else []
        return node('Div', attr(identifier, ['w-table'], number=number), head + [item])

    def on_link(self, chapter, item):
        attributes, inlines, (url, _) = item['c']
        if not url.startswith('#') or 'w-ref' in attributes[1]:
            return None
        label = self.labels.get(url[1:])
        if not label:
            self.error(chapter, url, f'reference to {url}, which the book does not define; correct the label')
            return None
        if not inlines:
            kind = KINDS.get(label.kind)
            text = f'{kind} {label.number}' if kind and label.number else label.title or label.number
            inlines = [node('Str', text.replace(' ', '\u00a0', 1))] if kind else words(text)
        if label.chapter.draft:
            return inlines
        return node('Link', attr(classes=['w-ref']), inlines, [url, ''])

    def on_cite(self, chapter, item):
        found = []
        for index, citation in enumerate(item['c'][0]):
            key = citation['citationId']
            if key not in self.references.labels:
                self.error(chapter, '@' + key, f'citation @{key} is not in chapters/references.bib')
                continue
            self.cited.add(key)
            if index:
                found.append(node('Str', '; '))
            if citation['citationPrefix']:
                found += citation['citationPrefix'] + [node('Space')]
            text = self.references.labels[key].replace(' ', '\u00a0')
            found.append(node('Link', attr(classes=['w-cite']), [node('Str', text)], ['#ref-' + key, '']))
            found += citation['citationSuffix']
        return [node('Str', '['), *found, node('Str', ']')] if found else []

    def on_span(self, chapter, item):
        if 'only' in classes(item):
            return self.only(chapter, item)
        if 'index' not in classes(item):
            return None
        text = plain(item['c'][1])
        bold = any(sub['t'] == 'Span' and 'w-term' in classes(sub) for sub in item['c'][1])
        return node('Span', attr(classes=['w-index'] + bold * ['w-term'], key=get(item, 'key') or text), unmarked(item['c'][1]))

    def only(self, chapter, item):
        """What one edition has and another has not."""
        editions = get(item, 'edition').split()
        if not editions or set(editions) - set(EDITIONS):
            self.error(chapter, f'edition="{get(item, "edition")}"', f'.only wants edition= with some of {", ".join(EDITIONS)}')
        return item['c'][1] if self.EDITION in editions else []

    def on_strong(self, chapter, item):
        """The first use of a term is bold, and goes into the subject index."""
        return node('Span', attr(classes=['w-index', 'w-term'], key=plain(item['c'])), [item])

    def on_div(self, chapter, item):
        known = {'aside', 'question', 'erratum', 'exercise', 'summary', 'solution', 'specimen', 'only'}
        found = known & set(classes(item))
        if not found:
            return None
        name = found.pop()
        if name == 'only':
            return self.only(chapter, item)
        if name == 'solution' and not self.instructor:
            return []
        attributes = item['c'][0]
        attributes[1] = ['w-' + name] + [c for c in attributes[1] if c != name]
        if name in ('question', 'erratum'):
            attributes[2].append(['label', attributes[0]])
        if name == 'summary':            # what is bold there was defined long before
            item['c'][1] = unmarked(item['c'][1])
        return None


class Front:
    """Text that is no chapter: what the filling-in asks of one."""

    def __init__(self, path, book):
        self.path = str(path.relative_to(book.root))
        self.lines = path.read_text(encoding='utf-8').split('\n')
        self.key, self.index, self.head = 'front', book.chapters[-1].index, Head()
