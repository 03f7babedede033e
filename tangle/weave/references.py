"""What the book cites: chapters/references.bib, in the plain part of BibTeX (one entry a @kind{key, name = {value}, ... }).

    references = References(path)
    references.labels                    {key: what the text prints in brackets: the shorthand}
    references.markdown(key)             the entry, as a paragraph of pandoc's Markdown

Entries stand in the order of their labels, so no style that knows only authors and years would do.
"""

import re

QUOTED = ('article', 'inproceedings', 'incollection', 'misc')       # others are books, and set in italics


class References:
    def __init__(self, path):
        self.entries = {}
        text = path.read_text(encoding='utf-8') if path.is_file() else ''
        for match in re.finditer(r'^@(\w+)\{([^,\s]+),(.*?)^\}', text, re.M | re.S):
            self.entries[match[2]] = dict(fields(match[3]), kind=match[1].lower())
        self.labels = {key: entry.get('shorthand', key) for key, entry in self.entries.items()}

    def order(self, keys):
        return sorted(keys, key=lambda key: self.labels[key].lower())

    def markdown(self, key):
        entry = self.entries[key]
        title = entry.get('title', '')
        parts = [authors(entry.get('author') or entry.get('editor') or entry.get('organization', '')),
                 f'“{title}”' if entry['kind'] in QUOTED else f'*{title}*',
                 ordinal(entry['edition']) + ' edition' if 'edition' in entry else '', place(entry), entry.get('note', ''),
                 f'ISBN {entry["isbn"]}' if 'isbn' in entry else '', entry.get('url', '')]
        return ' '.join(sentence(part) for part in parts if part)


def fields(text):
    """(name, value) of an entry; braces balance."""
    at = 0
    while match := re.compile(r'\s*(\w+)\s*=\s*').match(text, at):
        start = end = match.end()
        depth = 0
        while end < len(text) and (depth or text[end] not in ',\n'):
            depth += (text[end] == '{') - (text[end] == '}')
            end += 1
        yield match[1].lower(), plain(text[start:end])
        at = text.find(',', end) + 1 or len(text)


def plain(value):
    """A value without TeX: what little markup there is becomes Markdown's."""
    value = re.sub(r'\\emph\{([^{}]*)\}', r'*\1*', value.strip())
    value = re.sub(r'\s+', ' ', value.replace('{', '').replace('}', '').strip('"'))
    return value.replace('--', '–')


def authors(text):
    names = []
    for name in text.split(' and '):
        last, comma, first = name.partition(', ')
        names.append(f'{first} {last}' if comma else name)
    if names[-1:] == ['others']:
        return ', '.join(names[:-1]) + ' and others'
    return ' and '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)


def place(entry):
    """Where and when it appeared: Journal 27(2), pages 97–111, 1984."""
    where = f'*{entry["journal"]}*' if 'journal' in entry else f'In *{entry["booktitle"]}*' if 'booktitle' in entry else ''
    if 'volume' in entry:
        where += f' {entry["volume"]}' + (f'({entry["number"]})' if 'number' in entry else '')
    organization = entry.get('organization', '') if entry.get('author') else ''
    found = [where, f'pages {entry["pages"]}' if 'pages' in entry else '', entry.get('publisher') or organization,
             entry.get('howpublished', ''), entry.get('year', '')]
    return ', '.join(part for part in found if part)


def ordinal(edition):
    if not edition.isdigit():
        return edition
    endings = {1: 'st', 2: 'nd', 3: 'rd'}
    return edition + ('th' if edition[-2:] in ('11', '12', '13') else endings.get(int(edition[-1]), 'th'))


def sentence(text):
    return text if text.endswith(('.', '?', '!', '?”', '.”')) else text[:-1] + '.”' if text.endswith('”') else text + '.'
