#!/usr/bin/env python3
"""A small book, woven for the web: what is superseded, promised, continued and in several files leads where it must, and what
would make a page wrong makes the build fail and leaves the old site alone."""

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'tangle'), str(HERE.parent / 'weave')]
from press import WEAVE, done, ok, press, same
import hypertext

PLACES = 'machine\tboot\tcaps\tnote\nv86\temu=v86\t-\tnone\n'
ONE = '''---
title: Beginnings <&> "ends"
summary: The first.
proves:
  - ROW-01
runs:
  boot: do=test,off
---

Some *first* words, with a **new term**. See [](#sec:more); [[start]], [[main: greet]] [@lkd].

::: aside
An aside & more.
:::

::: {.only edition="web"}
Webonly.
:::

::: {.only edition="print epub"}
Paperonly.
:::

```{.run name=boot}
```

<<init/main.c*>>=
/* a "comment" with <tags> & entities */
<<main: greet>>
void start(void)
{
	greet("x < y && z");
	<<main: later>>
}
@

<<main: greet>>=
static void greet(const char *who)
{
	who++;
	who--;
}
@

<<main: greet [+]>>=
KTEST("ROW-01", "it greets")
{
}
@
'''
TWO_A = '''---
title: Middle
summary: The second, first part.
---

## More {#sec:more}

Text.

<<main: greet [replace]>>=
static void greet(const char *who)
{
	who += 2;
	who--;
}
@

<<init/main.c [replace]>>=
<<main: greet>>
void start(void) { <<main: later>> }
@
'''
TWO_B = '''---
title: End
summary: The second, second part.
---

<<main: later>>=
greet(0);
@
'''
FILES = {'chapters/01-one.nw': ONE, 'chapters/02-a-two.nw': TWO_A, 'chapters/02-b-three.nw': TWO_B, 'build/01/runs/boot.txt': 'one & <two>\n',
         'tests/machines.tsv': PLACES}


def weave(book, edition='html', out='site'):
    run = subprocess.run([str(WEAVE), edition, str(book.path / out), '--book', str(book.path)], capture_output=True, text=True)
    return run.returncode, run.stderr.splitlines()


def use(page, name):
    """Where the first use of a chunk leads."""
    return re.search(rf'<a class="u" href="([^"]*)"[^>]*>⟨{re.escape(name)} ', page)[1]


book = press(FILES)
status, errors = weave(book)
ok(status == 0 and not errors, 'a small book is woven', *errors)
one, two, three = (book.read(f'site/{name}.html') for name in ('01-one', '02-a-two', '02-b-three'))
same([use(one, 'main: greet'), use(two, 'main: greet')], ['#ck:1.2', '#ck:2.1'], 'each chapter leads to the definition in force there')
same([use(one, 'main: later'), use(two, 'main: later')], ['02-b-three.html#ck:2.3'] * 2, 'a promise leads to where it is kept, in a chapter of several files')
same(re.findall(r'<a class="u" href="#ck:1.2" data-more="([^"]*)"', one), ['1.3'], 'what is continued unfolds with its continuation')
change = re.search(r'<details class="changes"><summary>What it changes</summary>(.*?)</details>', two, re.S)[1]
rows = [(sign, hypertext.text_of(text).strip()) for sign, text in re.findall(r'<i>(.)</i>(.*?)\n</', change)]
same([row for row in rows if row[0] != ' '][:2], [('-', 'who++;'), ('+', 'who += 2;')], 'a chunk that replaces another shows what it changes')
ok('<summary>What 2.1 makes of it</summary>' in one, 'and the replaced one what became of it')
same(re.findall(r'data-row="(ROW-\d+)"', one), ['ROW-01'] * 2, 'a claim is marked at its test and in the table')
same([rows for _, _, rows in hypertext.code_of(one)][0][0], '/* a "comment" with <tags> & entities */', 'code with <, & and quotes is what it was')
ok('Webonly' in one and 'Paperonly' not in one, 'an edition has its own words, and not the others\'')
ok('one &amp; &lt;two&gt;' in one, 'a transcript too is text')
ok('class="console"' not in one, 'a book without kernels has no consoles')
data = json.loads(re.fullmatch(r'weft\.put\("01",(.*)\);\n', book.read('site/assets/data/01.js'))[1])
same([row for row in data['names']['start']], [['1.1', 'function', 'void start(void)', 1 + ONE.split('\n').index('void start(void)')]], 'the script knows signature, chunk and line of a name')
found = json.loads(re.fullmatch(r'weft\.found\((.*)\);\n', book.read('site/assets/data/search.js'))[1])
ok(any(row[1] == 'sec:more' for row in found['sections']) and any(row[0] == 'greet' and row[3] == '2.1' for row in found['names']),
   'and search has sections and names')

# again: only what changed
before = {path.name: path.stat().st_mtime_ns for path in (book.path / 'site').glob('*.html')}
book.write('chapters/02-b-three.nw', TWO_B.replace('greet(0)', 'greet(1)'))
book.write('site/old.html', 'left by an earlier site')
status, errors = weave(book)
changed = sorted(name for name, was in before.items() if (book.path / 'site' / name).stat().st_mtime_ns != was)
same((status, changed), (0, ['02-b-three.html']), 'an edit rewrites its own page only')
ok(not (book.path / 'site/old.html').exists(), 'and what no longer belongs to the site is gone')
book.write('chapters/02-b-three.nw', TWO_B + '\n<<main: greet [replace]>>=\nstatic void greet(const char *who) { }\n@\n')
status, errors = weave(book)
ok(status == 0 and 'What 2.4 makes of it' in book.read('site/02-a-two.html'), 'a page follows when another chapter replaces its chunk', *errors)

# the EPUB of the same
status, errors = weave(book, 'epub', 'book.epub')
check = subprocess.run(['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-jar', '/usr/share/java/epubcheck.jar',
                        str(book.path / 'book.epub')], capture_output=True, text=True)
ok(status == 0 and check.returncode == 0, 'its EPUB is valid', *errors, check.stdout + check.stderr)
bytes_ = (book.path / 'book.epub').read_bytes()
weave(book, 'epub', 'book.epub')
same((book.path / 'book.epub').read_bytes() == bytes_, True, 'and the same, byte for byte, when it is woven again')


# faults

def planted(text, description, *words):
    broken = press({**FILES, 'chapters/01-one.nw': ONE + text, 'site/index.html': 'the old site'})
    status, errors = weave(broken)
    path, line = broken.here[0]
    hit = [row for row in errors if row.startswith(f'{path}:{line}: error: ') and all(word in row for word in words)]
    ok(status == 1 and hit and broken.read('site/index.html') == 'the old site', description, *errors)


planted('\nSee [](#sec:nowhere). HERE\n', 'a reference to nowhere', 'sec:nowhere')
planted('\n![A caption.](figures/none){#fig:none alt="x"} HERE\n', 'a missing figure', 'figures/none')
planted('\n::: {.only edition="radio"} HERE\nWords.\n:::\n', 'an edition that there is not', 'print, web, epub')
planted('\n```{.run name=other} HERE\n```\n', 'a run that the head does not name', 'other')
done()
