"""The mistakes an author can make outside the chunks: in the file, the prose, the head, the coverage table's rows.

    everything(book)      [Mistake] of the whole book, those of check.py included

Prose is looked at line by line, before pandoc: it is fast, the line is known, and pandoc takes an unbalanced `:::` in
its stride (in a time that doubles with each).
"""

import re

import check
import exercises
from book import Mistake, head_end
from idents import Idents

WIDTH = 80
BLOCKS = ('aside', 'question', 'erratum', 'exercise', 'summary', 'solution')
RUN_WORDS = ('name', 'from', 'to', 'first', 'n')


def everything(book):
    in_chunks = check.chunks(book)
    found = list(in_chunks)
    pages = [Page.of_chapter(chapter) for chapter in book.chapters]
    for chapter in book.chapters + book.drafts:            # of a draft only the chunks are looked at, not the prose
        found += check.head(chapter) + list(characters(chapter))
    pages += [Page.of_exercise(book, directory) for directory in exercise_directories(book)]
    labels = Labels(book, pages)
    found += labels.mistakes
    keys = citation_keys(book)
    idents = None if in_chunks else Idents(book)          # which are looked for in trees, and there are none now
    for page in pages:
        found += [*divisions(page), *fences(page), *strays(page), *references(page, labels), *figures(book, page),
                  *citations(page, keys), *inline_runs(page)]
        found += names(book, page, idents) if idents else ()
    found += [*coverage(book), *exercise_files(book, pages), *overlays(book)]
    return check.in_order(found)


# -------------------------------------------------------------------------------------------------- the file as bytes

def characters(chapter):
    lines = chapter.lines
    returns = [n for n, line in enumerate(lines, 1) if line.endswith('\r')]
    if returns:
        yield Mistake(chapter.path, returns[0], 'the line ends in a carriage return (CRLF), as do '
                      f'{len(returns) - 1} more; convert the file with `sed -i "s/\\r$//"`')
    if lines and lines[-1]:
        yield Mistake(chapter.path, len(lines), 'the last line has no newline; add one')
    code = {n: d for d in chapter.definitions for n in range(d.line, d.end)}
    for number, line in enumerate(lines, 1):
        line = line.rstrip('\r')
        for text in line_mistakes(line, code.get(number), number > chapter.head.end):
            yield Mistake(chapter.path, number, text)


def line_mistakes(line, definition, is_body):
    if re.search('[\udc80-\udcff]', line):
        yield 'not UTF-8; convert the file with `iconv -f latin1 -t utf-8`, or correct the byte'
    elif definition and not line.isascii():
        odd = next(c for c in line if ord(c) > 127)
        yield f'`{odd}` (U+{ord(odd):04X}) in <<{definition.name}>>; chunks are ASCII'
    if line != line.rstrip():
        yield 'blanks at the end of the line; delete them'
    if definition:
        width = len(line.expandtabs(8))
        if width > WIDTH:
            yield f'{width} columns in <<{definition.name}>>, and {WIDTH} fit on the page; break the line'
        if re.match(r'\t* +\t', line):
            yield f'a blank before a tab in <<{definition.name}>>; indent with tabs of 8'
    elif '\t' in line:
        yield 'a tab in prose; write blanks' if is_body else 'a tab in the head; YAML wants blanks'


# ------------------------------------------------------------------------------------------------ the prose of a file

class Fence:
    def __init__(self, line, mark, info):
        self.line, self.mark, self.info, self.body, self.is_closed = line, mark, info, [], False

    @property
    def is_run(self):
        return bool(re.match(r'\{[^}]*\.run\b', self.info))


class Page:
    """Prose with everything that is not prose blanked out, so that offsets and lines stay what they are."""

    def __init__(self, path, rows, code=(), chapter=None, head_end=0):
        self.path, self.chapter = path, chapter
        self.rows = ['' if n <= head_end or n in code else row.rstrip('\r') for n, row in enumerate(rows, 1)]
        self.strays = [n for n, row in enumerate(self.rows, 1) if re.match('@( |$)', row)]
        self.fences = []
        open_rows = '\n'.join(self.without_fences(code))
        self.code = open_rows                             # inline code still in
        open_rows = blanked(r'<!--.*?-->', open_rows)
        self.text = blanked(r'(?<!`)(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)', open_rows)

    def without_fences(self, code):
        fence = None
        for number, row in enumerate(self.rows, 1):
            if fence and number in code:
                fence = None                              # not closed; the chunk ends it for us
            mark = re.match(r' {0,3}(`{3,}|~{3,})(.*)', row)
            if fence and mark and mark[1].startswith(fence.mark) and not mark[2].strip():
                fence.is_closed, fence = True, None
                yield ''
            elif fence:
                fence.body.append(row)
                yield ''
            elif mark and not ('`' in mark[1] and '`' in mark[2]):
                fence = Fence(number, mark[1], mark[2].strip())
                self.fences.append(fence)
                yield ''
            else:
                yield row

    @classmethod
    def of_chapter(cls, chapter):
        code = {n for d in chapter.definitions for n in range(d.line, d.end + 1)}
        return cls(chapter.path, chapter.lines, code, chapter, chapter.head.end)

    @classmethod
    def of_exercise(cls, book, directory):
        path = directory / 'text.md'
        rows = path.read_text(errors='replace').split('\n') if path.is_file() else []
        name = exercises.NAME.fullmatch(directory.name)
        return cls(str(path.relative_to(book.root)), rows, (), book.find(name[2]) if name else None, head_end(rows))

    def line(self, offset):
        return self.text.count('\n', 0, offset) + 1

    def find(self, pattern, flags=0):
        """(line, match) for each match in the prose, inline code left out."""
        for match in re.finditer(pattern, self.text, flags):
            yield self.line(match.start()), match


