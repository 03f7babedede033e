# The lag of two hogs under EEVDF; thick where a hog runs.
set xlabel "time, ms"; set ylabel "lag, ms"
set xrange [0:160]; set yrange [-9:9]
set key top right
set xzeroaxis linetype 1 linecolor rgb "#666666" linewidth 0.6
data = "< awk -f figures/lag.awk build/06/runs/events-eevdf.txt"
plot data using ($1 == 1 && $6 == 1 ? $2 : NaN):4:($3-$2):($5-$4) with vectors nohead linetype 2 linewidth 4 title "nice 0", \
     data using ($1 == 2 && $6 == 1 ? $2 : NaN):4:($3-$2):($5-$4) with vectors nohead linetype 1 linewidth 4 title "nice 5", \
     data using ($1 == 1 && $6 == 0 ? $2 : NaN):4:($3-$2):($5-$4) with vectors nohead linetype 2 linewidth 1 notitle, \
     data using ($1 == 2 && $6 == 0 ? $2 : NaN):4:($3-$2):($5-$4) with vectors nohead linetype 1 linewidth 1 notitle
