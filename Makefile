# Makefile - every command of the book that is a kernel. `make help` lists them.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:

# --- the book: one file a checkpoint, numbered by its name ------------------
# A draft (`draft: true` in its head) lends files, but is no checkpoint yet.
NW := $(sort $(wildcard chapters/[0-9]*.nw))
DRAFTS := $(shell awk 'FNR > 1 && /^---$$/ { nextfile } \
	/^draft: *true/ { print FILENAME }' $(NW) /dev/null)
CHECKPOINTS := $(shell printf '%s\n' $(notdir $(filter-out $(DRAFTS),$(NW))) | \
	sed -nE 's/^([0-9]+(-[a-z])?)-.*\.nw$$/\1/p' | sort)
NEWEST := $(lastword $(CHECKPOINTS))

# --- what the user may say --------------------------------------------------
# Checked here, before anything is made. 2 means 02, and 13 the last part of 13.
checkpoint = $(or $(lastword $(filter $(1) 0$(1) $(1)-% 0$(1)-%,$(CHECKPOINTS))),\
	$(error there is no checkpoint $(1); there are $(CHECKPOINTS)))
CH_SAID := $(if $(filter command environment,$(origin CH)),$(CH))
override CH := $(call checkpoint,$(or $(CH),$(NEWEST)))
EMU ?= qemu
MEM ?= 64M
SMP ?= 1
ARGS ?=
N ?= 20
PORT ?= 8000
export V
ifneq ($(filter-out qemu bochs kvm v86,$(EMU)),)
$(error EMU=$(EMU) is no emulator; say EMU=qemu, EMU=bochs, EMU=v86 or EMU=kvm)
endif
ifneq ($(filter-out %M %G,$(MEM)),)
$(error MEM=$(MEM) has no unit; say MEM=64M or MEM=1G)
endif
ifneq ($(filter-out 1 2 3 4 5 6 7 8,$(SMP)),)
$(error SMP=$(SMP) is no number of processors; say SMP=1 to SMP=8)
endif
ifneq ($(filter diff,$(MAKECMDGOALS)),)
$(if $(and $(FROM),$(TO)),,$(error diff between what? Say make diff FROM=01 TO=02))
override FROM := $(call checkpoint,$(FROM))
override TO := $(call checkpoint,$(TO))
endif

# --- what the steps are made with -------------------------------------------
STEP := tangle/step
TANGLE := $(addprefix tangle/,tangle tree.py supersede.py check.py book.py)
LINT := $(TANGLE) $(addprefix tangle/,lint proofread.py idents.py exercises.py)
WEAVE := $(filter-out %/__pycache__,$(wildcard tangle/weave/* tangle/web/* figures/* \
	chapters/*.md chapters/*.bib chapters/*.yaml exercises/*/*)) \
	tests/coverage.tsv
KERNELS := $(CHECKPOINTS:%=build/%/weft.elf)

.DEFAULT_GOAL := all
.PHONY: all setup lint kernel kernels iso runs book.pdf chapter html serve epub run test debug tree \
	diff menuconfig oldconfig defconfig check check-all mutants coverage \
	soak bench chapter-lint exercise try grade compile_commands help clean FORCE

all: build/book.pdf build/$(NEWEST)/weft.elf ## weave the book, build the newest checkpoint, boot it
	@$(call judge,$(NEWEST),qemu,64M,1)
	@echo "  the book is build/book.pdf; boot it yourself: make run CH=$(NEWEST)"

help: ## this list
	@echo "Weft, a kernel you can read. Commands:"
	@awk -F ' ## ' '/^[a-z_. -]+:.* ## / { \
		split($$1, t, "[: ]"); printf "  make %-18s %s\n", t[1], $$2 }' Makefile
	@echo "Settings: CH=02 (checkpoint), EMU=qemu|bochs|v86, MEM=64M, SMP=1, V=1 (verbose),"
	@echo "  ARGS='words of the kernel command line', EX=02-1 (exercise), FILE=, N= (boots), PORT=."

setup: ## install what is missing of packages.txt (Debian) and package-lock.json (npm)
	@tangle/setup

# --- tangle and build -------------------------------------------------------
# `| setup`: what is missing is installed before any step, and nothing is remade
# because of it. This Makefile never calls itself, so -j has one plan of all.
lint: build/lint.ok ## find authors' mistakes
build/lint.ok: $(NW) $(LINT) $(WEAVE) | setup
	@$(STEP) "lint the chapters" tangle/lint
	@touch $@

build/%/tangled: $(NW) $(TANGLE) | setup
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

# tangle writes the list of a tree's files last.
build/%/tree.files: $(NW) $(TANGLE) | setup
	@$(STEP) "clean tree of checkpoint $*" \
		tangle/tangle $* build/$*/tree --clean

.SECONDARY:
kernel: build/$(CH)/weft.elf ## tangle and build checkpoint CH: build/CH/weft.elf
kernels: $(KERNELS) ## tangle and build every checkpoint
iso: build/$(CH)/weft.iso ## the GRUB disc of checkpoint CH: build/CH/weft.iso

tree: build/$(CH)/tree.files ## the clean source of checkpoint CH, without #line, in build/CH/tree
	@echo "  build/$(CH)/tree"

diff: build/$(FROM)/tree.files build/$(TO)/tree.files ## what changed between two checkpoints: FROM=01 TO=02
	@git --no-pager diff --no-index --stat --patch \
		build/$(FROM)/tree build/$(TO)/tree || test $$? != 128

