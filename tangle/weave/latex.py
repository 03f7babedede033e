"""The printed edition: LaTeX from the tree that prose.py fills in. The macros are weftbook.cls's.

    chapter_tex(weave, chapter, blocks)  the chapter's .tex
    tab(weave, pages, ...)               JOB.tab: pages of anchors and the mini-indexes, for the next pass
    indexes(weave, pages)                the pages at the end
    code_of(tex)                         [(anchor, [line])] printed in a .tex file: the inverse of code(), for the tests
"""

import json
import re
import textwrap

import source
from prose import attr, classes, get, node, pandoc, plain, walk

SPECIAL = {'\\': r'\textbackslash{}', '{': r'\{', '}': r'\}', '$': r'\$', '&': r'\&', '#': r'\#', '_': r'\_',
           '%': r'\%', '^': r'\textasciicircum{}', '~': r'\textasciitilde{}'}
TAB = 8
COLUMNS, COMMAND = 80, 84
MINI = 23                # characters of a name that fit in the margin
WHOLE_TABLE = 24         # rows of a table that is kept on one page


def esc(text):
    return ''.join(SPECIAL.get(c, c) for c in text)


def raw(text):
    return node('RawBlock', 'latex', text)


def inline(text):
    return node('RawInline', 'latex', text)


# -- code --------------------------------------------------------------------------------------------------------

CODE = {'\\': r'\bs{}', '{': r'\{', '}': r'\}', '~': r'\tl{}', ' ': '~'}


def code(tokens, column=0):
    """One line of code. Tabs keep their width as \\wt{n}, so that the line can be read back byte for byte."""
    found = []
    for name, text, where in tokens:
        if name == 'u':
            number, place = where
            found.append(rf'\cref{{{place}}}{{{esc(text.name)}}}{{{number}}}')
            column += len(text.name) + 4
            continue
        pieces = []
        for char in text:
            if char == '\t':
                width = TAB - column % TAB
                pieces.append(rf'\wt{{{width}}}')
            else:
                width = 1
                pieces.append(CODE.get(char, char))
            column += width
        text = ''.join(pieces)
        if name in ('k', 'c', 's', 'p'):
            text = rf'\c{name}{{{text}}}'
        elif where:
            text = rf'\ci{{{where}}}{{{text}}}'
        found.append(text)
    return ''.join(found), column


def inline_code(text):
    """Code among words breaks at spaces and between the parts of paths, names and lists, never with a hyphen."""
    words = [source.pieces(word) for word in text.split(' ')]
    return r'\code{' + r'\wspace{}'.join(
        r'\wb{}'.join(rf'\mbox{{{esc(piece)}}}' for piece in pieces) for pieces in words) + '}'


def code_of(tex):
    """Read the printed code back: what the reader sees, as bytes."""
    found = []
    for match in re.finditer(r'\\wchunkhead\{ck:(.*?)\}.*?\n(.*?)\\wchunkend', tex, re.S):
        rows = [decode(m[1] or '') for m in re.finditer(r'^\\c(?:[lb]\{\d+\}\{(.*)\}|n)$', match[2], re.M)]
        found.append((match[1], rows))
    return found


def decode(text):
    text = re.sub(r'\\cref\{[^{}]*\}\{((?:[^{}]|\\[{}]|\{\})*)\}\{[^{}]*\}',
                  lambda m: '\0' + re.sub(r'\\(textbackslash|textasciicircum|textasciitilde)\{\}|\\(.)', unescape, m[1]) + '\1', text)
    text = re.sub(r'\\wt\{\d\}', '\t', text)
    # groups hold braces only escaped, so a plain brace belongs to markup
    text = re.sub(r'\\ci\{[^{}]*\}\{', '\2', text)
    text = re.sub(r'\\c[kcsp]\{', '\2', text)
    text = text.replace(r'\bs{}', '\3').replace(r'\tl{}', '\4').replace(r'\{', '\5').replace(r'\}', '\6')
    text = text.replace('~', ' ').replace('\2', '').replace('}', '')
    for mark, char in zip('\0\1\3\4\5\6', ('<<', '>>', '\\', '~', '{', '}')):
        text = text.replace(mark, char)
    return text


def unescape(match):
    return {'textbackslash': '\\', 'textasciicircum': '^', 'textasciitilde': '~'}.get(match[1], match[2])


