# Virtual times of two hogs and a sleeper, each turn a line from its beginning to its end.
set xlabel "time, ms"
set ylabel "vruntime, ms"
set xrange [0:60]
set yrange [0:42]
set key top left
file = "build/04/runs/vruntimes.txt"
plot file using (strcol(1) eq "A" ? $2/1000 : NaN):($4/1000):(($3-$2)/1000):(($5-$4)/1000) with vectors nohead linetype 2 linewidth 3 title "A, nice 0", \
     file using (strcol(1) eq "B" ? $2/1000 : NaN):($4/1000):(($3-$2)/1000):(($5-$4)/1000) with vectors nohead linetype 1 linewidth 2 title "B, nice 5", \
     file using (strcol(1) eq "S" ? $2/1000 : NaN):($4/1000):(($3-$2)/1000):(($5-$4)/1000) with vectors nohead linetype 4 linewidth 4 title "S, sleeps"
