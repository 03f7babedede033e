"""A small book to weave, for the tests of weaving.

    book = press(chapters..., **files)    a Scratch (tests/tangle/scratch.py) with the figures' style and a bibliography
    book.weave('--chapter', '1')          -> Done(.status, .errors, .out); the PDF is book.path / 'book.pdf'
    book.text()                           its text
    book.tex('01')                        the LaTeX of a chapter

The font caches of build/ are shared, so that a page takes two seconds and not ten.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'tangle')]
from scratch import ROOT, Done, Scratch, done, ok, same                              # noqa: E402,F401

sys.path[:0] = [str(ROOT / 'tangle' / 'weave')]
WEAVE = ROOT / 'tangle' / 'weave' / 'weave.py'


class Press(Scratch):
    def weave(self, *options):
        cache = ROOT / 'build' / 'weave' / 'texmf'
        cache.mkdir(parents=True, exist_ok=True)
        run = subprocess.run([str(WEAVE), 'pdf', str(self.path / 'book.pdf'), '--book', str(self.path), *options],
                             capture_output=True, text=True, env={**os.environ, 'TEXMFVAR': str(cache)})
        return Done(run.returncode, run.stderr.splitlines(), run.stdout)

    def text(self):
        return subprocess.run(['pdftotext', '-raw', str(self.path / 'book.pdf'), '-'], capture_output=True, text=True).stdout

    def tex(self, key):
        return self.read(f'build/weave/{key}.tex')


def press(files):
    return Press({'figures/style.tex': (ROOT / 'figures' / 'style.tex').read_text(),
                  'chapters/references.bib': '@book{lkd,\n  shorthand = {LKD},\n  author = {Love, Robert},\n'
                                             '  title = {Linux Kernel Development},\n  year = {2010},\n}\n',
                  'tests/coverage.tsv': 'id\tchapter\tfeature\nROW-01\tx\tA first claim\nROW-02\tx\tA second claim\n', **files})
