"""The book's fonts for a browser: Debian's, cut down to the letters that books in English use and those the book uses.

    install(cache, out, letters)    -> [the files written]; `cache` keeps what was made of the same fonts and letters

The faces are those of weftbook.cls; weft.css says which is for what.
"""

import hashlib
import shutil
import subprocess

LIBERTINE, INCONSOLATA = '/usr/share/fonts/opentype/linux-libertine', '/usr/share/fonts/truetype/inconsolata'
FACES = {
    'libertine': f'{LIBERTINE}/LinLibertine_R.otf',
    'libertine-italic': f'{LIBERTINE}/LinLibertine_RI.otf',
    'libertine-semibold': f'{LIBERTINE}/LinLibertine_RZ.otf',
    'libertine-display': f'{LIBERTINE}/LinLibertine_DR.otf',
    'biolinum': f'{LIBERTINE}/LinBiolinum_R.otf',
    'biolinum-bold': f'{LIBERTINE}/LinBiolinum_RB.otf',
    'inconsolata': f'{INCONSOLATA}/Inconsolata.otf',
}
ALWAYS = {chr(c) for c in (*range(0x20, 0x7f), *range(0xa0, 0x180), *range(0x2010, 0x2028), 0x2030, 0x2032, 0x2033, 0x2039,
                           0x203a, 0x20ac, 0x2122, *range(0x2190, 0x2196), 0x2212, 0x2248, 0x2260, 0x2261, 0x2264, 0x2265,
                           0x25b6, 0x2605, 0x27e8, 0x27e9, 0x00d7)}


class Missing(Exception):
    """A font, or what cuts it down, is not there."""


def install(cache, out, letters):
    text = ''.join(sorted(ALWAYS | {c for c in letters if c.isprintable()}))
    cache.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, source in FACES.items():
        digest = hashlib.sha256((text + source).encode() + open(__file__, 'rb').read()).hexdigest()[:16]
        kept = cache / f'{name}.{digest}.woff2'
        if not kept.is_file():
            for old in cache.glob(f'{name}.*'):
                old.unlink()
            done = subprocess.run(
                ['pyftsubset', source, f'--text={text}', '--flavor=woff2', f'--output-file={kept}.new',
                 '--layout-features=kern,liga,lnum,pnum,tnum,onum,locl,mark,mkmk,ccmp', '--no-hinting', '--desubroutinize'],
                capture_output=True, text=True)
            if done.returncode:
                raise Missing(f'error: the font {source} could not be cut down: {done.stderr.strip().splitlines()[-1:]}; '
                                   'are fonttools and python3-brotli installed?')
            kept.with_name(kept.name + '.new').rename(kept)
        target = out / f'{name}.woff2'
        if not target.is_file() or target.read_bytes() != kept.read_bytes():
            shutil.copyfile(kept, target)
        written.append(target)
    return written
