# Take the first and put it back: instructions and misses of the first cache, from the run costs-host.
set multiplot layout 1,2
set logscale x 16; set logscale y 10
set xrange [13:80000]
set xtics ("16" 16, "256" 256, "4096" 4096, "65,536" 65536)
set xlabel "in the queue"
pick(name) = sprintf("< awk '$1 == \"count\" && $2 == \"churn\" && $3 == \"%s\"' build/06/runs/costs-host.txt", name)
set yrange [90:3000000]; set title "instructions"
set ytics ("100" 100, "1000" 1000, "10,000" 10000, "100,000" 100000)
plot pick("list") using 4:5 with linespoints linetype 3 title "list", \
     pick("array") using 4:5 with linespoints linetype 4 title "sorted array", \
     pick("heap") using 4:5 with linespoints linetype 2 title "heap", \
     pick("tree") using 4:5 with linespoints linetype 1 title "tree"
set yrange [0.009:30000000]; set title "misses of the first cache"
set ytics ("0.01" 0.01, "0.1" 0.1, "1" 1, "10" 10, "100" 100, "1000" 1000, "10,000" 10000, "100,000" 100000)
plot pick("list") using 4:($6 < 0.01 ? 0.01 : $6) with linespoints linetype 3 title "list", \
     pick("array") using 4:($6 < 0.01 ? 0.01 : $6) with linespoints linetype 4 title "sorted array", \
     pick("heap") using 4:($6 < 0.01 ? 0.01 : $6) with linespoints linetype 2 title "heap", \
     pick("tree") using 4:($6 < 0.01 ? 0.01 : $6) with linespoints linetype 1 title "tree"
unset multiplot
