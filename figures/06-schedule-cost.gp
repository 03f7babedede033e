# What a turn costs against the number of tasks that want to run: chapter 4's list, the tree, O(1), EEVDF.
set logscale x 2; set logscale y 10
set xrange [1:4200]; set yrange [300:50000]
set xtics ("1" 1, "4" 4, "16" 16, "64" 64, "256" 256, "1024" 1024, "4096" 4096)
set ytics ("300" 300, "1000" 1000, "3000" 3000, "10,000" 10000, "30,000" 30000)
set xlabel "tasks that want to run"; set ylabel "instructions a turn"
plot "< awk '/^cost yield [0-9]+ [0-9]+$/' build/06/runs/costs-list.txt" using 3:4 with linespoints linetype 2 title "the fair class, on chapter 4's list", \
     "< awk '/^cost yield [0-9]+ [0-9]+$/' build/06/runs/costs-eevdf.txt" using 3:4 with linespoints linetype 4 title "EEVDF, on the augmented tree", \
     "< awk '/^cost yield [0-9]+ [0-9]+$/' build/06/runs/costs.txt" using 3:4 with linespoints linetype 1 title "the fair class, on the tree", \
     "< awk '/^cost yield [0-9]+ [0-9]+$/' build/06/runs/costs-o1.txt" using 3:4 with linespoints linetype 3 title "O(1), on its arrays"
