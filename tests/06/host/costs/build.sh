#!/bin/sh
# build.sh SRC OUT: compile OUT/costs from the kernel's own tangled files under SRC, unmodified, and the host's library.
set -e
src=$1 out=$2
here=$(dirname "$0")
mkdir -p "$out"
flags='-O2 -g -Wall -Wextra -Wno-unused-parameter'
for file in "$here/weft.c" "$src/lib/rbtree.c" "$src/lib/radix-tree.c" "$src/lib/idr.c" "$src/lib/find_bit.c" \
	"$src/lib/kfifo.c" "$src/lib/bitmap.c"; do
	gcc $flags -std=gnu11 -fno-strict-aliasing -I"$here/../shim" -I"$src/include" -I"$here" -c "$file" \
		-o "$out/$(basename "$file" .c).o"
done
gcc $flags -std=gnu11 -c "$here/arrays.c" -o "$out/arrays.o"
g++ $flags -std=c++20 "$here/costs.cc" "$here/std.cc" "$out"/*.o -o "$out/costs"
