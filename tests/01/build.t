#!/usr/bin/env python3
"""The tangled tree is a kernel by itself: plain `make` in a copy of it gives an image that boots and answers."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, 'tests/lib')
from weft import ROOT, CHAPTER, boot, build, command, done, ok, same, tail  # noqa: E402

PROMPT = f'weft:{CHAPTER}> '


def clean_tree(out):
    """The tree as a reader gets it; in a mutant's build, the broken one."""
    if os.environ.get('WEFT_BUILD'):
        shutil.copytree(build() / 'src', out)
    else:
        command(ROOT / 'tangle/tangle', CHAPTER, out, '--clean')


def files(tree):
    return sorted(str(path.relative_to(tree)) for path in tree.rglob('*') if path.is_file())


with tempfile.TemporaryDirectory(prefix='weft-tree-') as directory:
    tree = Path(directory, 'tree')
    clean_tree(tree)
    before = files(tree)
    alone = {key: value for key, value in os.environ.items() if not key.startswith('MAKE') and key != 'MFLAGS'}
    said = command('make', cwd=tree, env=alone)
    ok('warning' not in said, 'the compiler has nothing to say', said)

    # `help` is typed, so that the answer shows the serial line working in both directions
    claim = 'BOOT-12 tangle and plain make give an image that boots to its prompt and answers'
    if not (tree / 'weft.elf').is_file():
        ok(False, claim, 'make left no weft.elf in the tree', said)
        done()
    result = boot(elf=tree / 'weft.elf', typed=['help', 'off'])
    lines = [text for _, text in result.lines]
    asked = lines.index(PROMPT + 'help') if PROMPT + 'help' in lines else len(lines)
    answer = lines[asked + 1:asked + 2]
    ok(answer and answer[0].split()[0] == 'help' and result.status == 33, claim, *tail(result))

    number = dict(line.split(' = ') for line in (tree / 'Makefile').read_text().splitlines()[:10] if ' = ' in line)
    version = '{VERSION}.{PATCHLEVEL}.{SUBLEVEL}{EXTRAVERSION}'.format(**number)
    same(lines[0].split()[:2], ['Weft', version + ','], "the banner's version is the Makefile's")

    symbols = (tree / 'System.map').read_text().split('\n')
    ok(any(line.endswith(' T start_kernel') for line in symbols), 'System.map lists the symbols')

    same(command('make', cwd=tree, env=alone).strip().splitlines()[-1:],
         ["make: Nothing to be done for 'all'."], 'a second make has nothing to do')
    command('make', 'clean', cwd=tree, env=alone)
    same(files(tree), before, 'make clean leaves the tree as it was tangled')
done()
