#!/usr/bin/env python3
"""What would make a printed page wrong makes the build fail, with the place and the remedy, and keeps the old book."""

import os
import signal
import subprocess
import time

from press import ROOT, WEAVE, done, ok, press

HEAD = '---\ntitle: One\nsummary: A first.\nruns:\n  boot: do=test,off\n  never: do=null\n---\n\n'
GOOD = HEAD + '''Some text about [[one]] that is good.

<<a.c*>>=
int one;
@
'''


def message(run, place, *words):
    """The one line that names the place, with all the words."""
    return [line for line in run.errors if line.startswith(f'{place}: error: ') and all(word in line for word in words)]


def planted(text, description, *words, **files):
    """A chapter with this fault at the line marked HERE; it is found before LaTeX is asked."""
    book = press({'chapters/01-one.nw': GOOD + text, 'build/01/runs/boot.txt': 'one\ntwo 22 bytes\n',
                  **{name.replace('__', '/'): body for name, body in files.items()}})
    run = book.weave()
    path, line = book.here[0]
    found = message(run, f'{path}:{line}', *words)
    ok(run.status == 1 and len(found) == 1 and len(run.errors) == 1 and not (book.path / 'book.pdf').exists(),
       description, run)


planted('\n```{.run name=never} HERE\n```\n', 'a run that was not captured', 'never', 'make runs')
planted('\n```{.run name=other} HERE\n```\n', 'a run that the head does not name', 'other', 'runs:')
planted('\n```{.run name=boot from="absent"} HERE\n```\n', 'a part that the run does not have', 'absent')
planted('\n```{.run name=boot from="two" to="one"} HERE\n```\n', 'a part whose end comes before its beginning', 'one')
planted('\nIt has `boot:/([0-9]+) frogs/`{.run} bytes. HERE\n', 'a number that the run does not say', 'frogs')
planted('\nSee [](#sec:nowhere). HERE\n', 'a reference to nothing', '#sec:nowhere')
planted('\nSee [[nobody]]. HERE\n', 'a name that is not in the book', 'nobody')
planted('\nAs said [@nobody]. HERE\n', 'a citation without its entry', '@nobody', 'references.bib')
planted('\n![A picture.](figures/none){#fig:none alt="none"} HERE\n', 'a figure that nobody drew', 'figures/none')
planted('\n![A picture.](figures/box){#fig:box} HERE\n', 'a figure without alternative text', 'alternative text',
        figures__box='', **{'figures__box.tex': r'\draw (0,0) rectangle (1,1);'})
planted('\n::: {.exercise #01-1-none} HERE\n:::\n', 'an exercise without its text', 'exercises/01-1-none/text.md')
planted('\nThe \\LaTeX{} way. HERE\n', 'raw LaTeX, which no other edition could print', 'raw tex')

# faults that only LaTeX can see, all in one book
book = press({'chapters/01-one.nw': GOOD + '''
\nThe word `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` is long. HERE

<<b.c*>>=
int two;        /* a comment that reaches beyond the eighty columns of the printed page */ HERE
@

This glyph, ⺇, is in none of our fonts. HERE
'''})
(book.path / 'book.pdf').write_text('the old book')
run = book.weave()
places = [f'{path}:{line}' for path, line in book.here]
ok(message(run, places[0], 'too wide'), 'a line of text that does not fit', run)
ok(message(run, places[1], 'too wide', 'shorten'), 'a line of code that does not fit', run)
ok(message(run, places[2], 'no glyph', '⺇'), 'a character that no font has', run)
ok(run.status == 1 and len(run.errors) == 3, 'and nothing else', run)
ok(book.read('book.pdf') == 'the old book', 'the old book stays where it is')
run = book.weave('--chapter', '1')
ok(run.status == 1 and len(run.errors) == 3 and (book.path / 'book.pdf').read_bytes().startswith(b'%PDF'),
   'a preview shows the faults and appears all the same', run)

# a figure that does not compile
book = press({'chapters/01-one.nw': GOOD + '\n![A picture.](figures/bad){#fig:bad alt="bad"}\n',
              'figures/bad.tex': '% a comment\n\\draw (0,0) -- (1,1);\n\\drow (0,0) -- (1,1);\n'})
run = book.weave()
ok(run.status == 1 and message(run, 'figures/bad.tex:3', 'Undefined control sequence'), 'a figure that does not compile', run)

# an interrupted build
book = press({'chapters/01-one.nw': GOOD})
weaving = subprocess.Popen([str(WEAVE), 'pdf', str(book.path / 'book.pdf'), '--book', str(book.path)],
                           env={**os.environ, 'TEXMFVAR': str(ROOT / 'build/weave/texmf')}, start_new_session=True)
until = time.time() + 20
while not (book.path / 'build/weave/book.log').exists() and time.time() < until:
    time.sleep(0.02)
os.killpg(weaving.pid, signal.SIGTERM)
ok(weaving.wait() != 0 and [p for p in os.listdir(book.path) if 'book.pdf' in p] == [], 'an interrupted build leaves no book')
(book.path / 'build/weave/book.aux').write_text('\\relax\n\\newlabel{half')
run = book.weave()
ok(run.status == 0 and 'Some text about one' in book.text(), 'and the next one is not disturbed by what it left', run)
done()
