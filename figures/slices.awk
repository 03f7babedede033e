# slices.awk - how long each turn of a task lasted that has a row (`NAME is PID N`), in ms.
/ is PID [0-9]+$/ { row[$NF] = 1; next }
$1 == "trace" { lines[++n] = $0 }
END {
	for (i = 1; i <= n; i++) {
		split(lines[i], f)
		if (f[3] != "switch") continue
		if (f[4] in row && from != "" && f[2] - from > 500) print (f[2] - from) / 1000
		from = f[2]
	}
}
