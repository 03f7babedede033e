# The style of the book's plots, read before figures/NAME.gp; letters and colors are those of figures/style.tex.
# Lines differ by dashes and weight as well as by color, so that a plot survives being printed in grey.
# A plot reads data that a kernel printed: plot "build/04/runs/trace.dat" ... (a missing file is an error).
set linetype 1 linecolor rgb "#8C2A1C" linewidth 2 dashtype 1 pointtype 7 pointsize 0.6
set linetype 2 linecolor rgb "#000000" linewidth 1.2 dashtype 1 pointtype 6 pointsize 0.6
set linetype 3 linecolor rgb "#666666" linewidth 2 dashtype 2 pointtype 5 pointsize 0.6
set linetype 4 linecolor rgb "#000000" linewidth 1.2 dashtype 3 pointtype 4 pointsize 0.6
set linetype cycle 4
set border 3 linewidth 0.6
set tics nomirror out scale 0.6
set grid ytics linecolor rgb "#cccccc" linewidth 0.5 dashtype 1
set key left top Left reverse samplen 2
