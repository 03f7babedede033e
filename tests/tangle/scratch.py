"""Small books in a temporary directory, for the tests of the tangle engine, and TAP.

    book = Scratch({'chapters/01-one.nw': text, ...})   write them; a chapter without a head gets one
    book.tangle('01', 'out', '--clean')                 run the tools on it -> Done(.status, .errors, .out)
    book.lint()
    book.read('out/kernel/a.c')
    book.here                                           [(path, line)] where a text had the mark HERE (taken out of it)
    ok(...), same(...), done()                          TAP, as in tests/lib/weft.py
"""

import atexit
import os
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'lib'))
from weft import ROOT, done, ok, same                                                # noqa: E402,F401

TOOLS = ROOT / 'tangle'
HEAD = '---\ntitle: A chapter\nsummary: It has a head.\n---\n\n'
HERE = ' HERE'

Done = namedtuple('Done', 'status errors out')


class Scratch:
    def __init__(self, files):
        self._directory = tempfile.TemporaryDirectory(prefix='weft-test.')
        atexit.register(self._directory.cleanup)
        self.path, self.here = Path(self._directory.name), []
        for path, text in files.items():
            self.write(path, text)

    def write(self, path, text):
        if isinstance(text, str):
            if path.startswith('chapters/') and path.endswith('.nw') and not text.startswith('---'):
                text = HEAD + text
            self.here += [(path, number) for number, line in enumerate(text.split('\n'), 1) if HERE in line]
            text = text.replace(HERE, '').encode()
        (self.path / path).parent.mkdir(parents=True, exist_ok=True)
        (self.path / path).write_bytes(text)

    def tangle(self, checkpoint, out='out', *options, **environment):
        return self.run('tangle', checkpoint, str(self.path / out), *options, **environment)

    def lint(self, *files):
        return self.run('lint', *files)

    def run(self, tool, *arguments, **environment):
        done = subprocess.run([str(TOOLS / tool), '--book', str(self.path), *arguments], capture_output=True, text=True,
                              errors='replace', cwd=self.path, env={**os.environ, **environment})
        return Done(done.returncode, done.stderr.splitlines(), done.stdout)

    def read(self, path):
        return (self.path / path).read_text()

    def files(self, directory='out'):
        """All files below a directory, hidden ones too."""
        top = self.path / directory
        return sorted(str(p.relative_to(top)) for p in top.rglob('*') if p.is_file())
