#!/usr/bin/env python3
"""Plant every mistake an author can make; expect one line that names the place, the thing and the remedy.

A text says with HERE on which lines the mistake is to be reported. A case is (what, files, pattern of the message);
a case's files are laid over a good book that has no mistakes.
"""

import re

from scratch import Scratch, done, ok            # puts tangle/ into the path
from book import Book
from proofread import everything

ROOT = '<<kernel/a.c*>>=\nint a;\n<<a: more>>\n@\n\n'
MORE = '<<a: more>>=\nint more;\n@\n'
GOOD = '## A section {#sec:one}\n\nSee [[more]], [](#sec:one) and [](#ch:one).\n\n' + ROOT + MORE
SECOND = '<<a: more [+]>>=\nint again;\n@\n'
COVERAGE = 'id\tchapter\tfeature\tproven_from\nROW-01\ta\tb\t01\nROW-02\ta\tb\t02\nROW-09\ta\tb\t09\n'
BASE = {'chapters/01-one.nw': GOOD, 'chapters/02-two.nw': SECOND, 'tests/coverage.tsv': COVERAGE,
        'chapters/references.bib': '@book{known,\n title = {x}}\n'}
EXERCISE = {
    'exercises/01-1-count/text.md': '---\ntitle: Count\nstars: 1\npoints: 2\n---\n\nCount.\n',
    'exercises/01-1-count/starter.nw': '<<a: more [+]>>=\nint starter;\n@\n',
    'exercises/01-1-count/solution.nw': '<<a: more [replace]>>=\nint solution;\n@\n',
    'exercises/01-1-count/grader.nw': '<<kernel/grader.c*>>=\nint grader;\n@\n',
    'exercises/01-1-count/grade.py': '@claim(2, "it counts")\ndef counts(): pass\n'}
LACKING = '<<a: more [replace]>>=\nint mine;\nint more;\nint most;\n@\n'
SET = '::: {.exercise #01-1-count}\n:::\n\n'


def head(*lines):
    return '\n'.join(['---', 'title: A chapter', 'summary: It has a head.', *lines, '---', '', ''])


def one(text):
    return {'chapters/01-one.nw': text}


def two(text):
    return {'chapters/02-two.nw': text}


