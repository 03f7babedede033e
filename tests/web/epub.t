#!/usr/bin/env python3
"""The EPUB is valid, and its code is the chapters', byte for byte. Reads build/weft.epub; `make check` has made it."""

import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'tangle')]
from scratch import ROOT, done, ok, same
sys.path[:0] = [str(ROOT / 'tangle' / 'weave')]
from book import Book
import hypertext

EPUB, CHECKER = ROOT / 'build' / 'weft.epub', '/usr/share/java/epubcheck.jar'
if not EPUB.is_file():
    ok(False, 'build/weft.epub is there', 'make epub')
    done()
book = Book.load()
with zipfile.ZipFile(EPUB) as volume:
    sheets = ''.join(volume.read(name).decode() for name in volume.namelist() if name.endswith('.xhtml'))
found = hypertext.code_of(sheets)
wanted = [d for chapter in book.chapters for d in chapter.definitions]
same([anchor for anchor, _, _ in found], [f'ck:{d.number}' for d in wanted], f'the EPUB has all {len(wanted)} chunks, in order')
differ = [d.number for (_, _, rows), d in zip(found, wanted) if rows != d.lines]
same(differ[:10], [], 'and their code, byte for byte')
check = subprocess.run(['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-jar', CHECKER, str(EPUB)], capture_output=True, text=True)
said = check.stdout + check.stderr
ok(check.returncode == 0 and 'No errors or warnings' in said, 'epubcheck finds nothing to say', *said.splitlines()[:20])
done()
