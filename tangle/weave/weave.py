#!/usr/bin/env python3
"""Weave the book.

    weave.py pdf OUT [--chapter NN] [--instructor] [--book DIR] [--build DIR] [--deps FILE]
    weave.py html OUT [--instructor] [--book DIR] [--build DIR]
    weave.py epub OUT [--instructor] [--book DIR] [--build DIR]

Writes OUT (build/book.pdf, the directory build/html, build/weft.epub), or with --chapter a preview of one chapter. The build fails on whatever would make the
book wrong: a reference that leads nowhere, a missing run, figure or glyph, an overfull line. OUT is moved into place
when all is well; a failed or interrupted build leaves the old one alone. (A preview appears in spite of its faults, which
are reported all the same. It takes the pages of other chapters from the last whole book, and is content with one pass, so
that a page number or a margin may lag behind.) --deps writes a make rule with what OUT needs.

How a page comes about, and which module does it:

    book.py, idents.py      what the chapters say, which chunk is in force where, what each identifier means
    apparatus.py            around a chunk: number, file, cross references, change bars, margin index    } the same
    source.py               colors of program text                                                       } in every
    runs.py, references.py  what the machine said; what is cited                                         } edition
    prose.py                pandoc's tree of a chapter, with references, transcripts, exercises filled in }
    figures.py              pictures and plots
    latex.py                the tree as LaTeX; pages of anchors, margins and indexes between the passes
    tex.py                  LuaLaTeX until nothing changes, and what it complained about
    weftbook.cls            the page
    hypertext.py            the tree as HTML, for the two editions that follow
    website.py, fonts.py    the web edition: pages, indexes, data for its script, fonts (../web: style, script, template)
    epub.py                 the EPUB: the same pages in one file

build/weave keeps what lies between: NN.json is pandoc's tree of a chapter, NN.tex its LaTeX, book.pages what each pass
says about its pages, book.tab what the next one reads.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from book import Book, BookError                                                     # noqa: E402
from idents import Idents                                                            # noqa: E402
import epub                                                                          # noqa: E402
import figures                                                                       # noqa: E402
import fonts                                                                         # noqa: E402
import latex                                                                         # noqa: E402
import tex                                                                           # noqa: E402
import website                                                                       # noqa: E402
from prose import Prose                                                              # noqa: E402


def features(book):
    """{row: feature} of the coverage table; a remark in brackets is about where the row came from."""
    return {name: re.sub(r'\s*\[[^]]*\]$', '', row['feature']) for name, row in book.rows.items()}


def metadata(root):
    """chapters/book.yaml: key: value lines."""
    path = root / 'chapters' / 'book.yaml'
    found = {'title': 'Weft', 'subtitle': '', 'author': '', 'rights': ''}
    if path.is_file():
        found.update(re.findall(r'^(\w+): *"?(.*?)"? *$', path.read_text(encoding='utf-8'), re.M))
    return found


class Failure(Exception):
    pass


class Weave(Prose):
    """The prose of the book, with what the printed edition collects on the way."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.asides = 0
        self.figures = figures.Figures(self.book.root, self.build)

    def figure(self, src):
        try:
            return os.path.relpath(self.figures.pdf(src), self.build / 'weave')
        except figures.Broken as broken:
            self.errors.append(str(broken))
        except figures.Missing as missing:
            self.error(self.chapter, src, str(missing))
        return ''

    def begin(self, chapter, key=None):
        super().begin(chapter, key)
        self.asides = 0


def write(path, text):
    """Write a file only if it changes, so that times mean something."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding='utf-8') != text:
        path.write_text(text, encoding='utf-8')


def pdf(args):
    weave = edition(args, Weave)
    book, build = weave.book, weave.build
    only = book.chapter(args.chapter) if args.chapter else None
    name = write_tex(weave, build / 'weave', only)
    if weave.errors and not only:
        raise Failure(lines(weave.errors))
    job = tex.Job(build / 'weave', name, weave)
    with job.alone():
        job.run(whole=not only)
        faults = weave.errors + job.faults(whole=not only)
        if only or not faults:
            job.publish(Path(args.out))
    if args.deps:
        write(Path(args.deps), f'{args.out}: ' + ' '.join(os.path.relpath(path) for path in inputs(weave)) + '\n')
    if faults:
        raise Failure(lines(faults))


def html(args):
    weave = edition(args, website.Web)
    website.build(weave, Path(args.out), metadata(weave.book.root))
    if weave.errors:
        raise Failure(lines(weave.errors))


def epub_(args):
    weave = edition(args, epub.Volume)
    epub.build(weave, Path(args.out), metadata(weave.book.root))
    if weave.errors:
        raise Failure(lines(weave.errors))


def edition(args, kind):
    """The surveyed prose of an edition."""
    root = Path(args.book).resolve()
    build = Path(args.build).resolve() if args.build else root / 'build'
    book = Book.load(root)
    weave = kind(book, build, Idents(book), instructor=args.instructor, coverage=features(book))
    weave.survey()
    return weave


def write_tex(weave, work, only):
    """All .tex files of the whole book, or of one chapter -> the name of the main one."""
    book, writer = weave.book, latex.Writer(weave)
    chapters = [only] if only else book.chapters
    weave.figures.prepare(src for chapter in chapters for src in weave.figures.named(chapter))
    for chapter in chapters:
        weave.begin(chapter)
        write(work / f'{chapter.key}.tex', writer.tex(weave.fill(chapter)))
    meta = metadata(book.root)
    if only:
        name = f'chapter-{only.key}'
        write(work / f'{name}.tex', tex.preview(meta, only.key, tex.first_page(work, only)))
        return name
    front = book.root / 'chapters' / '00-front.md'
    weave.begin(chapters[-1], 'front')
    write(work / 'front.tex', writer.tex(weave.front(front)) if front.is_file() else '')
    write(work / 'references.tex', latex.bibliography(weave.bibliography(), writer))
    name = 'instructor' if weave.instructor else 'book'
    write(work / f'{name}.tex', tex.main(meta, [chapter.key for chapter in chapters], weave.instructor))
    return name


def inputs(weave):
    """The files that the book is made of, for make."""
    root = weave.book.root
    return sorted({*(root / chapter.path for chapter in weave.book.chapters), *weave.runs.files(), *weave.figures.sources(),
                   *(root / 'chapters').glob('*.*'), *(root / 'exercises').glob('*/*.*'),
                   *HERE.glob('*.py'), *HERE.glob('*.cls'), *HERE.parent.glob('*.py')})


def lines(messages):
    return '\n'.join(dict.fromkeys(messages))


def main():
    parser = argparse.ArgumentParser(description='Weave the book.')
    parser.add_argument('edition', choices=['pdf', 'html', 'epub'])
    parser.add_argument('out', metavar='OUT')
    parser.add_argument('--chapter', metavar='NN')
    parser.add_argument('--instructor', action='store_true')
    parser.add_argument('--book', default=HERE.parent.parent, metavar='DIR')
    parser.add_argument('--build', metavar='DIR')
    parser.add_argument('--deps', metavar='FILE')
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        {'pdf': pdf, 'html': html, 'epub': epub_}[args.edition](args)
    except (BookError, Failure, tex.Failure, figures.Missing, fonts.Missing, website.Fault) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == '__main__':
    main()
