# Forty hogs at HZ=1000, from the trace of the run: who has the processor when.
set xrange [0:130]; set yrange [0.3:40.7] reverse
set xlabel "milliseconds"; set ylabel "hog"
set ytics 1,13,40; set xtics 0,20,130
unset key; set grid noytics; set grid xtics
set style fill solid 1.0 noborder
plot "< awk -v begin=wakeup -f figures/segments.awk build/04/runs/crowd.txt" using ($4 > 0 && $3-$2 > 0.1 && $2 > -1 ? ($2+$3)/2 : NaN):1:($2):($3):($1-0.42):($1+0.42) with boxxyerror linecolor rgb "#8C2A1C"
