#!/bin/sh
# The opening's command `compute`, cut out of chapter 4 and laid over checkpoint 03: what that kernel says. Run in build/04.
set -e
sed -n '/^<<monitor:/,/^@$/p; /^## A clock/q' ../../chapters/04-process-scheduling.nw >compute.nw
../../tangle/tangle --overlay compute.nw 03 compute/src >&2
if ! env -u MAKEFLAGS make -s -C compute/src O="$PWD/compute/obj" >compute.log 2>&1; then
	cat compute.log
	exit 1
fi
../../tangle/boot 03 --elf compute/obj/weft.elf --icount 0 -- do=compute,off | grep -A1 'compute$'