def wrap(row):
    """A line of output that is wider than the page, in pieces, at a space if one is near; all but the first are indented."""
    pieces, width = [], COLUMNS - 2
    while len(row) > width + 2:
        at = row.rfind(' ', width - 24, width) + 1 or width
        pieces.append(row[:at])
        row, width = row[at:], COLUMNS - 4
    return pieces + [row]


def penalties(lines):
    """Where a page may break inside a chunk: not near its ends, gladly at an empty line, not before a lone brace."""
    count = len(lines)
    found = []
    for index in range(1, count):
        text = ''.join(t if isinstance(t, str) else t.name for _, t, _ in lines[index].tokens).strip()
        above = ''.join(t if isinstance(t, str) else t.name for _, t, _ in lines[index - 1].tokens).strip()
        if index < 3 or count - index < 3 or not above:
            found.append(10000)
        elif not text:
            found.append(20)
        elif text.startswith(('}', ')', '#endif')) or above.endswith(('{', '\\')):
            found.append(2000)
        else:
            found.append(120 if count > 12 else 400)
    return found


CALLS = 7                # what a specimen's numbered marks point at: number, name, file, line, bar, foot, margin


def chunk_tex(chunk, specimen=False):
    title = rf'\wroottitle{{{path_tex(chunk.name)}}}' if chunk.is_root else rf'\wchunktitle{{{esc(chunk.name)}}}'
    sign = {'+': r'\wplus', 'delete': r'\wword{is taken away}', 'show': ''}.get(chunk.modifier, r'\wequiv')
    places = [path for path in chunk.files if path != chunk.name]
    where = path_tex(places[0]) if places else ''
    if len(places) == 2:
        where += ', ' + path_tex(places[1])
    elif len(places) > 2:
        where += f' and {len(places) - 1} more files'
    call = (lambda n: rf'\wcall{{{n}}}') if specimen else (lambda n: '')
    out = [rf'\wchunkhead{{{chunk.anchor}}}{{{chunk.number}}}{{{title}{{{sign}}}{call(2)}}}{{{where}{call(3)}}}']
    if chunk.lines:
        out.append(r'\begin{wcode}')
        breaks = [None] + penalties(chunk.lines)
        bars = [line for line in chunk.lines if line.changed]
        for line, penalty in zip(chunk.lines, breaks):
            if penalty is not None:
                out.append(rf'\wbr{{{10000 if specimen else penalty}}}')
            if line.removed_above:
                out.append(r'\cdel')
            body, _ = code(line.tokens)
            mark = call(4) if line is chunk.lines[0] else call(5) if bars and line is bars[0] else ''
            out.append(mark + (rf'\c{"b" if line.changed else "l"}{{{line.number}}}{{{body}}}' if body or line.changed else r'\cn'))
        if chunk.removed_at_end:
            out.append(r'\cdel')
        out.append(r'\end{wcode}')
    foot = foot_tex(chunk.foot)
    if foot:
        out.append(rf'\wchunkfoot{{{foot}{call(6)}}}')
    out.append(r'\wchunkend')
    return '\n'.join(out)


def path_tex(path):
    return esc(path).replace('/', r'/\wb{}')


def foot_tex(notes):
    found = []
    for note in notes:
        text, extra = note.text if isinstance(note.text, tuple) else (note.text, '')
        places = ', '.join(rf'\wref{{{where}}}{{{esc(number)}}}' for number, where in note.targets)
        found.append((f'{text} {places}' if places else text) + (f'; {extra}' if extra else ''))
    return '. '.join(found) + '.' if found else ''


# -- the tree ------------------------------------------------------------------------------------------------------