def blanked(pattern, text):
    return re.sub(pattern, lambda m: re.sub(r'[^\n]', ' ', m[0]), text, flags=re.S)


def divisions(page):
    """Every ::: block closed, and of a known kind."""
    stack = []
    for number, row in enumerate(page.text.split('\n'), 1):
        match = re.match(r' {0,3}:{3,}(.*)', row)
        if not match:
            continue
        title = match[1].strip().rstrip(':').strip()
        if title:
            stack.append((number, title))
            kind = re.search(r'\.([\w-]+)', title) if title.startswith('{') else re.match(r'([\w-]+)$', title)
            if not kind or kind[1] not in BLOCKS:
                yield Mistake(page.path, number, f'`::: {title}` is no block of this book; known: {", ".join(BLOCKS)}')
        elif stack:
            stack.pop()
        else:
            yield Mistake(page.path, number, 'unbalanced `:::`: it closes a block that was never opened; delete it')
    for number, title in stack:
        yield Mistake(page.path, number, f'unbalanced `:::`: `::: {title}` is never closed; end it with a line `:::`')


def fences(page):
    for fence in page.fences:
        if not fence.is_closed:
            yield Mistake(page.path, fence.line, f'the fence {fence.mark} is never closed; end it with a line {fence.mark}')
        for number, row in enumerate(fence.body, fence.line + 1):
            if len(row.expandtabs(8)) > WIDTH:
                yield Mistake(page.path, number, f'{len(row.expandtabs(8))} columns in a fence, and {WIDTH} fit on the '
                              'page; break the line')
        if fence.is_run:
            for text in run_mistakes(page, fence):
                yield Mistake(page.path, fence.line, text)


def run_mistakes(page, fence):
    words = dict((k, v.strip('"')) for k, v in re.findall(r'([\w-]+)=("[^"]*"|[^\s}]+)', fence.info))
    unknown = [word for word in words if word not in RUN_WORDS]
    if unknown:
        yield f'`{unknown[0]}=` means nothing in a transcript; known: {", ".join(RUN_WORDS)}'
    if not words.get('name'):
        yield 'a transcript of what? Write {.run name=...} with a run of the head'
    else:
        yield from unknown_run(page, words['name'])
    if any(row.strip() for row in fence.body):
        yield 'a transcript is left empty, weaving fills it in; delete what is in the fence'


def unknown_run(page, name):
    runs = page.chapter.head.runs if page.chapter else {}
    if name not in runs:
        yield (f'run `{name}` does not exist; add `{name}: do=...` under `runs:` in the head of '
               f'{page.chapter.path if page.chapter else "its chapter"}'
               + (f', or name one of {", ".join(runs)}' if runs else ''))


def inline_runs(page):
    for match in re.finditer(r'`([^`\n]+)`\{\.run[^}]*\}', page.code):
        line = page.code.count('\n', 0, match.start()) + 1
        parts = re.fullmatch(r'([\w-]+):/(.*)/', match[1])
        texts = (unknown_run(page, parts[1]) if parts else
                 [f'`{match[1]}` is no part of a run; write `name:/regular expression with a (group)/`{{.run}}'])
        for text in texts:
            yield Mistake(page.path, line, text)


def strays(page):
    for number in page.strays:
        yield Mistake(page.path, number, 'a stray @: no chunk is open here; delete it')
    for line, _ in page.find(r'^# ', re.M):
        yield Mistake(page.path, line, 'a chapter has one title, in its head; begin sections with ##')


# ----------------------------------------------------------------------------------------------- names and references

