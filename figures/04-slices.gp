# How long turns last between two hogs, at two rates of the clock.
set xrange [0:12]; set yrange [0:*]
set xlabel "length of a turn, ms"; set ylabel "turns"
set style fill solid 0.6 border rgb "#000000"
set boxwidth 0.4
bin(x) = 0.5 * floor(x / 0.5 + 0.5)
set arrow 1 from 3,graph 0 to 3,graph 0.85 nohead linecolor rgb "#000000" linewidth 1 dashtype 3 front
set label 1 "due: 3 ms" at 2.8,graph 0.8 right
set key at graph 0.98,graph 0.8 right top Right
plot "< awk -f figures/slices.awk build/04/runs/slices-1000.txt" using (bin($1)):(1) smooth frequency with boxes linecolor rgb "#8C2A1C" title "HZ=1000", \
     "< awk -f figures/slices.awk build/04/runs/slices-100.txt" using (bin($1)):(1) smooth frequency with boxes linecolor rgb "#666666" title "HZ=100"
