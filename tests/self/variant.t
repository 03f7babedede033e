#!/usr/bin/env python3
"""A kernel configured otherwise: one symbol, another of a choice, and what the configuration does not take."""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'lib'))
from weft import done, machine, ok, same  # noqa: E402

KCONFIG = '''mainmenu "A stand-in"
config PLAIN
	bool "plain"
	default y
choice
	prompt "model"
	default SECOND
config FIRST
	bool "first"
config SECOND
	bool "second"
config THIRD
	bool "third"
endchoice
config RATE
	int
	default 100 if FIRST
	default 200
config DEPENDENT
	bool "dependent"
	depends on !PLAIN
'''
MAKEFILE = '''conf = cd $(O) && srctree=$(CURDIR) KCONFIG_CONFIG=$(O)/.config kconfig-conf
all:
	@cp $(O)/.config $(O)/built
defconfig:
	@$(conf) --alldefconfig $(CURDIR)/Kconfig
olddefconfig:
	@$(conf) --olddefconfig $(CURDIR)/Kconfig
'''

with tempfile.TemporaryDirectory(prefix='weft-variant-') as tmp:
    src, out = Path(tmp, 'src'), Path(tmp, 'out')
    src.mkdir()
    (src / 'Kconfig').write_text(KCONFIG)
    (src / 'Makefile').write_text(MAKEFILE)

    def built(**symbols):
        """What was built with these: {symbol: value}, as .config has them."""
        lines = (machine.variant(src, out, symbols) / 'built').read_text().splitlines()
        return dict(line[7:].split('=') for line in lines if line.startswith('CONFIG_'))

    def refused(**symbols):
        try:
            return f'taken: {built(**symbols)}'
        except machine.MachineError as error:
            return str(error)

    same(built(PLAIN='n'), {'SECOND': 'y', 'RATE': '200'}, 'a symbol is switched off')
    same(built(FIRST='y'), {'PLAIN': 'y', 'FIRST': 'y', 'RATE': '100'}, 'another of a choice: the one before the default')
    same(built(THIRD='y'), {'PLAIN': 'y', 'THIRD': 'y', 'RATE': '200'}, 'and the one behind it')
    for symbols in ({'NONE': 'y'}, {'DEPENDENT': 'y'}, {'FIRST': 'y', 'THIRD': 'y'}):
        said = refused(**symbols)
        ok('does not take CONFIG_' in said, f'{" and ".join(symbols)} cannot be had, and that is said', said)
    same(built(DEPENDENT='y', PLAIN='n')['DEPENDENT'], 'y', 'a symbol with what it depends on')

    (src / 'Makefile').write_text(MAKEFILE.replace('\t@cp', '\t@mkdir $(O)/busy && sleep 0.3 && rmdir $(O)/busy\n\t@cp'))
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda _: refused(PLAIN='n'), range(2)))
    same(said, ["taken: {'SECOND': 'y', 'RATE': '200'}"] * 2, 'two who want the same at once wait for each other')
done()
