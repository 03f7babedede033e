#!/usr/bin/env python3
"""Configuring: the default, a configurator driven by a script, a stale .config; each builds, boots and tells its .config."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, 'tests/lib')
from weft import boot, build, command, done, ok, same, tail  # noqa: E402

src = build() / 'src'


def make(out, *targets):
    environment = {key: value for key, value in os.environ.items() if key not in ('MAKEFLAGS', 'MAKELEVEL', 'MFLAGS')}
    return command('make', '-C', src, f'O={out}', *targets, env=environment)


def answer(out, target, answers):
    """Run a configurator that asks, answer by symbol, take the default otherwise; the symbols that it called new."""
    process = subprocess.Popen(['make', '-s', '-C', str(src), f'O={out}', target], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text, new = '', []
    while (said := os.read(process.stdout.fileno(), 65536)):      # a question comes in one piece
        text += said.decode()
        question = re.search(r'\((\w+)\) \[[^\]\n]*\](?: \((NEW)\))? $', text)
        if question:
            if question[2]:
                new.append(question[1])
            process.stdin.write(answers.get(question[1], '') + '\n')
            process.stdin.flush()
            text = ''
    if process.wait():
        sys.exit(f'Bail out! make {target} failed: {text}')
    return new


def settings(text):
    return sorted(line for line in text.splitlines() if re.match(r'CONFIG_|# CONFIG_\w+ is not set', line))


def told(out):
    """Boot it; what its command `config` prints."""
    result = boot('do=config,off', elf=Path(out) / 'weft.elf')
    found = re.search(r'(?s)> config\n(.*?\n)weft:\S+> off', result.output)
    ok(result.status == 33, 'BOOT-10 the configured kernel boots and powers off', *tail(result))
    return found[1] if found else ''


with tempfile.TemporaryDirectory(prefix='weft-config-') as out:
    config = Path(out, '.config')
    make(out, 'defconfig')
    same(settings(config.read_text()), settings((build() / 'obj/.config').read_text()),
         'BOOT-10 the reference kernel is configured as the architecture is by default')

    answer(out, 'config', {'VGA_CONSOLE': 'n', 'LOCALVERSION': '-scripted'})
    scripted = config.read_text()
    ok('# CONFIG_VGA_CONSOLE is not set' in scripted and 'CONFIG_LOCALVERSION="-scripted"' in scripted,
       'BOOT-10 a configurator run by a script writes a .config', scripted)
    make(out)
    same(told(out), config.read_text(), 'BOOT-10 the booted kernel tells that .config, byte for byte')
    release = command('strings', Path(out, 'weft.elf'))
    ok('-scripted' in release, 'BOOT-10 what was configured is in the kernel')

    stale = re.sub(r'(?m)^.*CONFIG_VGA_CONSOLE.*\n', '', scripted) + 'CONFIG_FORGOTTEN=y\n'
    config.write_text(stale)
    new = answer(out, 'oldconfig', {'VGA_CONSOLE': 'y'})
    same(new, ['VGA_CONSOLE'], 'BOOT-10 oldconfig asks for the new symbol, and for no other')
    ok('FORGOTTEN' not in config.read_text() and 'CONFIG_VGA_CONSOLE=y' in config.read_text(),
       'BOOT-10 oldconfig drops a symbol nobody knows', config.read_text())
    make(out)
    same(told(out), config.read_text(), 'BOOT-10 the kernel rebuilt from it tells the new .config')

with tempfile.TemporaryDirectory(prefix='weft-config-') as out:
    tree = Path(out, 'tree')
    shutil.copytree(src, tree)
    environment = {key: value for key, value in os.environ.items() if key not in ('MAKEFLAGS', 'MAKELEVEL', 'MFLAGS')}
    quiet = subprocess.run(['make', '-s', '-C', str(tree), 'O=sub', 'olddefconfig', 'all'], env=environment, capture_output=True,
                           text=True)
    ok(quiet.returncode == 0 and Path(tree, 'sub/weft.elf').exists(), 'a new, relative O= is configured and built by one command',
       quiet.stdout, quiet.stderr)
    makefile = Path(tree, 'Makefile')
    makefile.write_text(makefile.read_text().replace(' lib/test_printf.o', ''))
    command('make', '-s', '-C', str(tree), 'O=sub', env=environment)
    ok('our own snprintf' not in command('strings', Path(tree, 'sub/weft.elf')), 'an object that leaves the list leaves the kernel')
done()
