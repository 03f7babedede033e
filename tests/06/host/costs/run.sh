#!/bin/sh
# run.sh: what the structures cost on the host, for the chapter's text and plots. Run in build/06.
#     time PHASE STRUCTURE N NS             the fastest of five rounds
#     count PHASE STRUCTURE N IR D1 LL      instructions and misses for each operation, under valgrind
#     map PHASE OURS N NS THEIRS NS ratio R
# The caches that valgrind imitates: 32 KB, 8 ways; and 1 MB, 16 ways; lines of 64 bytes.
set -e
here=$(dirname "$0")
work=host-costs
rm -rf $work
"$here/build.sh" src $work >&2
cd $work
./costs time | sed 's/^queue/time/'
valgrind --tool=callgrind --cache-sim=yes --I1=32768,8,64 --D1=32768,8,64 --LL=1048576,16,64 \
	--callgrind-out-file=dump --log-file=log ./costs count || { cat log; exit 1; }
# Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw
awk '/^desc: Trigger: Client Request: / { split(substr($0, 32), what, " "); n = split(substr($0, 32), what, " ") }
	/^totals:/ && n == 5 { printf "%s %s %s %s %.1f %.3f %.3f\n", what[1] == "queue" ? "count" : "mapcount",
		what[2], what[3], what[4], $2 / what[5], ($6 + $7) / what[5], ($9 + $10) / what[5]; n = 0 }' dump.*
