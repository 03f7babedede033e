# Two hogs and a task that mostly sleeps: dynamic priority under O(1), virtual time under CFS, from two runs.
set multiplot layout 1,2
set xrange [0:2]; set xtics 0,0.5,2; set xlabel "seconds"
set yrange [126:114]; set ytics 115,5,125
set title "O(1): dynamic priority"
unset key
plot "< awk '$1 == \"watch\" && $3 == \"hog/0\"' build/04/runs/watch-o1.txt" using ($2/1e6):4 with steps linetype 2, \
     "< awk '$1 == \"watch\" && $3 == \"hog/1\"' build/04/runs/watch-o1.txt" using ($2/1e6):4 with steps linetype 4, \
     "< awk '$1 == \"watch\" && $3 == \"editor\"' build/04/runs/watch-o1.txt" using ($2/1e6):4 with steps linetype 1
set yrange [*:*]; set ytics 0,0.5,1
set title "CFS: virtual time, s"
set key bottom right Right
plot "< awk '$1 == \"watch\" && $3 == \"hog/0\"' build/04/runs/watch-long.txt" using ($2/1e6):($5/1e6) with lines linetype 2 title "hog", \
     "< awk '$1 == \"watch\" && $3 == \"hog/1\"' build/04/runs/watch-long.txt" using ($2/1e6):($5/1e6) with lines linetype 4 title "hog", \
     "< awk '$1 == \"watch\" && $3 == \"editor\"' build/04/runs/watch-long.txt" using ($2/1e6):($5/1e6) with lines linetype 1 title "editor"
unset multiplot
