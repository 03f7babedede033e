#!/bin/sh
# run.sh: what the structures cost on the host, for the chapter's text and plots. Run in build/06.
#     time PHASE STRUCTURE N NS             the fastest of five rounds
#     count PHASE STRUCTURE N IR D1 LL      instructions and misses for each operation, under valgrind
#     map PHASE OURS N NS THEIRS NS ratio R       and so mapcount, in instructions
# The caches that valgrind imitates: 32 KB, 8 ways; and 1 MB, 16 ways; lines of 64 bytes. Without the tunable glibc moves memory
# with rep movsb, each byte of which valgrind counts as an instruction.
set -e
here=$(dirname "$0")
work=host-costs
rm -rf $work
"$here/build.sh" src $work >&2
cd $work
./costs time | sed 's/^queue/time/'
GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=0x40000000 \
	valgrind --tool=callgrind --cache-sim=yes --I1=32768,8,64 --D1=32768,8,64 --LL=1048576,16,64 \
	--callgrind-out-file=dump --log-file=log ./costs count || { cat log; exit 1; }
# A dump's events are Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw; its name ends with the number of operations.
awk 'function each(event) { return event / what[5] }
	/^desc: Trigger: Client Request: / { n = split(substr($0, 32), what, " ") }
	/^totals:/ && n == 5 {
		n = 0
		if (what[1] == "queue") {
			printf "count %s %s %s %.0f %.2f %.2f\n", what[2], what[3], what[4], each($2), each($6 + $7), each($9 + $10)
		} else if (what[3] !~ /^std/) {
			ours = what[3]; n_ours[what[2]] = each($2)
		} else {
			printf "mapcount %s %s %s %.0f %s %.0f ratio %.2f\n", what[2], ours, what[4], n_ours[what[2]], what[3], each($2),
				n_ours[what[2]] / each($2)
		}
	}' $(ls dump.* | sort -t. -k2n)