class Labels:
    """All that can be referred to: {#sec:...}, {#fig:...}, {#tab:...}, chapters, exercises, questions, errata."""

    def __init__(self, book, pages):
        self.known, self.mistakes = {f'ch:{chapter.slug}': None for chapter in book.chapters + book.drafts}, []
        for page in pages:
            for line, match in page.find(r'\{(?:[^{}]*\s)?#([^\s{}]+)[^{}]*\}'):
                line += match[0][:match.start(1) - match.start()].count('\n')
                self.add(page, line, match[1] if not re.match(r'\d\d-', match[1]) else 'ex:' + match[1])

    def add(self, page, line, label):
        if label in self.known and self.known[label]:
            other = self.known[label]
            self.mistakes.append(Mistake(page.path, line, f'the label #{label} stands twice, also at '
                                         f'{other[0]}:{other[1]}; rename one'))
        self.known[label] = (page.path, line)


def references(page, labels):
    for line, match in page.find(r'\]\(#([^)\s]*)\)'):
        if match[1] not in labels.known:
            yield Mistake(page.path, line, f'dead cross-reference #{match[1]}; '
                          + suggestion(match[1], labels.known, 'nothing has that label'))
    for line, match in page.find(r'\b(Chapter|Section|Figure|Table|Exercise)\s+\[\]\(#', re.I):
        yield Mistake(page.path, line, f'`{match[1]} []` prints the word twice; [](#...) brings its own')


def suggestion(name, known, otherwise):
    """The known name with the same kind and the most in common, if it is much."""
    kind, _, slug = name.partition(':')
    close = sorted(known, key=lambda k: -len(set(k.split('-')) & set(name.split('-'))))
    close = [k for k in close if k.partition(':')[0] == kind and (slug in k or k.partition(':')[2] in slug)] if slug else []
    return f'did you mean #{close[0]}?' if close else otherwise


def figures(book, page):
    for line, match in page.find(r'!\[((?:[^][]|\[[^][]*\])*)\]\(([^)\s]*)\)(\{[^}]*\})?'):
        caption, path, attributes = match[1], match[2], match[3] or ''
        line = page.line(match.start(2))
        if not re.match(r'figures/[\w-]+$', path):
            yield Mistake(page.path, line, f'picture `{path}`: write figures/NAME, without a suffix')
        elif not any((book.root / f'{path}{suffix}').is_file() for suffix in ('.tex', '.gp')):
            yield Mistake(page.path, line, f'missing figure {path}; draw {path}.tex (TikZ) or {path}.gp (gnuplot)')
        if not re.search(r'#fig:[\w-]+', attributes):
            yield Mistake(page.path, line, f'the figure {path} has no label; add {{#fig:slug alt="..."}}')
        if not re.search(r'\balt="[^"]+"', attributes):
            yield Mistake(page.path, line, f'the figure {path} has no alternative text; add alt="..." for who cannot see it')
        if not caption.strip():
            yield Mistake(page.path, line, f'the figure {path} has no caption; write one between ![ and ]')


def citation_keys(book):
    path = book.root / 'chapters/references.bib'
    text = path.read_text(errors='replace') if path.is_file() else ''
    return set(re.findall(r'^\s*@\w+\s*\{\s*([^,\s]+)', text, re.M))


def citations(page, keys):
    for line, match in page.find(r'(?<![\w@.\\])@([A-Za-z](?:[\w:.#$%&+?<>~/-]*\w)?)'):
        if match[1] not in keys:
            yield Mistake(page.path, line, f'citation @{match[1]} is not in chapters/references.bib; add it there, '
                          'or write \\@ if it is none')


def names(book, page, idents):
    """Every [[name]] leads somewhere."""
    if not page.chapter:
        return
    state = book.state(page.chapter)
    for line, match in page.find(r'\[\[(.*?)\]\]|\[\['):
        name = (match[1] or '').strip()
        if match[1] is None:
            yield Mistake(page.path, line, '[[ without ]] on the same line; close it, or put it in backticks')
        elif not idents.resolve(name, state):
            yield Mistake(page.path, line, f'[[{name}]] is no chunk, file or identifier of the book; '
                          f'correct it, or write `{name}` if it is not ours')


# -------------------------------------------------------------------------------------------------- rows and exercises

def coverage(book):
    """proves: and explains: against tests/coverage.tsv."""
    claimed = {}
    for chapter in book.chapters:
        for key in ('proves', 'explains'):
            for row in getattr(chapter.head, key):
                line = chapter.head.line_of(key, row)
                text = (claim_mistake(chapter, key, row, book.rows) or claimed_twice(claimed, key, row))
                if text:
                    yield Mistake(chapter.path, line, text)
                claimed.setdefault((key, row), (chapter, line))
        for row, line in chapter.head.repeated:
            yield Mistake(chapter.path, line, f'coverage row {row} is claimed twice in this head; delete one')


