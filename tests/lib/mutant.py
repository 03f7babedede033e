"""Mutants: small patches that each disable one mechanism, kept beside the test that must notice.

    tests/NN/mutants/ROW-slug.mutant:
        row: BOOT-03                        the row of coverage.tsv whose test must turn red, and no other row's
        what: the identity map stays        one line, for the kill list
        test: kernel                        the self-tests of checkpoint NN; or a file of tests/NN/, say oops.t
        machine: bochs                      optional, a machine of tests/machines.tsv; qemu otherwise
        overlay: history/03-x.nw            optional: it is the checkpoint with this file laid over it that is broken, and
                                            that `test`, a file of tests/NN/, builds with overlay()
        file: arch/x86/mm/init.c            in the tangled tree; then one or more of
        <<<<
        old text, exactly once in the file
        ====
        new text
        >>>>
    More `file:` lines with their blocks may follow. White space and #line do not matter when the old text is looked for.

    mutants(chapter)                  [Mutant] of tests/NN/mutants/, or Broken
    mutant.key(src)                   hash of all that its outcome depends on, but not of where the code stands in the book
    mutant.apply(src)                 change the tree
    killed()                          what build/mutants/killed.tsv says: {path: Kill}
"""

import hashlib
import re
from collections import namedtuple
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KILLED = ROOT / 'build/mutants/killed.tsv'
BLOCK = re.compile(r'<<<<\n(.*?)\n?====\n(.*?)\n?>>>>$', re.S | re.M)
Kill = namedtuple('Kill', 'path row chapter verdict note key')


class Broken(Exception):
    """The mutant's file is at fault, not the test that should see it."""


class Mutant:
    def __init__(self, path):
        self.path, self.chapter = Path(path), Path(path).resolve().parent.parent.name
        self.ours = self.path.resolve().is_relative_to(ROOT / 'tests')
        self.name = str(self.path.resolve().relative_to(ROOT)) if self.ours else str(path)
        self.text = self.path.read_text()
        head = dict(re.findall(r'^(row|what|test|machine|overlay): *(.*?) *$', self.text.partition('\nfile:')[0], re.M))
        missing = [key for key in ('row', 'what', 'test') if key not in head]
        if missing:
            raise Broken(f'{self.name}:1: error: no `{missing[0]}:` line above the first `file:`')
        self.row, self.what, self.test = head['row'], head['what'], head['test']
        self.machine, self.overlay = head.get('machine', 'qemu'), head.get('overlay')
        self.edits = []
        for part in re.split(r'^file: *', self.text, flags=re.M)[1:]:
            file, _, blocks = part.partition('\n')
            found = BLOCK.findall(blocks)
            if not found or blocks.count('<<<<') != len(found):
                raise Broken(f'{self.name}: error: after `file: {file.strip()}` come blocks of <<<<, old text, ====, new '
                             'text, >>>>, each mark alone on its line')
            self.edits += [(file.strip(), old, new) for old, new in found]
        if not self.edits:
            raise Broken(f'{self.name}: error: it changes nothing: no `file:` line')
        self.script = None
        if self.overlay and (self.test == 'kernel' or not (ROOT / self.overlay).is_file()):
            raise Broken(f'{self.name}: error: `overlay:` names a file of the repository, and `test:` a file that builds it')
        if self.test != 'kernel':
            self.script = ROOT / 'tests' / self.chapter / Path(self.test).name
            if not self.script.is_file():
                raise Broken(f'{self.name}: error: no test tests/{self.chapter}/{Path(self.test).name}; '
                             '`test:` is `kernel` or a file of that directory')

    def key(self, src):
        digest = hashlib.sha256(b'1' + self.text.encode())
        if self.overlay:
            digest.update((ROOT / self.overlay).read_bytes())
        if self.script:
            digest.update(self.script.read_bytes())
        files = sorted(path for path in Path(src).rglob('*') if path.is_file())
        digest.update(tree(Path(src), tuple((path, path.stat().st_mtime_ns) for path in files)))
        return digest.hexdigest()[:16]

    def apply(self, src):
        for file, old, new in self.edits:
            path = Path(src, file)
            if not path.is_file():
                raise Broken(f'{self.name}: error: the tree has no file {file}')
            text = path.read_text()
            flat, places = plain(text)
            wanted = plain(old)[0]
            if flat.count(wanted) != 1 or not wanted:
                raise Broken(f'{self.name}: error: {file} has the old text {flat.count(wanted)} times, not once: '
                             f'{old.strip().splitlines()[0] if old.strip() else "(empty)"} ...')
            start = flat.index(wanted)
            begin, end = places[start], places[start + len(wanted) - 1] + 1
            path.write_text(text[:begin] + new.lstrip() + text[end:])


@lru_cache(8)
def tree(src, files):
    """All the code below src, for a hash. It takes a second, and is the same for every mutant of a checkpoint."""
    return b''.join(f'{path.relative_to(src)}\n{plain(path.read_text(errors="replace"))[0]}'.encode() for path, _ in files)


def plain(text):
    """The text without #line and with single blanks, and the place of each character in the original."""
    out, places, at = [], [], 0
    for line in text.splitlines(keepends=True):
        if not line.startswith('#line '):
            for match in re.finditer(r'\S+', line):
                if out:
                    out.append(' ')
                    places.append(at + match.start())
                out += match[0]
                places += range(at + match.start(), at + match.end())
        at += len(line)
    return ''.join(out), places


def mutants(chapter):
    return [Mutant(path) for path in sorted((ROOT / 'tests' / chapter / 'mutants').glob('*.mutant'))]


def killed():
    if not KILLED.exists():
        return {}
    rows = [line.split('\t') for line in KILLED.read_text().splitlines()[1:]]
    return {row[0]: Kill(*row) for row in rows}


def save(kills):
    KILLED.parent.mkdir(parents=True, exist_ok=True)
    new = KILLED.with_name('killed.tsv.new')
    new.write_text('\t'.join(Kill._fields) + '\n' +
                   ''.join('\t'.join(kill) + '\n' for _, kill in sorted(kills.items())))
    new.replace(KILLED)
