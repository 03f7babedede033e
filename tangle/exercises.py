"""What stands in exercises/: one directory NN-k-slug/ for each, NN being the checkpoint (13-a-1-slug for a part).

    exercises(root)                  [Exercise] in order; find('02-1') one of them
    e.id, e.chapter, e.directory     '02-1-slug', '02', its path
    e.title, e.stars, e.points       from the head of its text.md
    e.file('starter.nw')             a path in it, relative to the repository (root)
    e.answer                         answers/02-1-slug.nw, the student's work
    e.mistakes()                     [Mistake], what an author forgot
"""

import ast
import os
import re
from pathlib import Path

from book import HERE, Mistake, head_end, scalar

ROOT = HERE.parent
FILES = ('text.md', 'starter.nw', 'grader.nw', 'solution.nw', 'grade.py')
NAME = re.compile(r'((\d\d(?:-[a-z])?)-\d+)-[a-z0-9-]+')


class ExerciseError(Exception):
    """The message is ready to print."""


class Exercise:
    def __init__(self, directory, root=ROOT):
        self.directory, self.id, self.root = directory, directory.name, root
        match = NAME.fullmatch(self.id)
        self.key, self.chapter = match[1], match[2]
        self.head, self.head_lines = self.read_head()

    def read_head(self):
        """The `key: value` lines between the two `---` of text.md."""
        values, lines = {}, {}
        try:
            rows = (self.directory / 'text.md').read_text().split('\n')
        except OSError:
            return values, lines
        for number, row in enumerate(rows[1:max(head_end(rows) - 1, 1)], 2):
            key, _, value = row.partition(':')
            values[key.strip()], lines[key.strip()] = scalar(value), number
        return values, lines

    @property
    def title(self):
        return self.head.get('title', self.id)

    @property
    def stars(self):
        return self.number('stars')

    @property
    def points(self):
        return self.number('points')

    def number(self, key):
        value = self.head.get(key, '')
        return int(value) if value.isdigit() else 0

    def file(self, name):
        return os.path.relpath(self.directory / name, self.root)

    @property
    def answer(self):
        return f'answers/{self.id}.nw'

    def mistakes(self):
        found = [Mistake(self.file(name), 1, f'exercise {self.id} has no {name}; write it (see exercises/README.md)')
                 for name in FILES if not (self.directory / name).is_file()]
        if (self.directory / 'text.md').is_file():
            found += self.head_mistakes()
        return found

    def head_mistakes(self):
        text, found = self.file('text.md'), []
        for key in ('title', 'stars', 'points'):
            if key not in self.head:
                found.append(Mistake(text, 1, f'no `{key}:` in the head of exercise {self.id}; add it between the two ---'))
        if 'stars' in self.head and self.stars not in (1, 2, 3):
            found.append(Mistake(text, self.head_lines['stars'], f'stars: {self.head["stars"]}; say 1, 2 or 3'))
        claimed = self.claimed_points()
        if claimed is not None and 'points' in self.head and claimed != self.points:
            found.append(Mistake(text, self.head_lines['points'], f'{self.points} points here, but the claims of '
                                 f'{self.file("grade.py")} give {claimed}; make them agree'))
        return found

    def claimed_points(self):
        """The sum of the first arguments of the @claim(...) in grade.py, read without running it."""
        try:
            tree = ast.parse((self.directory / 'grade.py').read_text())
        except (OSError, SyntaxError):
            return None
        return sum(node.args[0].value for node in ast.walk(tree)
                   if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'claim'
                   and node.args and isinstance(node.args[0], ast.Constant))


def exercises(root=ROOT):
    return [Exercise(path, root) for path in sorted(Path(root, 'exercises').glob('*')) if path.is_dir()
            and NAME.fullmatch(path.name)]


def find(name, root=ROOT):
    """By '02-1', '2-1', '02-1-slug', or its directory."""
    wanted = os.path.basename(name.rstrip('/'))
    wanted = '0' + wanted if re.match(r'\d-', wanted) else wanted
    found = [e for e in exercises(root) if wanted in (e.id, e.key)]
    if found:
        return found[0]
    known = ', '.join(e.key for e in exercises(root)) or 'none yet'
    raise ExerciseError(f'error: no exercise `{name}`; there are {known}. Say EX=02-1, for instance.' if name else
                        f'error: which exercise? Say EX=..., one of {known}.')
