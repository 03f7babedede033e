# Two threads under three preemption models, from the traces of three runs.
set xrange [0:14.3]; set yrange [0:9.6]
set xtics 0,2,14; set mxtics 2
set xlabel "seconds of the machine's time"
set ytics scale 0 ("T1" 8.5, "T2" 7.5, "T1" 5.3, "T2" 4.3, "T1" 2.1, "T2" 1.1)
set grid noytics; set grid xtics
set label 1 "none" at 0.1,9.35
set label 2 "voluntary" at 0.1,6.15
set label 3 "preemptible" at 0.1,2.95
set arrow 1 from 8.004,0.5 to 8.004,9.1 nohead linecolor rgb "#8C2A1C" linewidth 1 dashtype 3 front
unset key
h = 0.33
set style fill solid 1.0 border rgb "#000000"
plot "< awk -v begin=mark -f figures/segments.awk build/04/runs/story-none.txt" using (($2+$3)/2000):(9.5-$1):($2/1000):($3/1000):(9.5-$1-h):(9.5-$1+h):($4 > 0 ? 0x8C2A1C + ($1-1)*(0x666666-0x8C2A1C) : 0xEEEEEE) with boxxyerror linecolor rgb variable dashtype 1, \
     "< awk -v begin=mark -f figures/segments.awk build/04/runs/story-voluntary.txt" using (($2+$3)/2000):(6.3-$1):($2/1000):($3/1000):(6.3-$1-h):(6.3-$1+h):($4 > 0 ? 0x8C2A1C + ($1-1)*(0x666666-0x8C2A1C) : 0xEEEEEE) with boxxyerror linecolor rgb variable dashtype 1, \
     "< awk -v begin=mark -f figures/segments.awk build/04/runs/story-preempt.txt" using (($2+$3)/2000):(3.1-$1):($2/1000):($3/1000):(3.1-$1-h):(3.1-$1+h):($4 > 0 ? 0x8C2A1C + ($1-1)*(0x666666-0x8C2A1C) : 0xEEEEEE) with boxxyerror linecolor rgb variable dashtype 1
