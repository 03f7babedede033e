"""Write the source tree of a checkpoint: supersede the stream, have noweb's mnt expand it, move the files into place."""

import fcntl
import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import check
from book import BookError, noweb
from supersede import supersede

LINE = '#line %L "%F"%N'
MEMORY = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None    # most files are only compared and thrown away
ASIDE = '.tangle~'
UMASK = os.umask(0)
os.umask(UMASK)


def write_aside(state, clean, directory):
    """Have mnt write all files of the checkpoint below directory."""
    roots = state.roots
    for parent in {(directory / path).parent for path in roots}:
        os.makedirs(parent, exist_ok=True)
    names = [path + ('*' if starred and not clean else '') for path, starred in roots.items()]
    stream = ''.join(supersede(state, clean)).encode('utf-8', 'surrogateescape')
    done = subprocess.run([noweb('mnt'), '-t8', '-L' + LINE, *names], input=stream, cwd=directory,
                          capture_output=True)
    if done.returncode or done.stderr:
        raise BookError('error: noweb mnt: ' + (done.stderr.decode(errors='replace').strip()
                                                or f'exit status {done.returncode}'))
    return sorted(roots)


def move_into_place(aside, out, paths):
    """Only files that differ are written; what was listed before and is not now is deleted. While this goes on, the
    list has both, so that an interrupted tangle leaves nothing that the next one does not know of."""
    manifest = Path(f'{out}.files')
    before = set(manifest.read_text().split('\n')) - {''} if manifest.exists() else set()
    if before != set(paths):
        save_list(manifest, before | set(paths))
    for path in before - set(paths):
        remove(out, path)
    for path in paths:
        text = (aside / path).read_bytes()
        if not holds(out / path, text):
            save(out / path, text)
    save_list(manifest, paths)


def save_list(manifest, paths):
    save(manifest, ''.join(path + '\n' for path in sorted(paths)).encode())


def holds(path, text):
    try:
        return path.read_bytes() == text
    except OSError:
        return False


def save(path, text):
    """Write a file such that nobody, even if we are killed, sees half of it. A script becomes executable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f'.{path.name}.{os.getpid()}{ASIDE}'
    try:
        temporary.write_bytes(text)
        if text.startswith(b'#!'):
            temporary.chmod(0o777 & ~UMASK)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def locked(out):
    """One tangle at a time in a directory. What a killed one left aside is swept out."""
    out.mkdir(parents=True, exist_ok=True)
    lock = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in out.rglob(f'.*{ASIDE}'):
            left.unlink()
        yield
    finally:
        os.close(lock)


def remove(out, path):
    """Delete a file of an earlier tangle, and the directories that it leaves empty."""
    try:
        (out / path).unlink()
    except (FileNotFoundError, NotADirectoryError):
        return
    for parent in (out / path).parents:
        if parent == out or any(parent.iterdir()):
            break
        parent.rmdir()


def tangle(book, checkpoint, out, clean=False, overlays=(), forbid=(), draft=False):
    state = book.state(checkpoint, overlays)
    mistakes = check.tangling(state, overlays, forbid, draft)
    if mistakes:
        raise BookError('\n'.join(map(str, mistakes)))
    with tempfile.TemporaryDirectory(prefix='tangle.', dir=MEMORY) as aside:
        paths = write_aside(state, clean, Path(aside))
        with locked(Path(out)):
            move_into_place(Path(aside), Path(out), paths)