CHUNKS = [
    ('undefined chunk', one(GOOD + '<<kernel/b.c*>>=\n<<b: nowhere>> HERE\n@\n'),
     r'<<b: nowhere>> is used but no chapter defines it; define it'),
    ('undefined chunk, misspelt', one(ROOT.replace('<<a: more>>', '<<a: More>> HERE') + '<<kernel/b.c*>>=\n<<a: more>>\n@\n' + MORE),
     r'did you mean <<a: more>>\?'),
    ('unused chunk', one(GOOD + '<<b: idle>>= HERE\nint b;\n@\n'),
     r'<<b: idle>> is used by no file of this checkpoint; use it, or mark it \[show\]'),
    ('redefinition without modifier', one(GOOD + MORE.replace('>>=', '>>= HERE')),
     r'<<a: more>> is defined already at chapters/01-one.nw:\d+; add \[\+\] to append or \[replace\]'),
    ('redefinition in a later chapter', two(MORE.replace('>>=', '>>= HERE')),
     r'<<a: more>> is defined already at chapters/01-one.nw:'),
    ('append before definition', one(GOOD + '<<a: none [+]>>= HERE\n@\n'),
     r'cannot append to <<a: none>>, which is not defined; drop the modifier'),
    ('append to what a later chapter defines', {**one(GOOD + '<<b: late [+]>>= HERE\nx\n@\n'),
                                               **two(SECOND + '<<kernel/b.c*>>=\n<<b: late>>\n@\n<<b: late>>=\nint b;\n@\n')},
     r'cannot append to <<b: late>>, which is first defined later, at chapters/02-two.nw:\d+'),
    ('replace before definition', two(SECOND + '<<a: none [replace]>>= HERE\nx\n@\n'),
     r'cannot replace <<a: none>>, which is not defined'),
    ('delete before definition', two(SECOND + '<<a: none [delete]>>= HERE\n@\n'),
     r'cannot delete <<a: none>>, which is not defined'),
    ('delete twice', {**two('<<a: more [delete]>>=\n@\n'), 'chapters/03-three.nw': '<<a: more [delete]>>= HERE\n@\n'},
     r'cannot delete <<a: more>>, which was deleted at chapters/02-two.nw:6'),
    ('delete with code', two('<<a: more [delete]>>= HERE\nint x;\n@\n'),
     r'<<a: more \[delete\]>> has code below it; \[delete\] takes none'),
    ('replace in the defining chapter', one(GOOD + '<<a: more [replace]>>= HERE\nint x;\n@\n'),
     r'<<a: more>> is replaced in the chapter that defines it \(line \d+\).*\[show\]'),
    ('duplicate root', two(SECOND + '<<kernel/a.c*>>= HERE\nint b;\n@\n'),
     r'duplicate root kernel/a.c: chapters/01-one.nw:10 defines that file already; use \[\+\]'),
    ('a root that is a directory of another', two(SECOND + '<<kernel/a.c/b>>= HERE\nint b;\n@\n'),
     r'duplicate root kernel/a.c/b: kernel/a.c is a file already, at chapters/01-one.nw:10'),
    ('cyclic chunks', one(GOOD + '<<b: x>>=\n<<b: y>>\n@\n<<b: y>>=\nint y;\n<<b: x>> HERE\n@\n<<kernel/b.c>>=\n<<b: x>>\n@\n'),
     r'cyclic chunks: <<b: x>> -> <<b: y>> -> <<b: x>>; one of them must not use the next'),
    ('a chunk that uses itself', one(GOOD + '<<b: x>>=\n<<b: x>> HERE\n@\n<<kernel/b.c>>=\n<<b: x>>\n@\n'),
     r'cyclic chunks: <<b: x>> -> <<b: x>>'),
    ('a << b >> c taken for a reference', one(GOOD.replace('int more;', 'int more = 1 << 5 >> 2; HERE')),
     r'`<< 5 >>` is taken for a chunk reference; if it is code, write @<< for the shift or break the line'),
    ('a<<b>>c taken for a reference', one(GOOD.replace('int more;', 'int more = 1<<5>>2; HERE')),
     r'`<<5>>` is taken for a chunk reference; if it is code, write @<<'),
    ('<< in prose', one('Shift left by << like this. HERE\n\n' + GOOD), r'`<<` in prose'),
    ('<< in a fence', one('```sh\ncat <<EOF HERE\n```\n\n' + GOOD), r'`<<` in prose'),
    ('a whole chunk name in prose', one('As <<a: more>> says. HERE\n\n' + GOOD), r'`<<` in prose.*write \[\[name\]\] for a chunk'),
    ('unclosed chunk swallowing prose', one(GOOD.replace('int a;\n<<a: more>>\n@', 'int a;\n<<a: more>>').replace(
        '<<kernel/a.c*>>=', '<<kernel/a.c*>>= HERE')), r'<<kernel/a.c\*>> is never closed and swallows everything up to line 13;'),
    ('unclosed last chunk', one((GOOD + '<<kernel/b.c*>>= HERE\nint b;\n')), r'<<kernel/b.c\*>> is never closed'),
    ('text after the closing @', one(GOOD + '<<kernel/b.c*>>= HERE\nint b;\n@ and so on\n'),
     r'text after the @ that closes <<kernel/b.c\*>> \(line 20\)'),
    ('a stray @', one(GOOD + '\n@ HERE\n\nMore.\n'), r'a stray @: no chunk is open here'),
    ('bad name: no area', one(GOOD + '<<more of it>>= HERE\nint b;\n@\n'),
     r'bad name <<more of it>>; a chunk is called "area: phrase"'),
    ('bad name: an absolute path', one(GOOD + '<</etc/passwd>>= HERE\nroot\n@\n'), r'bad name <</etc/passwd>>; a file is a relative path'),
    ('bad name: out of the tree', one(GOOD + '<<../x>>= HERE\nroot\n@\n'), r'bad name <<../x>>; a file is a relative path'),
    ('stray blanks', one(GOOD + '<<b: two  blanks>>= HERE\nint b;\n@\n<<kernel/b.c>>=\n<<b: two  blanks>>\n@\n'),
     r'stray blanks in <<b: two  blanks>>; write <<b: two blanks>>'),
    ('stray blanks around a name', one(GOOD + '<< kernel/b.c >>= HERE\nint b;\n@\n'),
     r'stray blanks in << kernel/b.c >>; write <<kernel/b.c>>'),
    ('a blank line that is indented', one(GOOD + '<<kernel/b.c>>=\n\t<<b: x>>\n@\n<<b: x>>= HERE\n\nint b;\n@\n'),
     r'<<b: x>> begins with a blank line, and line 19 of chapters/01-one.nw indents it'),
    ('unknown modifier', one(GOOD + '<<kernel/b.c [append]>>= HERE\nint b;\n@\n'),
     r'bad modifier in <<kernel/b.c \[append\]>>; known: \[\+\]'),
    ('a use with a modifier', one(GOOD + '<<kernel/b.c>>=\n<<a: more [+]>> HERE\n@\n'),
     r'<<a: more \[\+\]>> is a use, and a use takes no modifier'),
    ('a file used as a chunk', one(GOOD + '<<kernel/b.c>>=\n<<kernel/a.c>> HERE\n@\n'),
     r'<<kernel/a.c>> is a file of its own and cannot be part of <<kernel/b.c>>'),
    ('bad file name', {'chapters/3-three.nw': '<<kernel/b.c>>= \nint b;\n@\n'}, r'bad file name; a chapter is called NN-slug.nw'),
    ('borrow of an unknown root', one(head('borrow:', '  - include/none.h HERE') + GOOD),
     r'borrow: no later chapter has the file include/none.h'),
    ('borrow of what is borrowed', {**one(head('borrow:', '  - include/b.h') + GOOD), **two(head('borrow:', '  - include/b.h HERE') + SECOND),
                                    'chapters/03-three.nw': '<<include/b.h>>=\nint b;\n@\n'},
     r'borrow: include/b.h is borrowed already at chapters/01-one.nw:5, and stays'),
    ('undefined chunk in a draft', {'chapters/03-three.nw': head('draft: true') + '<<kernel/b.c>>=\n<<b: nowhere>> HERE\n@\n'},
     r'<<b: nowhere>> is used but no chapter defines it'),
    ('unused chunk in a draft', {'chapters/03-three.nw': head('draft: true') + '<<b: idle>>= HERE\nint b;\n@\n'},
     r'<<b: idle>> is used by no file of this checkpoint'),
    ('a draft defines what an earlier chapter does', {'chapters/03-three.nw': head('draft: true') + '<<kernel/a.c>>= HERE\nint b;\n@\n'},
     r'duplicate root kernel/a.c: chapters/01-one.nw:10 defines that file already'),
    ('a draft defines what a later chapter does', {'chapters/01-b-one.nw': head('draft: true') + '<<kernel/b.c>>= HERE\nint b;\n@\n',
                                                   **two(SECOND + '<<kernel/b.c>>=\nint b;\n@\n')},
     r'<<kernel/b.c>> of a draft is defined by chapters/02-two.nw:9 meanwhile; delete it here'),
    ('borrow of an own root', one(head('borrow:', '  - kernel/a.c HERE') + GOOD),
     r'borrow: kernel/a.c is defined already at chapters/01-one.nw:'),
    ('borrow of what needs a third chapter', {
        **one(head('borrow:', '  - include/b.h HERE') + GOOD), **two(SECOND + '<<b: two>>=\nint two;\n@\n<<kernel/b.c>>=\n<<b: two>>\n@\n'),
        'chapters/03-three.nw': '<<include/b.h>>=\n<<b: two>>\n@\n'},
     r'borrow: include/b.h needs <<b: two>> of chapters/02-two.nw:\d+, which is not in chapters/03-three.nw'),
]