class Writer:
    def __init__(self, weave):
        self.weave = weave

    def tex(self, blocks):
        blocks = walk(blocks, self.change)
        document = {'pandoc-api-version': [1, 22, 1], 'meta': {}, 'blocks': blocks}
        status, output, complaints = pandoc(json.dumps(document), 'json', 'latex', '--wrap=preserve',
                                            '--top-level-division=chapter')
        if status:
            raise RuntimeError(complaints)
        return self.floating(output)

    def change(self, item):
        method = getattr(self, 'on_' + item['t'].lower(), None)
        return method(item) if method else None

    def on_header(self, item):
        level, (identifier, names, pairs), inlines = item['c']
        pairs = dict(pairs)
        bare = esc(plain(inlines))
        if identifier.startswith('ch:'):
            number = pairs.get('number', '')
            head = rf'\wchapter{{{identifier}}}{{{number}}}{{{bare}}}{{{esc(pairs.get("summary", ""))}}}' + '{'
        elif level == 1:
            head = rf'\wplainchapter{{{identifier}}}{{{bare}}}' + '{'
        else:
            head = rf'\w{"sub" * (level - 2)}section{{{identifier}}}{{{pairs.get("number", "")}}}{{{bare}}}' + '{'
        return node('Plain', [inline(head), *inlines, inline('}')])

    def on_code(self, item):
        return inline(inline_code(item['c'][1]))

    def on_para(self, item):
        """A paragraph that goes on with a sentence after a display is not indented."""
        first = item['c'][0] if item['c'] else {}
        if first.get('t') == 'Str' and first['c'][:1].islower():
            return node('Para', [inline(r'\noindent{}'), *item['c']])
        return None

    def on_codeblock(self, item):
        names = classes(item)
        if 'w-chunk' in names:
            chunk = self.weave.chunks[get(item, 'n')]
            return raw(chunk_tex(chunk))
        if 'w-run' in names:
            return raw(self.run(item))
        return raw(self.listing(item))

    def rows(self, text, typed=None):
        out = []
        for row in text.split('\n'):
            row = row.expandtabs(8)
            pieces = wrap(row)
            for index, piece in enumerate(pieces):
                more = r'\rwrap{}' if index + 1 < len(pieces) else ''
                lead = '~~' if index else ''
                piece = ''.join(CODE.get(c, c) for c in piece)
                if typed and (match := re.match(typed, piece)):
                    piece = piece[:match.end()] + r'\rtyped{' + piece[match.end():] + '}'
                out.append(rf'\rl{{{lead}{piece}{more}}}')
        return out

    def run(self, item):
        identifier, text = item['c'][0][0], item['c'][1]
        rows = self.rows(text, typed=r'weft:[\w-]+>~')
        first, *more = textwrap.wrap(get(item, 'head'), COMMAND, break_on_hyphens=False) or ['']
        out = [rf'\wrunhead{{{identifier}}}{{{esc(first)}}}', *(rf'\wrunmore{{{esc(row)}}}' for row in more),
               r'\wruntext', r'\begin{wcode}']
        for index, row in enumerate(rows):
            if index:
                out.append(rf'\wbr{{{10000 if index < 3 or len(rows) - index < 3 else 100}}}')
            out.append(row)
        return '\n'.join(out + [r'\end{wcode}', r'\wrunend'])

    def listing(self, item):
        rows = self.rows(item['c'][1], typed=r'\$~')
        out = [r'\wlisting', r'\begin{wcode}']
        for index, row in enumerate(rows):
            if index:
                out.append(rf'\wbr{{{10000 if index < 3 or len(rows) - index < 3 else 100}}}')
            out.append(row.replace(r'\rl{', r'\rp{', 1))
        return '\n'.join(out + [r'\end{wcode}', r'\wlistingend'])

    def on_link(self, item):
        (_, names, pairs), inlines, (url, _) = item['c']
        if not url.startswith('#'):
            return [*inlines, node('Note', [node('Plain', [inline(rf'\wurl{{{esc(url)}}}')])])] \
                if plain(inlines) != url else inline(rf'\wurl{{{esc(url)}}}')
        where = url[1:]
        if 'w-ref' in names:
            return [inline(rf'\wref{{{where}}}{{'), *inlines, inline('}')]
        if 'w-chunkname' in names:
            number = dict(pairs).get('n', '')
            return [inline(rf'\wchunkref{{{where}}}{{{number}}}{{'), *inlines, inline('}')]
        return [inline(rf'\wlink{{{where}}}{{'), *inlines, inline('}')]

    def on_span(self, item):
        names = classes(item)
        if 'w-index' not in names:
            return None
        return [inline(rf'\wmark{{{self.weave.subject(get(item, "key"), "w-term" in names)}}}'), *item['c'][1]]

    def on_div(self, item):
        names = classes(item)
        for name in names:
            method = getattr(self, 'div_' + name[2:].replace('-', '_'), None) if name.startswith('w-') else None
            if method:
                return method(item)
        return item['c'][1]

    def inlines_of(self, blocks):
        """The paragraphs of a small block, for a macro's argument."""
        found = []
        for index, block in enumerate(blocks):
            if index:
                found.append(inline(r'\par '))
            found += block['c'] if block['t'] in ('Para', 'Plain') else [inline('')]
        return found

    def div_aside(self, item):
        self.weave.asides += 1
        name = f'aside:{self.weave.current}-{self.weave.asides}'
        return node('Plain', [inline(rf'\waside{{{name}}}{{'), *self.inlines_of(item['c'][1]), inline('}')])

    def div_borrowed(self, item):
        found, last = [inline(r'\wborrowed{')], None
        for row in item['c'][1]:
            path, lender, where = (get(row['c'][0], key) for key in ('path', 'lender', 'target'))
            if lender != last:
                found.append(inline(('and' if last is None else 'also') + f' explained in {lender.replace(" ", "~")}'
                                    + (':' if where else ', still to come:') + '\\par '))
            last = lender
            found.append(inline(mini(where, path, r'\wpg{%s}' % where)))
        return node('Plain', found + [inline('}')])

    @staticmethod
    def run_in(blocks, *prefix):
        """Begin the first paragraph of some blocks with a few words of our own."""
        if blocks and blocks[0]['t'] in ('Para', 'Plain'):
            return [node('Para', [*prefix, *blocks[0]['c']]), *blocks[1:]]
        return [node('Para', list(prefix)), *blocks]

    def two_parts(self, item, head, middle):
        """A question with its answer, an error with its correction: the first paragraph and the rest."""
        blocks = item['c'][1]
        first = node('Para', [inline(rf'\{head}{{{item["c"][0][0]}}}{{{esc(get(item, "label"))}}}'),
                              node('Emph', blocks[0]['c'] if blocks and 'c' in blocks[0] else [])])
        return [raw(r'\wblock'), first, *self.run_in(blocks[1:], inline(middle + '{}')), raw(r'\wblockend')]

    def div_question(self, item):
        return self.two_parts(item, 'wquestion', r'\wanswer')

    def div_erratum(self, item):
        return self.two_parts(item, 'werratum', r'\wwhatisso')

    def div_exercise(self, item):
        stars, points = get(item, 'stars', '1'), get(item, 'points', '0')
        identifier = item['c'][0][0]
        graded = re.match(r'ex:(\d\d(?:-[a-z])?-\d+)-', identifier)
        title = rf'\wextitle{{{esc(get(item, "title"))}}}' if get(item, 'title') else ''
        note = rf'\wgraded{{{graded[1]}}}{{{points}}}' if graded else r'\enskip '
        head = rf'\wexercise{{{identifier}}}{{{get(item, "number")}}}{{{title}\wstars{{{stars}}}{note}}}'
        return [raw(r'\wblock'), *self.run_in(item['c'][1], inline(head)), raw(r'\wblockend')]

    def div_solution(self, item):
        return [raw(r'\wsolution'), *self.run_in(item['c'][1], inline(r'\wsolutionhead{}'))]

    def div_summary(self, item):
        return [raw(r'\wsummaryhead'), *item['c'][1]]

    def div_figure(self, item):
        identifier, names, pairs = item['c'][0]
        pairs = dict(pairs)
        path = self.weave.figure(pairs['src'])
        wide = 'wide' if 'wide' in names else ''
        caption = item['c'][1][0]['c']
        number = pairs['number']
        return node('Plain', [inline(rf'\wfigure{wide}{{{identifier or "fig:" + number}}}{{{number}}}{{{path}}}'
                                     rf'{{{esc(pairs["alt"])}}}' + '{'), *caption, inline('}')])

    def div_specimen(self, item):
        """A chunk of the book printed once more, with numbered marks that the list below it explains."""
        chunk = self.weave.specimen(get(item, 'chunk'))
        return [raw('\n'.join([rf'\begin{{wspecimen}}{{{chunk.anchor}}}{{{chunk.number}}}', chunk_tex(chunk, specimen=True),
                               r'\end{wspecimen}'])), *self.calls(item['c'][1])]

    @staticmethod
    def calls(blocks):
        found = []
        for block in blocks:
            if block['t'] != 'OrderedList':
                found.append(block)
                continue
            found.append(raw(r'\begin{wcalls}'))
            for number, entry in enumerate(block['c'][1], 1):
                found += [raw(rf'\wcallitem{{{number}}}'), *entry]
            found.append(raw(r'\end{wcalls}'))
        return found

    def div_table(self, item):
        identifier, blocks = item['c'][0][0], item['c'][1]
        number = get(item, 'number')
        found = [raw(rf'\begin{{wtable}}')]
        if len(blocks) > 1:
            caption = self.inlines_of(blocks[0]['c'][1]) if blocks[0]['t'] == 'Div' else blocks[0]['c']
            found.append(node('Plain', [inline(rf'\wtablecaption{{{identifier or "tab:" + number}}}{{{number}}}' + '{'),
                                        *caption, inline('}')]))
        return found + [blocks[-1], raw(r'\end{wtable}')]

    @staticmethod
    def floating(tex):
        """pandoc makes every table a longtable, which may break across pages; one that fits on half a page floats whole."""
        def change(match):
            body = match[1]
            if body.count('\\\\\n') > WHOLE_TABLE or r'\endfirsthead' in body:
                return match[0]
            body = body.replace(r'\begin{longtable}[]', r'\begin{tabular}').replace(r'\end{longtable}', r'\end{tabular}')
            return '\\begin{wfloattable}' + re.sub(r'\\endhead\n', '', body) + '\\end{wfloattable}'
        return re.sub(r'\\begin\{wtable\}(.*?)\\end\{wtable\}', change, tex, flags=re.S)

    def div_caption(self, item):
        return None

    def div_claims(self, item):
        found = [r'\begin{wclaims}']
        here = [row['c'] for row in item['c'][1] if not row['c'][1]['c']]
        later = [row['c'] for row in item['c'][1] if row['c'][1]['c']]
        for title, rows in (('by this chapter’s kernel', here), ('by the kernel of the chapter named', later)):
            if rows:
                found.append(rf'\begin{{wclaimlist}}{{{title}}}')
                found += [rf'\wclaim{{{esc(name["c"])}}}{{{esc(plain(feature))}}}{{{checkpoint["c"].lstrip("0")}}}'
                          for name, checkpoint, *feature in rows]
                found.append(r'\end{wclaimlist}')
        return raw('\n'.join(found + [r'\end{wclaims}']))


