#!/bin/sh
# The opening's two programs as commands of the kernel, cut out of chapter 5 and laid over checkpoint 04: what that kernel does. Run in build/05.
set -e
sed -n '/^<<Makefile/q; /^<<monitor:\|^<<guest:/,/^@$/p' ../../chapters/05-system-calls.nw >guests.nw
../../tangle/tangle --overlay guests.nw 04 guests/src >&2
if ! env -u MAKEFLAGS make -s -C guests/src O="$PWD/guests/obj" >guests.log 2>&1; then
	cat guests.log
	exit 1
fi
for guest in careless selfish; do
	../../tangle/boot 04 --elf guests/obj/weft.elf --icount 0 -- "do=$guest,off" 2>&1 |
		sed -n "s/^verdict: FAILED: [a-z]*: \([^;]*\);.*/(\1)/; /> $guest\$/,\$p"
done
