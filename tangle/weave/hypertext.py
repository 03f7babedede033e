"""The web edition and the EPUB: HTML from the tree that prose.py fills in. weft.css dresses it, weft.js makes it move.

    writer = Writer(weave, place)        place(anchor) -> 'page.html#anchor', '#anchor' on this page, or '' if nowhere
    writer.html(blocks)                  the chapter's HTML; well-formed XML, so that the EPUB can have it too
    writer.contents                      [(level, anchor, number, html of the title)] of what was written last
    chunk_html(chunk, place)             a chunk;  code_html(chunk, place)  its lines alone
    code_of(html)                        [(anchor, [line])] in a page: the inverse, for the tests
    text_of(html)                        what a reader of some HTML sees

Without a script everything can be read: what folds is <details>, what leads elsewhere is a link. Classes in code:
k c s p as in source.py, i an identifier (its definition is the link's target), u the use of a chunk.
"""

import html
import json
import re

import source
from prose import attr, classes, get, node, pandoc, plain, walk

STARS = {'1': 'easy', '2': 'harder', '3': 'long'}
COLUMNS = 80             # as many as the page has room for
CALLS = '①②③④⑤⑥⑦⑧'
TEST = re.compile(r'KTEST\w*\(\s*"([A-Z]+-\d+)"')
TYPED = re.compile(r'weft:[\w-]+> ')


def esc(text):
    return html.escape(text, quote=False)


def quoted(text):
    return html.escape(text, quote=True)


def raw(text):
    return node('RawBlock', 'html', text)


def inline(text):
    return node('RawInline', 'html', text)


def text_of(markup):
    return html.unescape(re.sub(r'<[^>]*>', '', markup))


# -- code --------------------------------------------------------------------------------------------------------

def tokens_html(tokens, place, together):
    found = []
    for name, text, where in tokens:
        if name == 'u':
            number, anchor = where
            href = place(anchor) if anchor else ''
            inside = f'⟨{esc(text.name)}' + (f' <b>{number}</b>' if number else '') + '⟩'
            more = ' '.join(n for n in together.get(text.name, ()) if n != number)
            more = f' data-more="{more}"' if more else ''
            found.append(f'<a class="u" href="{href}"{more}>{inside}</a>' if href else f'<span class="u">{inside}</span>')
            continue
        text = esc(text)
        if name in ('k', 'c', 's', 'p'):
            text = f'<span class="{name}">{text}</span>'
        elif where and (href := place(where)):
            text = f'<a class="i" href="{href}">{text}</a>'
        found.append(text)
    return ''.join(found)


def code_html(chunk, place):
    """The lines. Their numbers are counted by the style sheet, so that nobody copies them."""
    rows = []
    for line in chunk.lines:
        mark = ' new' * line.changed + ' cut' * line.removed_above
        rows.append(f'<span class="l{mark}">{tokens_html(line.tokens, place, chunk.together)}\n</span>')
    if chunk.removed_at_end:
        rows[-1] = rows[-1].replace('class="l', 'class="l cutbelow', 1)
    return ''.join(rows)


def pre_html(chunk, place):
    first = chunk.definition.line + 1
    return (f'<pre data-line="{first}" style="--n:{len(chunk.lines)}"><code style="counter-reset:l {first - 1}">'
            f'{code_html(chunk, place)}</code></pre>')


def change_html(old, new):
    """What a replacement did, line by line, for whoever asks to see it."""
    rows = []
    for sign, text in source.changes(old, new):
        kind, word = {'+': ('ins', 'added'), '-': ('del', 'removed'), ' ': ('span', '')}[sign]
        label = f' aria-label="{word}"' if word else ''
        rows.append(f'<{kind} class="l"{label}><i>{sign}</i>{esc(text)}\n</{kind}>')
    return f'<pre class="change"><code>{"".join(rows)}</code></pre>'


def title_html(chunk):
    return f'<code>{esc(chunk.name)}</code>' if chunk.is_root else f'<i>⟨{esc(chunk.name)}⟩</i>'


def path_html(path):
    return esc(path).replace('/', '/<wbr />')


def files_html(chunk):
    places = [path for path in chunk.files if path != chunk.name]
    if len(places) > 2:
        return f'{path_html(places[0])} and {len(places) - 1} more files'
    return ', '.join(map(path_html, places))