TEXT = [
    ('unbalanced ::: never closed', one('::: aside HERE\nA note.\n\n' + GOOD), r'unbalanced `:::`: `::: aside` is never closed'),
    ('unbalanced ::: never opened', one('A note.\n\n::: HERE\n\n' + GOOD), r'unbalanced `:::`: it closes a block that was never opened'),
    ('a block of unknown kind', one('::: asid HERE\nA note.\n:::\n\n' + GOOD), r'`::: asid` is no block of this book; known: aside'),
    ('unclosed fence', one('```sh HERE\nls\n\n' + GOOD), r'the fence ``` is never closed'),
    ('a wide fence', one('```sh\n' + 'x' * 81 + ' HERE\n```\n\n' + GOOD), r'81 columns in a fence, and 80 fit'),
    ('[[name]] that does not exist', one('Call [[mroe]]. HERE\n\n' + GOOD), r'\[\[mroe\]\] is no chunk, file or identifier of the book'),
    ('[[name]] of a member that does not exist', one('See [[task->nothing]]. HERE\n\n' + GOOD), r'\[\[task->nothing\]\] is no'),
    ('[[ never closed', one('Call [[more. HERE\n\n' + GOOD), r'\[\[ without \]\] on the same line'),
    ('dead cross-reference', one('As [](#sec:non) says. HERE\n\n' + GOOD), r'dead cross-reference #sec:non; nothing has that label'),
    ('dead cross-reference, misspelt', one('As [](#sec:on) says. HERE\n\n' + GOOD), r'did you mean #sec:one\?'),
    ('a label that stands twice', two('## Two {#sec:one} HERE\n\n' + SECOND), r'the label #sec:one stands twice, also at chapters/01-one.nw:6'),
    ('a word that the reference brings itself', one('See Section HERE\n[](#sec:one).\n\n' + GOOD),
     r'`Section \[\]` prints the word twice'),
    ('missing figure', one('![A picture.](figures/none){#fig:none alt="x"} HERE\n\n' + GOOD), r'missing figure figures/none; draw figures/none.tex'),
    ('a figure without alternative text', {**one('![A picture.](figures/a){#fig:a} HERE\n\n' + GOOD), 'figures/a.tex': 'x'},
     r'the figure figures/a has no alternative text'),
    ('a figure without label', {**one('![A picture.](figures/a){alt="x"} HERE\n\n' + GOOD), 'figures/a.gp': 'x'}, r'has no label'),
    ('a citation that does not exist', one('As [@unknown, sec. 3] says. HERE\n\n' + GOOD), r'citation @unknown is not in chapters/references.bib'),
    ('a second title', one('# Title HERE\n\n' + GOOD), r'a chapter has one title'),
    ('transcript whose run does not exist', one(head('runs:', '  boot: do=test') + '```{.run name=bot from="a"} HERE\n```\n\n' + GOOD),
     r'run `bot` does not exist; add `bot: do=...` under `runs:` .* or name one of boot'),
    ('transcript without name', one('```{.run from="a"} HERE\n```\n\n' + GOOD), r'a transcript of what\?'),
    ('transcript with a misspelt word', one(head('runs:', '  boot: do=test') + '```{.run name=boot form="a"} HERE\n```\n\n' + GOOD),
     r'`form=` means nothing in a transcript'),
    ('transcript typed by hand', one(head('runs:', '  boot: do=test') + '```{.run name=boot} HERE\nok\n```\n\n' + GOOD), r'a transcript is left empty'),
    ('inline number of a run that does not exist', one('It has `bot:/([0-9]+)/`{.run} pages. HERE\n\n' + GOOD), r'run `bot` does not exist'),
    ('inline number without expression', one('It has `boot`{.run} pages. HERE\n\n' + GOOD), r'`boot` is no part of a run'),
    ('a code line over 80 columns', one(GOOD + '<<kernel/b.c>>=\n\tint ' + 'x' * 69 + '; HERE\n@\n'),
     r'82 columns in <<kernel/b.c>>, and 80 fit on the page'),
    ('a tab in prose', one('A\ttab. HERE\n\n' + GOOD), r'a tab in prose'),
    ('a blank before a tab in code', one(GOOD + '<<kernel/b.c>>=\n \tint b; HERE\n@\n'), r'a blank before a tab in <<kernel/b.c>>'),
    ('trailing blanks', one(GOOD + '<<kernel/b.c>>=\nint b;  HERE\n@\n'), r'blanks at the end of the line'),
    ('not ASCII in a chunk', one(GOOD + '<<kernel/b.c>>=\n/* caf\u00e9 */ HERE\n@\n'), r'`\u00e9` \(U\+00E9\) in <<kernel/b.c>>; chunks are ASCII'),
]

