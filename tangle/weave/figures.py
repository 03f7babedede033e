#!/usr/bin/env python3
"""The book's pictures: figures/NAME.tex (the body of a TikZ picture) and figures/NAME.gp (a gnuplot plot).

    figures.py [--book DIR] [--build DIR] [NAME ...]    build them (all) into build/figures/NAME.pdf

The web edition asks for the same pictures as build/figures/NAME.svg.

Each is compiled once and kept until its source, the style or the data change. A plot reads its data from build/ and
is drawn by gnuplot's tikz terminal, so that its letters are the book's. A plot may read a transcript of a run through awk:
plot "< awk -f figures/slices.awk build/04/runs/crowd.txt" ...
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEASURE, WHOLE = 113.0, 154.0           # mm: the text, the text with its margin

PICTURE = r'''\documentclass[border=0pt,10pt]{standalone}
\input{style}
\begin{document}
\begin{tikzpicture}[weft]
\input{%s}%%
\end{tikzpicture}
\end{document}
'''
PLOT = r'''\documentclass[border=0pt,10pt]{standalone}
\input{style}
\usepackage{gnuplot-lua-tikz}
\begin{document}
\begin{tikzpicture}[gnuplot,weft]
\input{%s.plot}%%
\end{tikzpicture}
\end{document}
'''


class Missing(Exception):
    """A picture or its data is not there: blame the text that wants it."""


class Broken(Missing):
    """A picture that cannot be drawn; the message names its own line."""


def environment(build, *places):
    """What lualatex needs to find our files, to keep its caches in build/, and to give the same bytes every time."""
    cache = os.environ.get('TEXMFVAR') or str(build / 'weave' / 'texmf')
    return dict(os.environ, TEXINPUTS=':'.join([*map(str, places), str(HERE), '']), OSFONTDIR='/usr/share/fonts//',
                TEXMFVAR=cache, TEXMFCACHE=cache,
                SOURCE_DATE_EPOCH='0', FORCE_SOURCE_DATE='1', max_print_line='10000', TZ='UTC', LC_ALL='C.UTF-8')


class Figures:
    def __init__(self, root, build):
        self.root, self.directory, self.build = root, build / 'figures', build
        self._sources = set()

    def source(self, src):
        for suffix in ('.tex', '.gp'):
            path = self.root / (src + suffix)
            if path.is_file():
                return path
        raise Missing(f'figure {src} is missing: draw {src}.tex (TikZ) or {src}.gp (gnuplot)')

    @staticmethod
    def named(chapter):
        """The pictures that a chapter shows."""
        return [src for row in chapter.lines for src in re.findall(r'\]\((figures/[\w./-]+)\)', row)]

    def data(self, path):
        """The files that a plot reads, by itself or through a command ("< awk -f figures/x.awk build/04/runs/y.txt")."""
        text = re.sub(r'(?m)^\s*#.*$', '', path.read_text(encoding='utf-8'))
        names = re.findall(r'(?:(?<=["\'])|(?<=\s))((?:build|figures)/[\w./-]+)', text)
        return [self.build / name[6:] if name.startswith('build/') else self.root / name for name in dict.fromkeys(names)]

    def sources(self):
        return sorted(self._sources)

    def pdf(self, src):
        path, style = self.source(src), self.root / 'figures' / 'style.tex'
        inputs = [path, style, *([style.with_suffix('.gp'), *self.data(path)] if path.suffix == '.gp' else [])]
        self._sources.update(inputs)
        for extra in inputs:
            if not extra.is_file():
                raise Missing(f'figure {src} needs {extra}, which is missing')
        digest = hashlib.sha256()
        for extra in [*inputs, Path(__file__)]:
            digest.update(extra.read_bytes() + b'\0')
        out, stamp = self.directory / f'{path.stem}.pdf', self.directory / f'{path.stem}.sha256'
        if not (out.is_file() and stamp.is_file() and stamp.read_text() == digest.hexdigest()):
            self.compile(path, out)
            stamp.write_text(digest.hexdigest())
        return str(out)

    def svg(self, src):
        """The same picture for a screen -> its path. Letters are outlines, so that it looks alike everywhere."""
        pdf = Path(self.pdf(src))
        out = pdf.with_suffix('.svg')
        if not out.is_file() or out.stat().st_mtime < max(pdf.stat().st_mtime, Path(__file__).stat().st_mtime):
            done = subprocess.run(['pdftocairo', '-svg', str(pdf), '-'], capture_output=True, text=True)
            if done.returncode:
                raise Broken(f'{src}:1: error: pdftocairo: {" ".join(done.stderr.split())}')
            aside = out.with_suffix('.svg.new')
            aside.write_text(re.sub(r'(\d\.\d\d)\d+', r'\1', done.stdout), encoding='utf-8')
            os.replace(aside, out)
        return str(out)

    def compile(self, path, out):
        self.directory.mkdir(parents=True, exist_ok=True)
        job = f'{path.stem}-figure'
        if path.suffix == '.gp':
            self.plot(path, self.directory / f'{path.stem}.plot.tex')
        wrapper = PLOT if path.suffix == '.gp' else PICTURE
        (self.directory / f'{job}.tex').write_text(wrapper % path.stem)
        env = environment(self.build, self.root / 'figures', self.directory)
        done = subprocess.run(['lualatex', '-interaction=nonstopmode', '-halt-on-error', '-file-line-error', f'{job}.tex'],
                              cwd=self.directory, env=env, capture_output=True, stdin=subprocess.DEVNULL)
        log = (self.directory / f'{job}.log').read_text(errors='replace') if (self.directory / f'{job}.log').is_file() else ''
        name = path.relative_to(self.root)
        if done.returncode:
            found = re.search(r'^(\S*?):(\d+): (.*)', log, re.M)
            line = found[2] if found and Path(found[1]).stem == path.stem else '1'
            raise Broken(f'{name}:{line}: error: {found[3] if found else "lualatex failed"} (log: {self.directory}/{job}.log)')
        glyph = re.search(r'Missing character: There is no (.*?) in font', log)
        if glyph:
            raise Broken(f'{name}:1: error: the figure font has no glyph {glyph[1]}; write it in another way')
        os.replace(self.directory / f'{job}.pdf', out)

    def plot(self, path, out):
        done = subprocess.run(['gnuplot', '-e', f'set terminal tikz size 11.3cm,6.2cm nodocument nopicenvironment; '
                               f'set output "{out}"', 'figures/style.gp', str(path)], cwd=self.root, capture_output=True, text=True)
        if done.returncode or 'warning: Skipping data file' in done.stderr:      # nothing in it that can be plotted
            raise Broken(f'{path.relative_to(self.root)}:1: error: gnuplot: {" ".join(done.stderr.split())}')

    def prepare(self, srcs):
        """Compile several, two at a time; trouble is reported when each is used."""
        def attempt(src):
            try:
                self.pdf(src)
            except Missing:
                pass
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(attempt, dict.fromkeys(srcs)))


def main():
    parser = argparse.ArgumentParser(description='Build the figures.')
    parser.add_argument('names', nargs='*', metavar='NAME')
    parser.add_argument('--book', default=HERE.parent.parent, metavar='DIR')
    parser.add_argument('--build', metavar='DIR')
    args = parser.parse_args()
    root = Path(args.book).resolve()
    figures = Figures(root, Path(args.build).resolve() if args.build else root / 'build')
    names = args.names or sorted(p.stem for p in (root / 'figures').glob('*.*')
                                 if p.suffix in ('.tex', '.gp') and p.stem != 'style')
    try:
        for name in names:
            print(figures.pdf(f'figures/{name}'))
    except Missing as missing:
        sys.exit(str(missing))


if __name__ == '__main__':
    main()
