# What a turn costs against the number of tasks that can run, from the command costs under both classes.
set logscale x 2; set logscale y 10
set xrange [1:5000]; set yrange [100:100000]
set xtics ("1" 1, "4" 4, "16" 16, "64" 64, "256" 256, "1024" 1024, "4096" 4096)
set ytics ("100" 100, "1000" 1000, "10000" 10000, "100000" 100000)
set xlabel "tasks that can run"; set ylabel "instructions a turn"
plot "< awk '/^cost yield [0-9]+ [0-9]+$/' build/04/runs/costs.txt" using 3:4 with linespoints linetype 1 title "the fair class, on a list", \
     "< awk '/^cost yield [0-9]+ [0-9]+$/' build/04/runs/costs-o1.txt" using 3:4 with linespoints linetype 2 title "the O(1) class"