# -- pages ---------------------------------------------------------------------------------------------------------

def order(page):
    return (1, int(page)) if page.isdigit() else (0, len(page), page)


def spread(page):
    return int(page) // 2 if page.isdigit() else page


TOP, BOTTOM, GAP = 43_250_000, 3_000_000, 400_000        # of the margin, in scaled points from the foot of the page


def layout(notes):
    """Move the notes of each page as little as keeps them apart and on the page.
    notes is [(id, page, y, height, depth)]; an id with ! is a wide figure, which stays where it is.
    -> {id: (is the page odd, distance downwards)}, all in scaled points."""
    by_page, found = {}, {}
    for note in notes:
        by_page.setdefault(note[1], []).append(note)
    for page, column in by_page.items():
        column.sort(key=lambda note: -note[2])
        found.update({name: (odd(page), 0) for name, *_ in column if name.startswith('!')})
        taken = [(y + height, y - depth) for name, _, y, height, depth in column if name.startswith('!')]
        column = [note for note in column if not note[0].startswith('!')]
        tops, above = [], TOP
        for _, _, y, height, depth in column:
            top = min(y + height, above)
            for high, low in taken:
                if top > low and top - height - depth < high:
                    top = low - GAP
            tops.append(top)
            above = top - height - depth - GAP
        below = BOTTOM
        for index in reversed(range(len(column))):
            _, _, y, height, depth = column[index]
            tops[index] = max(tops[index], below + height + depth)
            below = tops[index] + GAP
        for (name, _, y, height, depth), top in zip(column, tops):
            found[name] = (odd(page), y + height - top)
    return found


