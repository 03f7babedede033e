"""What the machine said: parts of build/NN/runs/NAME.txt, which tangle/capture wrote.

    runs = Runs(build)
    runs.part(chapter, 'boot', from_='Memory', to='free')   the lines from the first that has one text to the next
                                                            that has the other, both included
    runs.part(chapter, 'boot', first='^e820', n=5)          n lines from the first that matches
    runs.number(chapter, 'boot', '([0-9]+) bytes')          group 1 of the first line that matches
    runs.command(chapter, 'boot')                           how the reader repeats it
Missing says what is missing.
"""

import re
import shlex


class Missing(Exception):
    pass


class Runs:
    def __init__(self, build):
        self.build, self._texts = build, {}

    def lines(self, chapter, name):
        if name not in chapter.head.runs:
            raise Missing(f'run `{name}` is not in the head of this chapter; add it under runs:')
        path = self.build / chapter.key / 'runs' / f'{name}.txt'
        if path not in self._texts:
            try:
                self._texts[path] = path.read_text(encoding='utf-8', errors='replace').replace('\r', '').rstrip('\n').split('\n')
            except OSError:
                raise Missing(f'run `{name}` has not been captured ({path} is missing); run `make runs CH={chapter.key}`')
        return self._texts[path]

    def files(self):
        return sorted(self._texts)

    def part(self, chapter, name, from_='', to='', first='', n=''):
        rows = self.lines(chapter, name)
        start = 0
        if first or from_:
            test = (lambda row: re.search(first, row)) if first else (lambda row: from_ in row)
            start = next((i for i, row in enumerate(rows) if test(row)), None)
            if start is None:
                raise Missing(f'no line of run `{name}` has `{first or from_}` in it')
        end = len(rows) if not n else min(len(rows), start + int(n))
        if to:
            end = next((i + 1 for i, row in enumerate(rows) if i >= start and to in row), None)
            if end is None:
                raise Missing(f'no line of run `{name}` has `{to}` in it, at or after `{first or from_}`')
        return rows[start:end]

    def number(self, chapter, name, pattern):
        for row in self.lines(chapter, name):
            match = re.search(pattern, row)
            if match:
                return match[1] if match.re.groups else match[0]
        raise Missing(f'no line of run `{name}` matches /{pattern}/')

    def command(self, chapter, name):
        """The run as a command to type: a host command, or make run with its words."""
        spec = chapter.head.runs[name]
        if spec.startswith('$'):
            return spec
        host = {'emu': 'EMU', 'mem': 'MEM', 'smp': 'SMP', 'icount': 'ICOUNT', 'ch': 'CH'}
        values, kernel, note = {'CH': chapter.key}, [], ''
        for word in spec.split():
            key, _, value = word.partition('=')
            if key in host:
                values[host[key]] = value
            elif key == 'config':
                note = f'   # configured with {value}'
            else:
                kernel.append(word)
        if kernel:
            values['ARGS'] = shlex.quote(' '.join(kernel))
        return ' '.join(['make run', *(f'{k}={v}' for k, v in values.items())]) + note
