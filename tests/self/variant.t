#!/usr/bin/env python3
"""A kernel configured otherwise is what was asked for, also when a choice has to change its mind, or it is an error."""

import atexit
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'lib'))
from weft import done, machine, ok, same  # noqa: E402

tmp = Path(tempfile.mkdtemp(prefix='weft-test-'))
atexit.register(shutil.rmtree, tmp, True)
src = tmp / 'src'
src.mkdir()
(src / 'defconfig').write_text('')
(src / 'Kconfig').write_text('''\
mainmenu "A tree of four questions"
config EXTRA
	bool "Extra"
	default y
config LIMIT
	int "Limit"
	range 1 10
	default 3
choice
	prompt "Model"
	default MIDDLE
config FIRST
	bool "First"
config MIDDLE
	bool "Middle"
config LAST
	bool "Last"
endchoice
''')
(src / 'Makefile').write_text('''\
export KCONFIG_CONFIG := $(O)/.config
.PHONY: all defconfig olddefconfig
all: ; @:
defconfig: ; @kconfig-conf --defconfig=defconfig Kconfig
olddefconfig: ; @kconfig-conf --olddefconfig Kconfig
''')


def configured(**symbols):
    out = machine.variant(src, tmp / '-'.join(symbols), symbols)
    return sorted(line for line in (out / '.config').read_text().splitlines() if line.startswith('CONFIG_'))


same(configured(EXTRA='n'), ['CONFIG_LIMIT=3', 'CONFIG_MIDDLE=y'], 'a symbol is switched off')
same(configured(LIMIT='7'), ['CONFIG_EXTRA=y', 'CONFIG_LIMIT=7', 'CONFIG_MIDDLE=y'], 'a number is set')
for member in ('FIRST', 'MIDDLE', 'LAST'):
    same(configured(**{member: 'y'}), sorted(['CONFIG_EXTRA=y', 'CONFIG_LIMIT=3', f'CONFIG_{member}=y']),
         f'{member} of a choice is chosen, and its siblings are not')
for name, value, what in (('NOBODY', 'y', 'a symbol that does not exist'), ('LIMIT', '11', 'a value out of range')):
    try:
        configured(**{name: value})
        ok(False, f'{what} is refused')
    except machine.MachineError as error:
        ok(f'CONFIG_{name}={value}' in str(error), f'{what} is refused', error)
done()
