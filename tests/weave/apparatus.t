#!/usr/bin/env python3
"""What stands around the chunks is computed, and right: feet, bars, margin, numbers, transcripts, exercises, indexes."""

import re

from press import done, ok, press, same
from book import Book
from idents import Idents
from apparatus import Apparatus
import latex
import runs
import source

ONE = '''---
title: Beginnings
summary: The first of two.
borrow:
  - include/linux/list.h
proves:
  - ROW-01
explains:
  ROW-02: 02
runs:
  boot: mem=1G do=test,off
  host: $ nm $ELF
---

The first words, with a **new term**, [**Upper case**]{.index key="lower case"} and another [term]{.index key="terms, of art"}. See [](#sec:more), [](#ch:later),
[](#fig:box), [](#tab:t) and [](#ex:01-1-first); [[start_kernel]], [[main: greet]], [[struct thing]] [@lkd, p. 3].
It has `boot:/([0-9]+) bytes/`{.run} bytes.

::: aside
An aside in the margin.
:::

<<init/main.c*>>=
/* main.c */
#include <linux/list.h>
<<main: greet>>
struct thing { int field; };
void start_kernel(void)
{
	greet("a \\\\ {b} ~ #1 $x_y^z & `q` <tab>	'c'");
	<<main: later>>
}
@

<<main: greet>>=
static void greet(const char *who)
{
	printk("%s", who);
	printk("again");
	printk("end");
}
@

<<main: greet [+]>>=

#define MORE 1
@

<<wrong: a thought [show]>>=
never_compiled();
@

## More {#sec:more}

```{.run name=boot from="KTAP" to="1.."}
```

```{.run name=host first="T main" n=1}
```

| a   | b   |
|-----|-----|
| one | two |

: Its caption. {#tab:t}

![A box.](figures/box){#fig:box alt="a box"}

::: {.question #Q09}
What is asked?

What is answered.
:::

::: {.exercise #01-1-first}
:::

::: {.exercise stars=2}
Think.

::: solution
A thought.
:::
:::
'''
TWO = '''---
title: What comes later
summary: The second.
---

<<main: greet [replace]>>=
static void greet(const char *who)
{
	printk("%s, %s", who, "you");
	printk("end");
}
@

<<main: later>>=
	list_use();
@

<<include/linux/list.h*>>=
#define LIST 1
void list_use(void);
@
'''
FILES = {
    'chapters/01-one.nw': ONE, 'chapters/02-later.nw': TWO,
    'chapters/00-front.md': '# How to read\n\n::: {.specimen chunk="main: greet"}\n1. The number.\n:::\n',
    'chapters/book.yaml': 'title: The test book\nsubtitle: a trial\nauthor: Nobody\nrights: None.\n',
    'figures/box.tex': r'\draw[box] (0,0) rectangle (2,1) node[midway] {\texttt{box}};',
    'build/01/runs/boot.txt': 'Booting\nweft:01> test\nKTAP version 1\n' + 'x' * 70 + ' a word that does not fit any more\n1..1\n4711 bytes\n',
    'build/01/runs/host.txt': '01000000 T main\n',
    'exercises/01-1-first/text.md': '---\ntitle: Greet twice\nstars: 2\npoints: 10\n---\nDo so.\n\nA second paragraph.\n',
    'exercises/01-1-first/solution.nw': 'It is easy.\n\n<<main: greet [+]>>=\nint solved;\n@\n',
}
paper = press(FILES)
book = Book.load(paper.path)
apparatus = Apparatus(book, Idents(book))
chunks = apparatus.chunks


def foot(number):
    return [(note.text, [target[0] for target in note.targets]) for note in chunks[number].foot]


# -- the model, before any edition
same(foot('1.1'), [], 'a file needs no foot')
same(foot('1.2'), [('Continued in', ['1.3']), ('Used in', ['1.1']), ('Replaced in', ['2.1'])],
     'a foot says where a chunk goes on, is used and is replaced')
same(foot('1.3'), [('Begun in', ['1.2']), ('Used in', ['1.1']), ('Replaced in', ['2.1'])], 'and where it began')
same(foot('1.4'), [('Shown, not part of the kernel', [])], 'that it is only shown')
same(foot('2.1'), [(('Replaces', '4 lines changed or removed'), ['1.2', '1.3']), ('Used in', ['1.1'])], 'what it replaces, and how much')
same(foot('2.3'), [('Lent to', ['chapter 1'])], 'and to whom a file is lent')
same([line.changed for line in chunks['2.1'].lines], [False, False, True, False, False], 'bars stand at the changed lines')
same([line.removed_above for line in chunks['2.1'].lines], [False] * 5, 'and nowhere else')
ok(chunks['2.1'].removed_at_end, 'a mark says that the end was longer')
same([(c.number, c.files) for c in chunks.values()],
     [('1.1', ['init/main.c']), ('1.2', ['init/main.c']), ('1.3', ['init/main.c']), ('1.4', []),
      ('2.1', ['init/main.c']), ('2.2', ['init/main.c']), ('2.3', ['include/linux/list.h'])], 'each chunk knows its file')