def rows_tested(chunk):
    """The rows of the coverage table that tests in this chunk prove."""
    code = '\n'.join(chunk.definition.lines)
    return list(dict.fromkeys(TEST.findall(code)))


def mark_html(row, text=''):
    """A claim's mark. The console sets data-state when the reader's own browser has run the test."""
    return f'<span class="mark" data-row="{row}">{text or row}</span>'


def ref_html(number, where, place):
    href = place(where)
    return f'<a href="{href}">{esc(number)}</a>' if href else esc(number)


def foot_html(notes, place):
    found = []
    for note in notes:
        text, extra = note.text if isinstance(note.text, tuple) else (note.text, '')
        places = ', '.join(ref_html(number, where, place) for number, where in note.targets)
        found.append((f'{text} {places}' if places else text) + (f'; {extra}' if extra else ''))
    return '. '.join(found) + '.' if found else ''


def margin_html(chunk, place, mini, call=''):
    """What stands beside a chunk: promises, and names with the chunk that defines them."""
    rows = []
    for note in chunk.margin:
        _, name = note.text
        number, where = note.targets[0]
        rows.append(f'<li class="promise"><i>⟨{esc(name)}⟩</i> is kept in {ref_html(number, where, place)}.</li>')
    for name, where in mini:
        rows.append(f'<li><a href="{place(where)}"><code>{esc(name)}</code> <b>{where[3:]}</b></a></li>')
    return f'<ul class="mini">{call and f"<li>{call}</li>"}{"".join(rows)}</ul>' if rows else ''


def chunk_html(chunk, place, mini=(), specimen=False):
    def call(n):
        return f'<span class="call">{CALLS[n - 1]}</span>' if specimen else ''
    sign = {'+': '+≡', 'delete': 'is taken away', 'show': ''}.get(chunk.modifier, '≡')
    identity = '' if specimen else f' id="{chunk.anchor}"'
    number = f'<a class="no" href="{place(chunk.anchor)}">{chunk.number}</a>'
    out = [margin_html(chunk, place, mini, call(7)),
           f'<div class="chunk"{identity} data-n="{chunk.number}">',
           f'<div class="head">{call(1)}{number} <span class="name">{title_html(chunk)} {sign}</span>{call(2)}'
           f'<span class="file">{files_html(chunk)}</span>{call(3)}</div>']
    if chunk.lines:
        out.append(pre_html(chunk, place))
    foot = foot_html(chunk.foot, place)
    marks = ' '.join(mark_html(row) for row in rows_tested(chunk))
    foot += call(6)
    if marks:
        foot += f' <span class="marks">proves {marks}</span>'
    if foot:
        out.append(f'<div class="foot">{foot}</div>')
    out += changes_html(chunk)
    return ''.join(out) + '</div>'


def changes_html(chunk):
    definition, by = chunk.definition, chunk.definition.replaced_by
    found = []
    if definition.modifier == 'replace' and chunk.changes:
        found.append(('What it changes', [line for d in definition.replaces for line in d.lines], definition.lines))
    if by and by.modifier == 'replace' and by.replaces[:1] == [definition]:
        found.append((f'What {by.number} makes of it', [line for d in by.replaces for line in d.lines], by.lines))
    return [f'<details class="changes"><summary>{title}</summary>{change_html(old, new)}</details>'
            for title, old, new in found]


def code_of(page):
    """Read the code back from a page: what its reader sees, as text."""
    found = []
    heads = list(re.finditer(r'<div class="chunk" id="(ck:[^"]*)"', page))
    for match, after in zip(heads, [*heads[1:], None]):
        body = re.compile(r'<pre data-line="(\d+)"[^>]*><code[^>]*>(.*?)</code></pre>', re.S).search(
            page, match.start(), after.start() if after else len(page))
        if not body:                   # one that is taken away has no code
            found.append((match[1], 0, []))
            continue
        rows = re.findall(r'<span class="l[^"]*">(.*?)\n</span>', body[2], re.S)
        use = re.compile(r'<(a|span) class="u"[^>]*>⟨(.*?)(?: <b>[\d.]*</b>)?⟩</\1>')
        found.append((match[1], int(body[1]), [text_of(use.sub(r'&lt;&lt;\2&gt;&gt;', row)) for row in rows]))
    return found