HEADS = [
    ('no head', one('--- HERE\n' + GOOD), r'the head is never closed'),
    ('no summary', one('--- HERE\ntitle: x\n---\n\n' + GOOD), r'no `summary:` in the head'),
    ('malformed YAML', one(head('borrow: HERE', 'just words HERE').replace(' HERE', '', 1) + GOOD), r'malformed head: `just words`; write `key: value`'),
    ('unknown key', one(head('borow: HERE', '  - x') + GOOD), r'unknown key `borow` in the head; known: title'),
    ('a key that stands twice', one(head('title: Another HERE') + GOOD), r'`title:` stands twice'),
    ('a draft that is none', one(head('draft: no HERE') + GOOD), r'draft: no; write `draft: true`, or delete the line'),
    ('a list on one line', one(head('proves: [ROW-01] HERE') + GOOD), r'`proves:` takes indented lines below it'),
    ('coverage row unknown', one(head('proves:', '  - ROW-77 HERE') + GOOD), r'coverage row ROW-77 is not in tests/coverage.tsv'),
    ('coverage row claimed twice in a head', one(head('proves:', '  - ROW-01', '  - ROW-01 HERE') + GOOD), r'coverage row ROW-01 is claimed twice'),
    ('coverage row claimed twice', {**one(head('proves:', '  - ROW-02') + GOOD), **two(head('proves:', '  - ROW-02 HERE') + SECOND)},
     r'coverage row ROW-02 is claimed twice, also at chapters/01-one.nw:5'),
    ('coverage row explained and proven', one(head('proves:', '  - ROW-01', 'explains:', '  ROW-01: 01 HERE') + GOOD),
     r'coverage row ROW-01 is claimed twice, under proves: too'),
    ('coverage row proven too late', two(head('proves:', '  - ROW-01 HERE') + SECOND), r'coverage row ROW-01 is due at checkpoint 01, not 02'),
    ('explains with another checkpoint', one(head('explains:', '  ROW-09: 08 HERE') + GOOD), r'coverage row ROW-09 is proven from checkpoint 09 on'),
]


