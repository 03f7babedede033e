# Makefile - every command of the book that is a kernel. `make help` lists them.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:

# --- the book: one file a checkpoint, numbered by its name ------------------
NW := $(sort $(wildcard chapters/[0-9]*.nw))
CHECKPOINTS := $(shell ls chapters | \
	sed -nE 's/^([0-9]+(-[a-z])?)-.*\.nw$$/\1/p' | sort)
NEWEST := $(lastword $(CHECKPOINTS))

# --- what the user may say --------------------------------------------------
CH ?= $(NEWEST)
EMU ?= qemu
MEM ?= 64M
SMP ?= 1
ARGS ?=
N ?= 20
export V

STEP := tangle/step
TANGLE := $(wildcard tangle/*.py) tangle/tangle
WEAVE := $(wildcard tangle/weave/* figures/* chapters/*.md chapters/*.bib \
	chapters/*.yaml exercises/*/*) tests/coverage.tsv

.DEFAULT_GOAL := all
.PHONY: all setup lint kernel kernels iso runs book.pdf chapter run test debug tree \
	diff menuconfig oldconfig defconfig check check-all mutants coverage \
	soak bench exercise try grade compile_commands help clean FORCE

all: setup ## weave the book, build the newest checkpoint, boot it
	@$(MAKE) build/book.pdf
	@$(MAKE) test CH=$(NEWEST)
	@echo "  the book is build/book.pdf; boot it yourself: make run CH=$(NEWEST)"

help: ## this list
	@echo "Weft, a kernel you can read. Commands:"
	@awk -F ' ## ' '/^[a-z_.-]+:.* ## / { \
		split($$1, t, ":"); printf "  make %-18s %s\n", t[1], $$2 }' Makefile
	@echo "Settings: CH=02 (checkpoint), EMU=qemu|bochs, MEM=64M, SMP=1, V=1 (verbose),"
	@echo "  ARGS='words of the kernel command line', EX=02-1 (exercise), FILE=, N= (boots)."

setup: ## install the Debian packages of packages.txt that are missing
	@tangle/setup

# --- tangle and build -------------------------------------------------------
lint: setup ## find authors' mistakes
	@$(MAKE) build/lint.ok
build/lint.ok: $(NW) $(TANGLE) tangle/lint $(WEAVE)
	@$(STEP) "lint the chapters" tangle/lint
	@mkdir -p build && touch $@

build/%/tangled: $(NW) $(TANGLE)
	@$(STEP) "tangle checkpoint $*" tangle/tangle $* build/$*/src
	@touch $@

# The kernel's own Makefile knows what to rebuild; it is asked only when the
# tangled tree or the configuration changed.
build/%/weft.elf: build/%/tangled build/%/config.stamp
	@$(STEP) "build checkpoint $*" \
		$(MAKE) -C build/$*/src O=$(CURDIR)/build/$*/obj
	@test ! -e build/$*/obj/.config || cp build/$*/obj/.config build/$*/config.stamp
	@cp build/$*/obj/weft.elf $@.new && mv -f $@.new $@

# A configuration edited by hand or by menuconfig counts as a change.
build/%/config.stamp: FORCE
	@mkdir -p $(@D); cat build/$*/obj/.config 2>/dev/null | \
		cmp -s - $@ || cat build/$*/obj/.config >$@ 2>/dev/null || touch $@
FORCE:

build/%/weft.iso: build/%/weft.elf tangle/iso
	@$(STEP) "make the boot disc of $*" tangle/iso $< $@

.SECONDARY:
kernel: setup ## tangle and build checkpoint CH: build/CH/weft.elf
	@$(MAKE) build/$(CH)/weft.elf
kernels: setup ## tangle and build every checkpoint
	@$(MAKE) $(CHECKPOINTS:%=build/%/weft.elf)
iso: setup ## the GRUB disc of checkpoint CH: build/CH/weft.iso
	@$(MAKE) build/$(CH)/weft.iso

tree: setup ## the clean source of checkpoint CH, without #line, in build/CH/tree
	@$(STEP) "clean tree of checkpoint $(CH)" \
		tangle/tangle $(CH) build/$(CH)/tree --clean
	@echo "  build/$(CH)/tree"

diff: setup ## what changed between two checkpoints: FROM=01 TO=02
	@test -n "$(FROM)" -a -n "$(TO)" || \
		{ echo "make diff: say FROM=01 TO=02" >&2; exit 2; }
	@$(MAKE) -s tree CH=$(FROM) >/dev/null && $(MAKE) -s tree CH=$(TO) >/dev/null
	@git --no-pager diff --no-index --stat --patch \
		build/$(FROM)/tree build/$(TO)/tree || true

