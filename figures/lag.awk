# lag.awk - how lag went, from the events run and pause of EEVDF in a run's transcript.
# Out: row, from, to (ms since the mark), lag at both (ms), 1: ran or 0: waited. Rows: the tasks that the one with the
# mark has woken right after it, in their order.
$1 != "trace" { next }
$3 == "mark" { start = $2; marker = $4; next }
start == "" { next }
$3 == "wakeup" && $5 == marker && !($4 in row) && rows < 2 { row[$4] = ++rows; next }
($3 == "run" || $3 == "pause") && $4 in row {
	t = ($2 - start) / 1000
	if ($4 in at) print row[$4], at[$4], t, lag[$4], $5 / 1000, $3 == "pause"
	at[$4] = t; lag[$4] = $5 / 1000
}