menuconfig oldconfig defconfig: build/$(CH)/tangled ## configure checkpoint CH (from chapter 2 on)
	@grep -qs '^$@:\|[ ]$@[ :]' build/$(CH)/src/Makefile || \
		{ echo "checkpoint $(CH) has no configuration yet; chapter 2 brings it" >&2; exit 2; }
	@$(MAKE) -C build/$(CH)/src O=$(CURDIR)/build/$(CH)/obj $@

# --- boot -------------------------------------------------------------------
# A test boot on a machine: $(call judge,CH,EMU,MEM,SMP)
judge = STEP_SHOW=^verdict $(STEP) "boot checkpoint $(1) in $(2)" tangle/boot $(1) \
	--emu $(2) --mem $(3) --smp $(4) --judge -- do=test,off $(ARGS)

run: build/$(CH)/weft.elf ## boot checkpoint CH and talk to it: EMU= MEM= SMP= ARGS=
	@tangle/boot $(CH) --emu $(EMU) --mem $(MEM) --smp $(SMP) --interactive \
		-- $(ARGS)

test: build/$(CH)/weft.elf ## boot checkpoint CH, run its self-tests, give the verdict
	@$(call judge,$(CH),$(EMU),$(MEM),$(SMP))

debug: build/$(CH)/weft.elf ## boot checkpoint CH under gdb: the source lines are the chapter's
	@tangle/boot $(CH) --mem $(MEM) --smp $(SMP) --gdb -- $(ARGS)

# --- weave ------------------------------------------------------------------
build/runs.ok: $(NW) $(KERNELS) tangle/capture tangle/machine.py | setup
	@$(STEP) "run what the text quotes" tangle/capture
	@touch $@
runs: build/runs.ok ## capture the transcripts and numbers that the text quotes

build/book.pdf: build/lint.ok build/runs.ok $(WEAVE) $(LINT)
	@$(STEP) "weave build/book.pdf" tangle/weave/weave.py pdf $@
book.pdf: build/book.pdf ## weave the whole book: build/book.pdf

# Its mistakes first: the runs may take half a minute.
chapter: chapter-lint build/runs.ok ## weave one chapter, quickly: build/chapter-CH.pdf
	@$(STEP) "weave chapter $(CH)" \
		tangle/weave/weave.py pdf build/chapter-$(CH).pdf --chapter $(CH)
	@echo "  build/chapter-$(CH).pdf"

build/html.ok: build/lint.ok build/runs.ok $(WEAVE) $(LINT)
	@$(STEP) "weave the web edition" tangle/weave/weave.py html build/html
	@touch $@
html: build/html.ok ## weave the web edition: build/html/index.html
	@echo "  build/html/index.html; with its consoles: make serve"

serve: build/html.ok ## show the web edition on localhost: PORT=8000
	@echo "  http://localhost:$(PORT)/ (Ctrl-C ends it)"
	@python3 -m http.server --bind 127.0.0.1 --directory build/html $(PORT) \
		>build/log/serve.log 2>&1 || { tail -n 1 build/log/serve.log >&2; \
		echo "port $(PORT) cannot be served; say make serve PORT=8080" >&2; exit 1; }

build/weft.epub: build/lint.ok build/runs.ok $(WEAVE) $(LINT)
	@$(STEP) "weave build/weft.epub" tangle/weave/weave.py epub $@
epub: build/weft.epub ## weave the book for e-book readers: build/weft.epub

chapter-lint: setup
	@$(STEP) "lint chapter $(CH)" tangle/lint $(wildcard chapters/$(CH)-*.nw)

# --- proof ------------------------------------------------------------------
check: $(KERNELS) build/book.pdf build/html.ok build/weft.epub ## all tests that fit in a few minutes (what CI runs)
	@tests/run

check-all: $(KERNELS) build/book.pdf build/html.ok build/weft.epub ## every test on every checkpoint and machine, every mutant
	@WEFT_ALL=1 tests/run --all

mutants: $(KERNELS) ## break every mechanism once and see its test fail: CH=02 only that one's
	@tests/mutants $(if $(CH_SAID),$(CH))

coverage: ## which mechanisms the last run of the tests proved
	@tests/coverage

soak: build/$(CH)/weft.elf ## boot checkpoint CH N times on many machines and compare
	@tests/soak $(CH) $(N)

bench: build/$(NEWEST)/weft.elf ## how long an edit takes to its booted verdict
	@tangle/bench

# --- exercises --------------------------------------------------------------
exercise: setup ## lay out an exercise for you to do: EX=02-1
	@tangle/exercise "$(EX)"

try: setup ## boot the checkpoint with your answer in it: EX=02-1 (FILE=)
	@tangle/try "$(EX)" $(if $(FILE),"$(FILE)") -- $(ARGS)

grade: setup ## grade your answer: EX=02-1 (FILE= another file, SEED=, JSON=report, KEEP=1)
	@tangle/grade "$(EX)" $(if $(FILE),"$(FILE)") \
		$(if $(SEED),--seed $(SEED)) $(if $(JSON),--json "$(JSON)") $(if $(KEEP),--keep)

# --- for editors ------------------------------------------------------------
compile_commands: build/$(CH)/tree.files ## compile_commands.json for clangd, of the clean tree of CH
	@tangle/compile-commands $(CH) > compile_commands.json.new && \
		mv compile_commands.json.new compile_commands.json
	@echo "  compile_commands.json"

clean: ## remove build/
	rm -rf build