same(chunks['1.1'].mini, [('greet', 'ck:1.2')], 'the margin names the definition in force at this chapter')
same(chunks['2.2'].mini, [('list_use', 'ck:2.3')], 'and later the later one')
same([(note.text, note.targets[0][0]) for note in chunks['1.1'].margin], [(('promise', 'main: later'), '2.2')], 'a promise says where it is kept')
same([line.number for line in chunks['1.2'].lines], list(range(book.named('main: greet')[0].line + 1, book.named('main: greet')[0].line + 7)),
     "lines have the chapter file's numbers")

# -- colouring
rows = source.tokens([['int x; /* a'], [' b */ "s"; // c'], ['#define X 1']], 'c')
same([[t for t in row if t[0] != ''] for row in rows],
     [[('k', 'int'), ('i', 'x'), ('c', '/* a')], [('c', ' b */'), ('s', '"s"'), ('c', '// c')], [('p', '#define'), ('i', 'X')]],
     'words, strings and comments are told apart, over line ends too')
text = '\tif (x)\t{ ~\\}\t"`$&#^_%\t\'" /* \\{} */'
for kind in ('c', 'asm', 'make', 'script', 'text', 'kconfig'):
    printed, _ = latex.code([(name, word, 'ck:1.1' if name == 'i' else '') for name, word in source.tokens([[text]], kind)[0]])
    same(latex.decode(printed), text, f'printed code reads back byte for byte ({kind})')

# -- transcripts
class Head:
    runs = {'boot': 'mem=1G smp=2 do=x,off quiet', 'before': 'ch=01 do=null', 'host': '$ nm $ELF'}


class Chapter:
    key, head = '02', Head


told = runs.Runs(paper.path / 'build')
same([told.command(Chapter, name) for name in Head.runs],
     ["make run CH=02 MEM=1G SMP=2 ARGS='do=x,off quiet'", "make run CH=01 ARGS=do=null", '$ nm $ELF'],
     'a run is named by the command that repeats it')

# -- margins: notes are moved apart and stay on the page
notes = [('a', '4', 600 << 16, 6 << 16, 100 << 16), ('b', '4', 550 << 16, 6 << 16, 20 << 16), ('c', '5', 75 << 16, 6 << 16, 60 << 16)]
moved = latex.layout(notes)
same((moved['a'], moved['b'][0], moved['c'][0]), ((0, 0), 0, 1), 'the first note stays, sides follow the page')
ok(moved['b'][1] >= (600 - 100 - 550 + 6) * 65536, 'the second is moved below the first', moved)
ok(moved['c'][1] < 0, 'one at the foot of the page is moved up', moved)

# -- the page
run = paper.weave()
ok(run.status == 0, 'the book is woven', run)
first = (paper.path / 'book.pdf').read_bytes()
pages = paper.text()
squeezed = ' '.join(pages.split())


def printed(text, description):
    ok(' '.join(text.split()) in squeezed, description, pages[:6000])


printed('The test book', 'the title')
printed('new term, Upper case and another term', 'terms')
printed('See Section 1.1', 'a reference is filled in')
ok(re.search(r'See Section 1\.1(?: \(page \d+\))?, Chapter 2 \(page \d+\), Figure 1\.1(?: \(page \d+\))?, Table 1\.1(?: \(page \d+\))? and Exercise 1\.1',
             squeezed), 'with number and page', pages[:3000])
printed('⟨main: greet 1.2⟩', "a chunk's name")
printed('Continued in 1.3. Used in 1.1. Replaced in 2.1 (page 3).', 'a foot, with the pages that are not this one')
printed('[LKD, p. 3]', 'a citation')
printed('It has 4711 bytes', 'a number from a run')
printed("make run CH=01 MEM=1G ARGS=do=test,off KTAP version 1", "a transcript under the command that captured it")
printed('x' * 70 + ' a word ¬ that does not fit any more 1..1', 'and wrapped where it is too wide')
printed('$ nm $ELF 01000000 T main', "a host command's output")
printed('Table 1.1 Its caption.', 'a table')
printed('Figure 1.1 A box.', 'a figure')
printed('Q09 What is asked? What is answered.', 'a question')
printed('1.1 Greet twice ★★ make exercise EX=01-1, 10 points Do so. A second paragraph.', 'an exercise')
printed('1.2 ★★ Think.', 'a question to think about')
ok('A thought' not in pages and 'solved' not in pages, 'no solutions')
printed('Borrowed for this chapter’s kernel and explained in chapter 2: include/linux/list.h 3', 'what is borrowed')
printed('⟨main: later⟩ is kept in 2.2, page', 'what is promised')
printed('ROW-01 A first claim', 'the rows proven here')
printed('by the kernel of the chapter named ROW-02 A second claim 2', 'and elsewhere')
printed('lower case, 1 new term, 1 terms, of art, 1', 'the subject index')
printed('init/main.c 1.1', 'the index of files')
printed('① 2.1 ⟨main: greet⟩', 'the specimen in the front matter')