def without(name):
    return {k: v for k, v in EXERCISE.items() if not k.endswith(name)}


EXERCISES = [
    *((f'exercise without {name}', {**one(SET + GOOD), **without(name)}, rf'^exercises/01-1-count/{name}:1: error: exercise 01-1-count has no {name}')
      for name in ('starter.nw', 'grader.nw', 'solution.nw', 'grade.py', 'text.md')),
    ('exercise that does not exist', one('::: {.exercise #01-7-none} HERE\n:::\n\n' + GOOD), r'exercise 01-7-none does not exist; write'),
    ('exercise with a bad name', {**one(GOOD), 'exercises/01-Count/text.md': '---\ntitle: x\n---\n'},
     r'^exercises/01-Count/text.md:1: error: bad name of a directory'),
    ('exercise in no chapter', EXERCISE, r'^exercises/01-1-count/text.md:1: error: exercise 01-1-count is in no chapter'),
    ('exercise of a chapter that has parts', {'chapters/01-a-one.nw': SET + GOOD, 'chapters/01-b-two.nw': MORE.replace('>>=', ' [+]>>='),
                                              'chapters/01-one.nw': None, 'chapters/02-two.nw': None, **EXERCISE},
     r'^exercises/01-1-count/text.md:1: error: exercise 01-1-count belongs to no checkpoint: '
     r'there are 01-a and 01-b; call it 01-a-1-count, for instance'),
    ('exercise of a draft', {'chapters/02-two.nw': head('draft: true') + SECOND, **EXERCISE,
                             **{path.replace('01-1', '02-1'): text for path, text in EXERCISE.items()}},
     r'^exercises/02-1-count/text.md:1: error: exercise 02-1-count belongs to no checkpoint: there are 01; correct its name'),
    ('exercise without stars', {**one(SET + GOOD), **EXERCISE, 'exercises/01-1-count/text.md': '---\ntitle: x\npoints: 2\n---\n'},
     r'^exercises/01-1-count/text.md:1: error: no `stars:`'),
    ('a solution that does not tangle', {**one(SET + GOOD), **EXERCISE,
                                         'exercises/01-1-count/solution.nw': '<<a: moer [replace]>>= HERE\nint solution;\n@\n'},
     r'cannot replace <<a: moer>>, which is not defined'),
    ('a wide line in a solution', {**one(SET + GOOD), **EXERCISE,
                                   'exercises/01-1-count/solution.nw': '<<a: more [+]>>=\n' + 'x' * 81 + ' HERE\n@\n'},
     r'81 columns in <<a: more>>'),
    ('a starter that defines what the grader does', {**one(SET + GOOD), **EXERCISE,
                                                     'exercises/01-1-count/starter.nw': '<<kernel/grader.c>>= HERE\nint x;\n@\n'},
     r'starter.nw:1: error: <<kernel/grader.c>> belongs to the exercise'),
    ('a starter that lacks what the chapter has got', {**one(SET + GOOD.replace('int more;', 'int more;\n\tmore(1);\nint most;')), **EXERCISE,
                                                       'exercises/01-1-count/starter.nw': LACKING.replace('>>=', '>>= HERE')},
     r'<<a: more>> lacks the line `more\(1\);` of chapters/01-one.nw'),
    ('a starter that has it in another place', {**one(SET + GOOD.replace('int more;', 'int more;\nint most;')), **EXERCISE,
                                                'exercises/01-1-count/starter.nw': '<<a: more [replace]>>= HERE\nint most;\nint more;\n@\n'},
     r'<<a: more>> lacks the line `int most;`'),
]
LACKING_ON_PURPOSE = {**one(SET + GOOD.replace('int more;', 'int more;\nint lost;\nint most;')), **EXERCISE,
                      'exercises/01-1-count/text.md': EXERCISE['exercises/01-1-count/text.md'].replace('points: 2', 'points: 2\nrewrites: b: x; a: more'),
                      'exercises/01-1-count/starter.nw': LACKING}
