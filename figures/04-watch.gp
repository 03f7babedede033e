# Virtual time against real time at HZ=1000, sampled at every second tick.
set xrange [0:120]; set xlabel "real time, ms"; set ylabel "virtual time, ms"
plot "< awk '$1 == \"watch\" && $3 == \"hog/0\"' build/04/runs/watch.txt" using ($2/1000):($5/1000) with lines linetype 1 title "nice 0", \
     "< awk '$1 == \"watch\" && $3 == \"hog/1\"' build/04/runs/watch.txt" using ($2/1000):($5/1000) with lines linetype 2 title "nice 5", \
     "< awk '$1 == \"watch\" && $3 == \"editor\"' build/04/runs/watch.txt" using ($2/1000):($5/1000) with lines linetype 3 title "nice 0, sleeps most of the time"