def claim_mistake(chapter, key, row, rows):
    if row not in rows:
        return f'coverage row {row} is not in tests/coverage.tsv; correct its name'
    due = rows[row]['proven_from']
    if key == 'proves' and due < chapter.key[:len(due)]:
        return f'coverage row {row} is due at checkpoint {due}, not {chapter.key}; prove it there'
    if key == 'explains' and chapter.head.explains[row] != due:
        return (f'coverage row {row} is proven from checkpoint {due} on, says tests/coverage.tsv, '
                f'not {chapter.head.explains[row]}; correct one of them')
    if key == 'explains' and row in chapter.head.proves:
        return f'coverage row {row} is claimed twice, under proves: too; delete one'
    return None


def claimed_twice(claimed, key, row):
    other = claimed.get((key, row))
    return other and f'coverage row {row} is claimed twice, also at {other[0].path}:{other[1]}; delete one'


def exercise_directories(book):
    return sorted(path for path in book.root.glob('exercises/*') if path.is_dir() and re.match(r'\d', path.name))


def exercise_files(book, pages):
    """Every exercise complete, and in the text."""
    printed = {}
    for page in pages:
        for line, match in page.find(r'^:{3,}\s*\{[^}]*#(\d\d-[\w-]+)[^}]*\}', re.M):
            printed[match[1]] = (page, line)
    there = {path.name for path in exercise_directories(book)}
    for name, (page, line) in printed.items():
        if name not in there:
            yield Mistake(page.path, line, f'exercise {name} does not exist; write exercises/{name}/text.md, starter.nw, '
                          'grader.nw, solution.nw and grade.py')
    for path in exercise_directories(book):
        if not exercises.NAME.fullmatch(path.name):
            yield Mistake(f'exercises/{path.name}/text.md', 1, 'bad name of a directory; an exercise is called NN-k-slug, '
                          'all small letters')
    for exercise in exercises.exercises(book.root):
        yield from exercise.mistakes()
        yield from unplaced(book, exercise)
        if exercise.id not in printed:
            yield Mistake(exercise.file('text.md'), 1, f'exercise {exercise.id} is in no chapter; '
                          f'add `::: {{.exercise #{exercise.id}}}` and `:::`')


def unplaced(book, exercise):
    """An exercise belongs to one checkpoint: to a part of a chapter, if it has parts."""
    keys = [chapter.key for chapter in book.chapters]
    if exercise.chapter not in keys:
        part = [key for key in keys if key.startswith(exercise.chapter + '-')]
        yield Mistake(exercise.file('text.md'), 1, f'exercise {exercise.id} belongs to no checkpoint: there are '
                      + (f'{" and ".join(part)}; call it {part[0]}{exercise.id.removeprefix(exercise.chapter)}, for instance'
                         if part else f'{", ".join(keys)}; correct its name'))


def overlays(book):
    """Starter and solution must tangle on their checkpoint, under the grader."""
    for exercise in exercises.exercises(book.root):
        files = {name: exercise.directory / f'{name}.nw' for name in ('starter', 'solution', 'grader')}
        chapter = book.find(exercise.chapter)
        if not chapter or not all(path.is_file() for path in files.values()):
            continue
        guard = check.protected(book, str(files['grader']))
        for name in ('starter', 'solution'):
            layers = [book.overlay(files[name]), book.overlay(files['grader'])]
            yield from characters(layers[0])
            if name == 'solution':
                yield from characters(layers[1])
            else:
                yield from stale(book.state(chapter), exercise, layers[0])
            found = check.tangling(book.state(chapter, layers), layers, [guard])
            yield from (m for m in found if m.path.startswith('exercises/'))


def stale(state, exercise, starter):
    """A starter repeats the chapter's chunks and adds to them. When the chapter has gone on, it must follow: it may compile for
    long without a line that the chapter has got since."""
    rewritten = [name.strip() for name in exercise.head.get('rewrites', '').split(';')]
    for definition in starter.definitions:
        live = state.live.get(definition.name)
        if definition.modifier != 'replace' or not live or definition.name in rewritten:
            continue
        wanted, there = code_lines(line for part in live for line in part.lines), iter(code_lines(definition.lines))
        lost = next((line for line in wanted if line not in there), None)
        if lost is not None:
            yield Mistake(starter.path, definition.line, f'<<{definition.name}>> lacks the line `{lost.strip()}` of {live[0].path}, or '
                          'has it in another place; repeat the chapter\'s chunk as it is now, here and in solution.nw, or say '
                          f'`rewrites: {definition.name}` in the head of {exercise.file("text.md")} if that is the point')


def code_lines(lines):
    """Without comments, blank lines and blanks at the end."""
    text = re.sub(r'/\*.*?\*/', '', '\n'.join(lines), flags=re.S)
    return [line.rstrip() for line in text.split('\n') if line.strip()]