# -- the tree ------------------------------------------------------------------------------------------------------

class Writer:
    def __init__(self, weave, place):
        self.weave, self.place = weave, place
        self.contents, self._met = [], set()

    def html(self, blocks):
        self.contents, self._met = [], set()
        document = {'pandoc-api-version': [1, 22, 1], 'meta': {}, 'blocks': walk(blocks, self.change)}
        status, output, complaints = pandoc(json.dumps(document), 'json', 'html5', '--wrap=none', '--mathml',
                                            '--no-highlight', '--email-obfuscation=none')
        if status:
            raise RuntimeError(complaints)
        self.contents = [(int(m[1]), m[2], m[3] or '', m[4]) for m in re.finditer(
            r'<h([123]) id="([^"]*)"[^>]*>(?:<a class="no"[^>]*>(.*?)</a> )?(.*?)</h\1>', output)]
        return output

    def change(self, item):
        method = getattr(self, 'on_' + item['t'].lower(), None)
        return method(item) if method else None

    def on_header(self, item):
        level, (identifier, _, pairs), inlines = item['c']
        pairs = dict(pairs)
        number = pairs.get('number', '')
        if level == 1 and not identifier.startswith('ch:'):
            return node('Plain', [inline(f'<div class="opening"><h1 id="{identifier}">'), *inlines, inline('</h1></div>')])
        if level < 3:
            self._met = set()             # the margin begins anew with each section
        if identifier.startswith('ch:'):
            summary = f'<p class="summary">{esc(pairs.get("summary", ""))}</p>' if pairs.get('summary') else ''
            return node('Plain', [inline(f'<div class="opening"><p class="number">{number}</p><h1 id="{identifier}">'),
                                  *inlines, inline(f'</h1>{summary}</div>')])
        sign = f'<a class="no" href="#{identifier}">{number}</a> ' if number else ''
        return node('Plain', [inline(f'<h{level} id="{identifier}">{sign}'), *inlines, inline(f'</h{level}>')])

    def on_code(self, item):
        return inline(f'<code>{"<wbr />".join(esc(piece) for piece in source.pieces(item["c"][1]))}</code>')

    def on_codeblock(self, item):
        names = classes(item)
        if 'w-chunk' in names:
            return raw(self.chunk(self.weave.chunks[get(item, 'n')]))
        if 'w-run' in names:
            return raw(self.run(item))
        rows = [re.sub(r'^\$ (.*)', r'$ <b>\1</b>', esc(row)) for row in item['c'][1].split('\n')]
        return raw('<pre class="listing"><code>' + '\n'.join(rows) + '\n</code></pre>')

    def chunk(self, chunk):
        """The margin names what this section has not named yet and does not define itself."""
        mini = [entry for entry in chunk.mini if entry not in self._met and self.place(entry[1])]
        self._met.update(mini)
        self._met.update((name, chunk.anchor) for name in chunk.defines)
        return chunk_html(chunk, self.place, mini)

    def run(self, item):
        identifier, text = item['c'][0][0], item['c'][1]
        rows = []
        for row in text.split('\n'):
            typed = TYPED.match(row)
            said = esc(row[:typed.end()]) + f'<b>{esc(row[typed.end():])}</b>' if typed else esc(row)
            rows.append(f'<span class="long">{said}</span>' if len(row) > COLUMNS else said)
        return (f'<div class="run" id="{identifier}" data-run="{quoted(get(item, "name"))}"><p class="command"><a href="#{identifier}" '
                f'aria-label="This run">▶</a> <code>{esc(get(item, "head"))}</code></p><pre><code>' + '\n'.join(rows)
                + '\n</code></pre></div>')

    def on_link(self, item):
        (_, names, pairs), inlines, (url, _) = item['c']
        if not url.startswith('#'):
            return None
        href = self.place(url[1:])
        if not href:
            return [*inlines]
        pairs = dict(pairs)
        if 'w-chunkname' in names:
            return [inline(f'<a class="cn" href="{href}"><i>⟨'), *inlines, inline(f'</i> <b>{pairs.get("n", "")}</b>⟩</a>')]
        kind = {'w-name': 'i', 'w-cite': 'cite'}.get(next(iter(names), ''), 'ref')
        which = f' data-i="{quoted(pairs["ident"])}"' if pairs.get('ident') else ''
        if kind == 'cite':
            cited = re.sub(r'[*<>]', '', self.weave.references.markdown(url[5:]))
            which = f' title="{quoted(cited)}"'
        return [inline(f'<a class="{kind}" href="{href}"{which}>'), *inlines, inline('</a>')]

    def on_span(self, item):
        names = classes(item)
        if 'w-index' not in names:
            return None
        where = self.weave.subject(get(item, 'key'), 'w-term' in names)
        tag = 'dfn' if 'w-term' in names else 'span'
        return [inline(f'<{tag} id="{where}">'), *(sub for sub in item['c'][1]), inline(f'</{tag}>')]

    def on_div(self, item):
        for name in classes(item):
            method = getattr(self, 'div_' + name[2:].replace('-', '_'), None) if name.startswith('w-') else None
            if method:
                return method(item)
        return item['c'][1]

    def div_aside(self, item):
        return [raw('<aside class="aside" role="note">'), *item['c'][1], raw('</aside>')]

    def div_borrowed(self, item):
        found, last = [], None
        for row in item['c'][1]:
            path, lender, where = (get(row['c'][0], key) for key in ('path', 'lender', 'target'))
            if lender != last:
                found.append(f'<li class="promise">{"Borrowed for this chapter’s kernel and" if last is None else "also"} explained in '
                             f'{esc(lender).replace(" ", " ")}{":" if where else ", still to come:"}</li>')
            last = lender
            code = f'<code>{path_html(path)}</code>'
            found.append(f'<li><a href="{self.place(where)}">{code} <b>{where[3:]}</b></a></li>' if where else f'<li>{code}</li>')
        return raw(f'<ul class="mini borrowed">{"".join(found)}</ul>')

    @staticmethod
    def run_in(blocks, *prefix):
        """Begin the first paragraph of some blocks with a few words of our own."""
        if blocks and blocks[0]['t'] in ('Para', 'Plain'):
            return [node('Para', [*prefix, *blocks[0]['c']]), *blocks[1:]]
        return [node('Para', list(prefix)), *blocks]

    def two_parts(self, item, name, before, middle):
        """A question with its answer, an error with its correction: the first paragraph and the rest."""
        identifier, blocks = item['c'][0][0], item['c'][1]
        head = f'<a class="no" href="#{identifier}">{esc(get(item, "label"))}</a> {before}'
        first = node('Para', [inline(head), node('Emph', blocks[0]['c'] if blocks and 'c' in blocks[0] else [])])
        rest = self.run_in(blocks[1:], inline(middle)) if middle else blocks[1:]
        return [raw(f'<div class="{name}" id="{identifier}">'), first, *rest, raw('</div>')]

    def div_question(self, item):
        return self.two_parts(item, 'question', '', '')

    def div_erratum(self, item):
        return self.two_parts(item, 'erratum', '<small>Often said:</small> ', '<small>What is so:</small> ')

    def div_exercise(self, item):
        stars, points = get(item, 'stars', '1'), get(item, 'points', '0')
        identifier = item['c'][0][0]
        graded = re.match(r'ex:(\d\d(?:-[a-z])?-\d+)-', identifier)
        title = f'<strong>{esc(get(item, "title"))}</strong> ' if get(item, 'title') else ''
        note = f' <small>make exercise EX={graded[1]}, {points} points</small>' if graded else ''
        head = (f'<a class="no" href="#{identifier}">{get(item, "number")}</a> {title}<span class="stars" role="img" '
                f'aria-label="{stars} of 3 stars: {STARS.get(stars, "")}">{"★" * int(stars)}</span>{note} ')
        return [raw(f'<div class="exercise" id="{identifier}">'), *self.run_in(item['c'][1], inline(head)), raw('</div>')]

    def div_solution(self, item):
        return [raw('<div class="solution">'), *self.run_in(item['c'][1], inline('<small>Solution</small> ')), raw('</div>')]

    def div_summary(self, item):
        where = f'sec:{self.weave.current}-summary-page'
        return [raw(f'<div class="summary"><h2 id="{where}">Summary</h2>'), *item['c'][1], raw('</div>')]

    def div_figure(self, item):
        identifier, names, pairs = item['c'][0]
        pairs = dict(pairs)
        src, width, height = self.weave.image(pairs['src'])
        number = pairs['number']
        identifier = identifier or f'fig:{number}'
        picture = (f'<img src="{src}" alt="{quoted(pairs["alt"])}" width="{width}" height="{height}"'
                   f'{self.weave.LAZY} />')
        return node('Plain', [inline(f'<figure id="{identifier}" class="picture{" wide" * ("wide" in names)}">{picture}'
                                     f'<figcaption><a class="no" href="#{identifier}">Figure {number}</a> '),
                              *item['c'][1][0]['c'], inline('</figcaption></figure>')])

    def div_table(self, item):
        identifier, blocks = item['c'][0][0], item['c'][1]
        number = get(item, 'number')
        found = []
        if len(blocks) > 1:
            caption = blocks[0]['c'][1] if blocks[0]['t'] == 'Div' else [blocks[0]]
            identifier = identifier or f'tab:{number}'
            inlines = [sub for block in caption for sub in block['c']]
            found = [node('Plain', [inline(f'<figcaption><a class="no" href="#{identifier}">Table {number}</a> '), *inlines,
                                    inline('</figcaption>')])]
        opening = f'<figure class="table"{identifier and f" id={chr(34)}{identifier}{chr(34)}"}>'
        return [raw(opening), *found, raw('<div class="scroll">'), blocks[-1], raw('</div></figure>')]

    def div_caption(self, item):
        return None

    def div_specimen(self, item):
        """A chunk of the book shown once more, with numbered marks that the list below it explains."""
        chunk = self.weave.specimen(get(item, 'chunk'))
        mini = [entry for entry in chunk.mini if self.place(entry[1])]
        return [raw(f'<div class="specimen">{chunk_html(chunk, self.place, mini, specimen=True)}</div>'),
                *self.calls(item['c'][1])]

    @staticmethod
    def calls(blocks):
        found = []
        for block in blocks:
            if block['t'] != 'OrderedList':
                found.append(block)
                continue
            found.append(raw('<ol class="calls">'))
            for number, entry in enumerate(block['c'][1]):
                found += [raw(f'<li><span class="call" aria-hidden="true">{CALLS[number]}</span> '), *entry, raw('</li>')]
            found.append(raw('</ol>'))
        return found

    def div_claims(self, item):
        """The rows of the coverage table: those that this checkpoint proves, with a mark, and those left to later ones."""
        rows = [(row['c'][0]['c'], row['c'][1]['c'], plain(row['c'][2:])) for row in item['c'][1]]
        here = [row for row in rows if not row[1]]
        later = [row for row in rows if row[1]]
        where = f'sec:{get(item, "key")}-claims'
        out = [f'<div class="claims"><h2 id="{where}">Where the claims are proven</h2>']
        for title, found in (('by this chapter’s kernel', here), ('by the kernel of the chapter named', later)):
            if not found:
                continue
            out.append(f'<table><caption>{title}</caption><thead><tr><th scope="col">Row</th><th scope="col">Claim</th>'
                       f'<th scope="col">{"Proof" if found is here else "Chapter"}</th></tr></thead><tbody>')
            for name, key, feature in found:
                proof = key.lstrip('0') if key else self.proof(name)
                out.append(f'<tr id="row:{name}-{get(item, "key")}"><th scope="row">{name}</th><td>{esc(feature)}</td><td>{proof}</td></tr>')
            out.append('</tbody></table>')
        return raw(''.join(out) + '</div>')

    def proof(self, row):
        """The mark of a row, and where its test stands."""
        found = [chunk for chunk in self.weave.chunks.values()
                 if chunk.definition.chapter is self.weave.chapter and row in rows_tested(chunk)]
        tests = [ref_html(chunk.number, chunk.anchor, self.place) for chunk in found]
        tests += [f'<code>{path_html(path)}</code>' for path in self.weave.tested_by(row, self.weave.chapter)]
        how = 'kernel' if found else 'outside'
        return f'<span class="mark" data-row="{row}" data-how="{how}"></span> {", ".join(tests)}'
