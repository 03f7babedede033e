# segments.awk - who ran, and who waited for the processor, from the trace in a run's transcript.
# Out: row, from, to (ms since the first event), 1: ran or 0: waited. Rows: `NAME is PID N` lines, in their order; other
# tasks are left out. -v begin=mark: time begins with the first mark; -v begin=wakeup: when row 1 was last woken.
/ is PID [0-9]+$/ { row[$NF] = ++rows; next }
$1 != "trace" { next }
{ lines[++n] = $0 }
END {
	for (i = 1; i <= n && begin != ""; i++) {
		split(lines[i], f)
		if (f[3] == begin && (begin == "mark" ? start == "" : row[f[4]] == 1)) start = f[2] / 1000
	}
	for (i = 1; i <= n; i++) {
		split(lines[i], f)
		t = f[2] / 1000
		if (start == "") start = t
		if (f[3] ~ /^wakeup/ && !(f[4] in ready)) ready[f[4]] = t
		if (f[3] != "switch") continue
		if (f[4] in row && f[4] in began) print row[f[4]], began[f[4]] - start, t - start, 1
		if (f[6] == 0 || f[6] == 65536) ready[f[4]] = t
		if (f[5] in row && f[5] in ready) print row[f[5]], ready[f[5]] - start, t - start, 0
		delete ready[f[5]]
		began[f[5]] = t
	}
}