def crowded(notes):
    """The pages on which the notes are taller than the margin."""
    height = {}
    for name, page, _, up, down in notes:
        height[page] = height.get(page, 0) + up + down + GAP
    return [page for page, sum_ in height.items() if sum_ > TOP - BOTTOM]


def odd(page):
    return int(page) % 2 if page.isdigit() else roman(page) % 2


def roman(page):
    values = [{'i': 1, 'v': 5, 'x': 10, 'l': 50, 'c': 100}.get(c, 0) for c in page]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def tab(weave, pages, notes, preview=False):
    """JOB.tab. A preview, in its one pass, puts a note on the side of the page that is being filled: it may be a new one."""
    out = [rf'\wdef{{{key}}}{{{page}}}' for key, page in pages.items()]
    here = r'\c@page'
    out += [rf'\wshift{{{name}}}{{{here if preview else side}}}{{{distance}}}'
            for name, (side, distance) in layout(notes).items()]
    shown = {}
    for chunk in weave.chunks.values():
        page = pages.get(chunk.anchor)
        if not page:
            continue
        here = shown.setdefault(spread(page), set())
        rows = []
        for note in chunk.margin:
            kind, name = note.text
            number, where = note.targets[0]
            rows.append(rf'\wpromise{{{where}}}{{{esc(name)}}}{{{number}}}{{{pages.get(where, "··")}}}' if where else
                        rf'\wpromiselater{{{esc(name)}}}{{{number.replace(" ", "~")}}}')
        for name, where in chunk.mini:
            there = pages.get(where, '··')
            if (name, where) in here or spread(there) == spread(page):
                continue
            here.add((name, where))
            rows.append(mini(where, name, there))
        if rows:
            out.append(rf'\wminidef{{{chunk.anchor}}}{{{"".join(rows)}}}')
    return '\n'.join(out) + '\n'


