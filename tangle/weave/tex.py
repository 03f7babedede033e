"""Run LuaLaTeX until nothing changes, and accept no fault."""

import fcntl
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import latex
from figures import environment
from latex import esc

PASSES = 9
FREE_PASSES = 4                         # after these, a reference that has shown its page shows it in all later passes


class Failure(Exception):
    pass


def preamble(meta):
    return '\n'.join([r'\documentclass{weftbook}',
                      rf'\wmeta{{{esc(meta["title"])}}}{{{esc(meta["subtitle"])}}}{{{esc(meta["author"])}}}'
                      rf'{{{esc(meta["rights"])}}}', r'\begin{document}', ''])


def main(meta, keys, instructor=False):
    return '\n'.join([preamble(meta) + (r'\winstructor' if instructor else ''), r'\wfront', r'\input{front}', r'\wmain',
                      *(rf'\input{{{key}}}' for key in keys), r'\wback', r'\input{references}',
                      r'\InputIfFileExists{\jobname-indexes}{}{}', r'\end{document}', ''])


def preview(meta, key, page):
    return '\n'.join([preamble(meta) + r'\wmain', rf'\setcounter{{page}}{{{page}}}', rf'\input{{{key}}}', r'\end{document}', ''])


def first_page(work, chapter):
    """Where a chapter begins in the last whole book."""
    page = read_pages(work / 'book.pages').get(f'ch:{chapter.slug}', '1')
    return page if page.isdigit() else '1'


def read_pages(path):
    """{anchor: page} from JOB.pages."""
    pages = {}
    if path.is_file():
        for row in path.read_text(encoding='utf-8', errors='replace').splitlines():
            key, _, page = row.rpartition(' ')
            if not row.startswith('='):
                pages.setdefault(key, page)
    return pages


def read_notes(path):
    """[(id, page, y, height, depth)] of the margin notes, from JOB.pages."""
    notes = []
    if path.is_file():
        for row in path.read_text(encoding='utf-8', errors='replace').splitlines():
            fields = row[1:].split(' ')
            if row.startswith('=') and len(fields) == 5:
                notes.append((fields[0], fields[1], *map(int, fields[2:])))
    return notes