defconfig oldconfig menuconfig: setup build/$(CH)/tangled ## configure checkpoint CH (from chapter 2 on)
	@grep -qs '^$@:\|[ ]$@[ :]' build/$(CH)/src/Makefile || \
		{ echo "checkpoint $(CH) has no configuration yet; chapter 2 brings it" >&2; exit 2; }
	@$(MAKE) -C build/$(CH)/src O=$(CURDIR)/build/$(CH)/obj $@

# --- boot -------------------------------------------------------------------
EMULATED := build/$(CH)/weft.elf $(if $(filter bochs,$(EMU)),build/$(CH)/weft.iso)

run: setup ## boot checkpoint CH and talk to it: EMU= MEM= SMP= ARGS=
	@$(MAKE) $(EMULATED)
	@tangle/boot $(CH) --emu $(EMU) --mem $(MEM) --smp $(SMP) --interactive \
		-- $(ARGS)

test: setup ## boot checkpoint CH, run its self-tests, give the verdict
	@$(MAKE) $(EMULATED)
	@$(STEP) "boot checkpoint $(CH) in $(EMU)" tangle/boot $(CH) --emu $(EMU) \
		--mem $(MEM) --smp $(SMP) --judge -- do=test,off $(ARGS)
	@grep -E '^verdict' build/log/boot_checkpoint_$(CH)_in_$(EMU).log | sed 's/^/  /'

debug: setup ## boot checkpoint CH under gdb: the source lines are the chapter's
	@$(MAKE) build/$(CH)/weft.elf
	@tangle/boot $(CH) --mem $(MEM) --smp $(SMP) --gdb -- $(ARGS)

# --- weave ------------------------------------------------------------------
build/runs.ok: $(NW) $(CHECKPOINTS:%=build/%/weft.elf) tangle/capture tangle/machine.py
	@$(STEP) "run what the text quotes" tangle/capture
	@touch $@
runs: setup build/runs.ok ## capture the transcripts and numbers that the text quotes

build/book.pdf: build/lint.ok build/runs.ok $(WEAVE) $(TANGLE)
	@$(STEP) "weave build/book.pdf" tangle/weave/weave.py pdf $@
book.pdf: setup ## weave the whole book: build/book.pdf
	@$(MAKE) build/book.pdf

chapter: setup ## weave one chapter, quickly: build/chapter-CH.pdf
	@$(MAKE) build/runs.ok
	@$(STEP) "weave chapter $(CH)" \
		tangle/weave/weave.py pdf build/chapter-$(CH).pdf --chapter $(CH)
	@echo "  build/chapter-$(CH).pdf"

# --- proof ------------------------------------------------------------------
check: setup ## all tests that fit in a few minutes (what CI runs)
	@$(MAKE) $(CHECKPOINTS:%=build/%/weft.elf) build/book.pdf
	@tests/run

check-all: setup ## every test on every checkpoint and machine, every mutant
	@$(MAKE) $(CHECKPOINTS:%=build/%/weft.elf) build/book.pdf
	@WEFT_ALL=1 tests/run --all

mutants: setup ## break every mechanism once and see its test fail
	@$(MAKE) $(CHECKPOINTS:%=build/%/weft.elf)
	@tests/mutants $(if $(filter command line,$(origin CH)),$(CH))

coverage: ## which mechanisms the last run of the tests proved
	@tests/coverage

soak: setup ## boot checkpoint CH N times on many machines and compare
	@$(MAKE) build/$(CH)/weft.elf build/$(CH)/weft.iso
	@tests/soak $(CH) $(N)

bench: setup ## how long an edit takes to its booted verdict
	@$(MAKE) build/$(NEWEST)/weft.elf
	@tangle/bench

# --- exercises --------------------------------------------------------------
exercise: setup ## lay out an exercise for you to do: EX=02-1
	@tangle/exercise "$(EX)"

try: setup ## boot the checkpoint with your answer in it: EX=02-1 (FILE=)
	@tangle/try "$(EX)" $(if $(FILE),"$(FILE)") -- $(ARGS)

grade: setup ## grade your answer: EX=02-1 (FILE= another file, SEED=, JSON=report)
	@tangle/grade "$(EX)" $(if $(FILE),"$(FILE)") \
		$(if $(SEED),--seed $(SEED)) $(if $(JSON),--json "$(JSON)")

# --- for editors ------------------------------------------------------------
compile_commands: setup ## compile_commands.json for clangd, of the clean tree of CH
	@$(MAKE) -s tree CH=$(CH) >/dev/null
	@tangle/compile-commands $(CH) > compile_commands.json.new && \
		mv compile_commands.json.new compile_commands.json
	@echo "  compile_commands.json"

clean: ## remove build/
	rm -rf build
