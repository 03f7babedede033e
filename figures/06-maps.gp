# A look into a tree and into a hash table, in instructions, from the command mapcosts.
set logscale x 4; set logscale y 10
set xrange [56:18700]; set yrange [9:110000]
set xtics ("64" 64, "256" 256, "1024" 1024, "4096" 4096, "16,384" 16384)
set ytics ("10" 10, "100" 100, "1000" 1000, "10,000" 10000, "100,000" 100000)
set xlabel "entries"; set ylabel "instructions a look"
data = "< grep '^map ' build/06/runs/maps.txt | tr -d ';'"
plot data using 2:11 with linespoints linetype 1 title "hash, hostile keys", \
     data using 2:9 with linespoints linetype 4 title "tree, hostile keys", \
     data using 2:4 with linespoints linetype 2 title "tree", \
     data using 2:6 with linespoints linetype 3 title "hash"