class Job:
    def __init__(self, work, name, weave):
        self.work, self.name, self.weave = work, name, weave
        self.book_pages = read_pages(work / 'book.pages')
        self.shown = set()              # references that show their page whatever it is; see tables()

    def file(self, suffix):
        return self.work / f'{self.name}{suffix}'

    @contextmanager
    def alone(self):
        """Two programs that weave the same book at once take turns."""
        with open(self.work / f'.{self.name}.lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def run(self, whole):
        """Passes until one changes nothing that the next would read. A preview is content with one, if it has pages to
        refer to: those of the last preview, or of the last whole book."""
        limit = PASSES if whole else 1 if self.file('.pages').is_file() else 2
        tables = self.tables(whole, settle=False)
        for done in range(1, limit + 1):
            old = self.auxiliary()
            self.lualatex()
            before, tables = tables, self.tables(whole, settle=done >= FREE_PASSES)
            if tables == before and self.auxiliary() == old:
                return
        if whole:
            raise Failure(f'error: {self.name}: pages still move after {limit} passes; see {self.file(".log")}')

    def tables(self, whole, settle):
        """Write what the next pass reads, from what the last one wrote. A preview has other chapters' pages from the book.
        A reference leaves out the page that it is on itself, and that may move its target for ever; `settle` ends it."""
        pages = {} if whole else {k: v for k, v in self.book_pages.items() if k[:1] not in '@+'}
        pages.update(read_pages(self.file('.pages')))
        self.shown |= {key for key in pages if key.startswith('+')} if settle else set()
        pages = {key: page for key, page in pages.items() if key[:1] != '+'} | dict.fromkeys(self.shown, '0')
        texts = {'.tab': latex.tab(self.weave, pages, read_notes(self.file('.pages')), preview=not whole)}
        if whole:
            texts['-indexes.tex'] = latex.indexes(self.weave, pages)
        for suffix, text in texts.items():
            self.file(suffix).write_text(text, encoding='utf-8')
        return texts

    def auxiliary(self):
        found = []
        for suffix in ('.aux', '.toc', '.out'):
            path = self.file(suffix)
            found.append(path.read_bytes() if path.is_file() else b'')
        return found

    def lualatex(self):
        if self._lualatex():
            return
        # what an interrupted pass left may be cut short: once more from nothing
        for suffix in ('.aux', '.toc', '.out', '.pages'):
            self.file(suffix).unlink(missing_ok=True)
        if not self._lualatex():
            self.explain()

    def _lualatex(self):
        self.file('.faults').unlink(missing_ok=True)
        done = subprocess.run(['lualatex', '-interaction=nonstopmode', '-halt-on-error', '-file-line-error',
                               f'{self.name}.tex'], cwd=self.work, env=environment(self.work.parent, self.work),
                              capture_output=True, stdin=subprocess.DEVNULL)
        return done.returncode == 0

    def log(self):
        path = self.file('.log')
        return path.read_text(encoding='utf-8', errors='replace') if path.is_file() else ''

    def explain(self):
        found = re.search(r'^(\S+?\.tex):(\d+): (.*)', self.log(), re.M)
        if not found:
            raise Failure(f'error: lualatex failed; see {self.file(".log")}')
        place = self.source(found[1], int(found[2]))
        raise Failure(f'{place}: error: LaTeX: {found[3]} (see {self.file(".log")})')

    # -- faults ---------------------------------------------------------------------------------------------------

    def faults(self, whole):
        """[message] for everything in the last pass that must not be printed."""
        faults = []
        path = self.file('.faults')
        for row in path.read_text(encoding='utf-8', errors='replace').splitlines() if path.is_file() else []:
            name, line, points, text = row.split('\t', 3)
            place = self.source(name, int(line), text)
            faults.append(f'{place}: error: line too wide by {points} pt at "{text.strip()[-60:]}"; reword it, or shorten the code'
                          if text.strip() else f'{place}: error: figure too wide by {float(points) * 0.3515:.1f} mm; '
                          'draw it in 113 mm, or give it the margin too with {.wide}')
        for glyph, font in dict.fromkeys(re.findall(r'Missing character: There is no (\S+)(?: \(U\+\w+\))? in font (\S+?)[:;!]', self.log())):
            faults.append(f'{self.where(glyph)}: error: no glyph {glyph} in font {Path(font).name.strip("[]")}; '
                          'write it in another way')
        for name in re.findall(r"name\s*\{(.*?)\} has been referenced but does not exist", self.log()) if whole else ():
            faults.append(f'{self.where(name)}: error: link to {name}, which is not in the book')
        if re.search(r'Warning: (?:Reference|Citation|Label).*(?:undefined|multiply)', self.log()):
            faults += [f'error: {m}' for m in re.findall(r'Warning: ((?:Reference|Citation|Label).*)', self.log())]
        for page in latex.crowded(read_notes(self.file('.pages'))):
            faults.append(f'{self.name}: error: the notes beside page {page} are taller than the page; '
                          'shorten an aside, or move it')
        return list(dict.fromkeys(faults))

    def where(self, text):
        for chapter in self.weave.book.chapters:
            for number, row in enumerate(chapter.lines, 1):
                if text in row:
                    return f'{chapter.path}:{number}'
        return self.name

    def source(self, name, line, text=''):
        """The chapter's line behind a line of a .tex file: exact in code, found by its words in prose."""
        path = self.work / Path(name).name
        chapter = next((c for c in self.weave.book.chapters if c.key == path.stem), None)
        if not chapter or not path.is_file():
            return f'{path.name}:{line}'
        rows = path.read_text(encoding='utf-8').split('\n')
        code = re.match(r'\\c[lb]\{(\d+)\}', rows[line - 1]) if line <= len(rows) else None
        if code:
            return f'{chapter.path}:{code[1]}'
        picture = next((m for row in reversed(rows[max(0, line - 9):line]) if (m := re.match(r'\\wfigure\w*\{(.*?)\}', row))), None)
        if picture and not text.strip():
            return self.where('#' + picture[1])
        near = re.sub(r'\\[a-z]+', ' ', ' '.join(rows[max(0, line - 2):line + 3]))
        weight = {word: len(word) for word in re.findall(r'\w{3,}', near)}
        weight.update({word: 3 * len(word) for word in re.findall(r'\w{2,}', text)})
        best = max(range(len(chapter.lines)), key=lambda i: (
            sum(weight.get(word, 0) for word in set(re.findall(r'\w{2,}', chapter.lines[i]))), -i))
        return f'{chapter.path}:{best + 1}'

    def publish(self, out):
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = out.parent / f'.{out.name}.{os.getpid()}'
        shutil.copyfile(self.file('.pdf'), aside)
        os.replace(aside, out)