# -- the same bytes from nothing
for path in (paper.path / 'build' / 'weave').glob('*.*'):
    path.unlink()
run = paper.weave('--deps', str(paper.path / 'deps'))
ok(run.status == 0 and (paper.path / 'book.pdf').read_bytes() == first, 'the same book has the same bytes', run)
ok('chapters/01-one.nw' in paper.read('deps') and 'boot.txt' in paper.read('deps') and 'figures/box.tex' in paper.read('deps'),
   'and lists what it depends on')
run = paper.weave('--instructor', '--chapter', '1')
text = ' '.join(paper.text().split())
ok(run.status == 0 and 'Solution It is easy.' in text and 'int solved;' in text and 'Solution A thought.' in text,
   "the instructor's edition prints the solutions", run)

# -- a chapter in parts
PART = """---
title: {0} part
summary: x
---

See [](#ch:{0}-part), [](#sec:{0}), [](#ex:01-{1}-1-count) and [](#ex:think-{1}).

## Section {{#sec:{0}}}

<<init/{0}.c*>>=
int {0};
@

::: {{.exercise #01-{1}-1-count}}
:::

::: {{.exercise stars=1 #ex:think-{1}}}
Think.
:::
"""
paper = press({
    'chapters/01-a-first-part.nw': PART.format('first', 'a'), 'chapters/01-b-second-part.nw': PART.format('second', 'b'),
    **{f'exercises/01-{part}-1-count/text.md': f'---\ntitle: Count\nstars: 1\npoints: 4\n---\nDo {part}.\n' for part in 'ab'},
    'chapters/book.yaml': 'title: The test book\nsubtitle: a trial\nauthor: Nobody\nrights: None.\n'})
run = paper.weave()
pages = paper.text() if run.status == 0 else ''
squeezed = ' '.join(pages.split())
same((run.status, run.errors), (0, []), 'a chapter in parts is woven')
for part, section in (('a', '1.1'), ('b', '1.2')):
    ok(re.search(rf'See Chapter 1{part}.*?, Section {section}.*?, Exercise 1{part}\.1.*? and Exercise 1{part}\.2', squeezed),
       f'what refers to part {part}', pages)
    printed(f'1{part}.1 Count ★ make exercise EX=01-{part}-1, 4 points Do {part}.', f'its exercise in the part {part}')
    printed(f'1{part}.2 ★ Think.', 'and its question')

# -- what only a draft explains
paper = press({
    'chapters/01-one.nw': """---
title: Beginnings
summary: It borrows.
borrow:
  - include/linux/list.h
---

Of [](#ch:lists), [[list_use]], [[list.h]] and [[list: more]] later.

<<init/main.c*>>=
#include <linux/list.h>
<<main: later>>
void start_kernel(void)
{
	list_use();
}
@
""",
    'chapters/02-lists.nw': """---
title: Lists
summary: Not written.
draft: true
---

Nothing of this is printed.

<<include/linux/list.h*>>=
void list_use(void);
<<list: more>>
@

<<list: more>>=
#define MORE 1
@

<<kernel/later.c>>=
<<main: later>>
@

<<main: later>>=
int later;
@
""",
    'chapters/book.yaml': 'title: The test book\nsubtitle: a trial\nauthor: Nobody\nrights: None.\n'})
run = paper.lint()
ok(run.status == 0, 'a book with a draft has no mistakes', run)
run = paper.weave()
pages = paper.text() if run.status == 0 else ''
squeezed = ' '.join(pages.split())
same((run.status, run.errors), (0, []), 'and is woven')
printed('Of Chapter 2, list_use, list.h and ⟨list: more⟩ later.', 'what the text names in it has no page')
printed('Borrowed for this chapter’s kernel and explained in chapter 2, still to come: include/linux/list.h ', 'nor what is borrowed')
printed('⟨main: later⟩ is kept in chapter 2.', 'nor what is promised')
ok('Nothing of this' not in pages and 'int later' not in pages and 'Not written' not in pages, 'and the draft is not printed')
ok('··' not in pages, 'no page is missing', pages)
done()