def mini(where, name, page):
    """An entry of a margin's index; a long name is set smaller. What is in no edition yet has no page."""
    size = min(6.9, 6.9 * MINI / len(name))
    if not where:
        return rf'\wmininopage{{{esc(name)}}}{{{size:.1f}}}'
    return rf'\wmini{{{where}}}{{{esc(name)}}}{{{page}}}{{{size:.1f}}}'


def page_list(pages, anchors):
    """Links to distinct pages, in order; anchors is [(anchor, bold)]."""
    best = {}
    for where, bold in anchors:
        page = pages.get(where)
        if page and (page not in best or bold and not best[page][1]):
            best[page] = (where, bold)
    return ', '.join((r'\wbold{%s}' if bold else '%s') % rf'\wlink{{{where}}}{{{page}}}'
                     for page, (where, bold) in sorted(best.items(), key=lambda item: order(item[0])))


def indexes(weave, pages):
    out = []

    def index(title, note, rows, letters=True, environment='windex'):
        if not rows:
            return
        out.append(rf'\begin{{{environment}}}{{{title}}}{{{note}}}')
        last = None
        for key, text in sorted(rows, key=lambda row: (row[0].lower().lstrip('_⟨'), row[0])):
            letter = (key.lower().lstrip('_⟨')[:1] or '_')
            letter = letter if letter.isalpha() else '0'
            if letters and last is not None and letter != last:
                out.append(r'\windexskip')
            last = letter
            out.append(rf'\wentry{{{text}}}')
        out.append(rf'\end{{{environment}}}')

    subjects, spellings = {}, {}
    for key, _, _ in weave.subjects:
        spellings.setdefault(key.lower(), set()).add(key)
    for key, where, bold in weave.subjects:            # the small spelling, if a term has two
        subjects.setdefault(max(spellings[key.lower()]), []).append((where, bold))
    index('Subjects', 'A bold page defines the term.',
          [(key, rf'{esc(key)}, {page_list(pages, places)}') for key, places in subjects.items()])
    names = {}
    for chunk in weave.chunks.values():
        for name in chunk.defines:
            names.setdefault(name, []).append((chunk.anchor, True))
        for name, where in chunk.uses:
            names.setdefault(name, []).append((chunk.anchor, False))
    index('Identifiers', 'A bold page defines the name.',
          [(name, rf'\code{{{esc(name)}}} {page_list(pages, places)}') for name, places in names.items()])
    chunks, files = {}, {}
    for chunk in weave.chunks.values():
        if chunk.modifier != 'show':
            (files if chunk.is_root else chunks).setdefault(chunk.name, []).append(chunk)
    def numbered(found):
        return '; '.join(rf'\wlink{{{c.anchor}}}{{{c.number}}}\,{{\wsoft{{p.\,{pages.get(c.anchor, "··")}}}}}' for c in found)
    index('Chunks', r'By number and page.',
          [(name, rf'\wchunkname{{{esc(name)}}} {numbered(found)}') for name, found in chunks.items()])
    index('Files', 'The files of the kernel, by the chunk that begins each.',
          [(name, rf'\code{{{path_tex(name)}}} {numbered(found)}') for name, found in files.items()], letters=False)
    runs = {}
    for chapter, name, where in weave.experiments:
        runs.setdefault((chapter.key, name), [weave.runs.command(chapter, name), []])[1].append((where, False))
    index('Experiments', 'The runs that the text quotes, as the reader repeats them.',
          [(f'{key} {name}', rf'{inline_code(command)}\quad{page_list(pages, places)}')
           for (key, name), (command, places) in runs.items()], letters=False, environment='wwideindex')
    return '\n'.join(out) + '\n'


def bibliography(entries, writer):
    if not entries:
        return ''
    blocks = [raw(r'\begin{wbibliography}')]
    for key, label, inlines in entries:
        blocks.append(node('Para', [inline(rf'\wbibitem{{ref-{key}}}{{{esc(label)}}}'), *inlines]))
    return writer.tex(blocks + [raw(r'\end{wbibliography}')])