COMMENTED = {**one(SET + GOOD.replace('int more;', '/* said\n * otherwise */\nint more;\t/* so */')), **EXERCISE,
             'exercises/01-1-count/starter.nw': LACKING}

BYTES = [
    ('CRLF', b'Prose.\r\nMore.\r\n', 6, r'the line ends in a carriage return \(CRLF\), as do 1 more'),
    ('not UTF-8', b'Caf\xe9.\n', 6, r'not UTF-8'),
    ('no newline at the end', b'Prose.', 6, r'the last line has no newline'),
]


def plant(what, files, pattern):
    book = Scratch({path: text for path, text in {**BASE, **files}.items() if text is not None})
    errors = proofread(book)
    matching = [line for line in errors if re.search(pattern, line)]
    places = [f'{path}:{line}: error: ' for path, line in book.here]
    ok(matching and all(any(line.startswith(p) for line in matching) for p in places),
       what, f'expected at {places}: {pattern}', *errors)


def proofread(book):
    """What `lint` does, without starting a program for each of the mistakes."""
    return [str(mistake) for mistake in everything(Book.load(book.path))]


def main():
    lint = Scratch({**BASE, **one(SET + GOOD), **EXERCISE}).lint()
    ok(lint.status == 0 and not lint.errors, 'a good book has no mistakes', *lint.errors)
    for what, files in (('rewrites a chunk on purpose, and says so', LACKING_ON_PURPOSE), ('has other comments', COMMENTED)):
        errors = proofread(Scratch({**BASE, **files}))
        ok(not errors, f'nor has a starter that {what}', *errors)
    parts = Scratch({'chapters/01-a-one.nw': '::: {.exercise #01-a-1-count}\n:::\n\n' + GOOD, 'chapters/01-b-two.nw': head('proves:', '  - ROW-01') + SECOND,
                     'tests/coverage.tsv': COVERAGE, **{path.replace('01-1', '01-a-1'): text for path, text in EXERCISE.items()}}).lint()
    ok(parts.status == 0 and not parts.errors, 'nor has a chapter in parts, with an exercise', *parts.errors)
    for case in CHUNKS + TEXT + HEADS + EXERCISES:
        plant(*case)
    for what, text, line, pattern in BYTES:
        book = Scratch({**BASE, 'chapters/03-three.nw': b'---\ntitle: x\nsummary: y\n---\n\n' + text})
        errors = proofread(book)
        ok(any(re.match(rf'chapters/03-three.nw:{line}: error: .*{pattern}', e) for e in errors), what, *errors)
    one_file(Scratch({**BASE, **one('Call [[mroe]]. HERE\n\n' + GOOD)}))
    tangle_refuses(Scratch({**BASE, **two(SECOND + '<<kernel/a.c>>= HERE\n@\n')}))
    done()


def one_file(book):
    ok(book.lint('chapters/02-two.nw').status == 0 and book.lint('chapters/01-one.nw').status == 1,
       'lint exits with 1 on a mistake, and reports only the files it is asked about')


def tangle_refuses(book):
    path, line = book.here[0]
    tangle = book.tangle('02')
    ok(tangle.status == 1 and tangle.errors[0].startswith(f'{path}:{line}: error: duplicate root') and not book.files(),
       'tangle refuses a checkpoint with a mistake, and writes nothing', tangle)
    ok(book.tangle('01').status == 0, 'and tangles the checkpoint before it')


if __name__ == '__main__':
    main()
