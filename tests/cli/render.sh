#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl render: counts, picture formats and sizes, slices, refusals.
. "$SRCDIR/tests/cli/lib.sh"

# A perfect AlB2 crystal, 6 x 4 x 6 orthogonal cells of 2 L and 4 S; names of the types as arguments.
crystal() {
    awk -v L="$1" -v S="$2" 'BEGIN {
        nx = 6; ny = 4; nz = 6; b = sqrt(3)
        split("0 0 0 0.5 0.5 0 0 0.333333333333 0.5 0.5 0.833333333333 0.5 0 0.666666666667 0.5 0.5 0.166666666667 0.5", f, " ")
        print 6 * nx * ny * nz
        printf "Lattice=\"%g 0 0 0 %.12f 0 0 0 %g\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"\n", nx, b * ny, nz
        for (i = 0; i < nx; i++) for (j = 0; j < ny; j++) for (k = 0; k < nz; k++) for (s = 0; s < 6; s++)
            printf "%s %.9f %.9f %.9f\n", s < 2 ? L : S, i + f[3 * s + 1], b * (j + f[3 * s + 2]), k + f[3 * s + 3]
    }'
}
crystal L S >crystal.xyz

# Width and height of a PNG: bytes 17 to 24, big-endian.
png_size() { od -An -tu1 -j16 -N8 "$1" | awk '{ print ($1 * 256 + $2) * 65536 + $3 * 256 + $4, ($5 * 256 + $6) * 65536 + $7 * 256 + $8 }'; }
magic() { head -c "$2" "$1" | od -An -c | tr -d ' \n'; }

run "$BNSL" render crystal.xyz --json
if grep -q 'pictures need cairo' err; then
    expect_status "without cairo: one clear line" 1
    expect_one_line "without cairo: one line"
    finish
fi
expect_status "render" 0
expect_json "particles" frames.0.particles 864
expect_json "L" frames.0.n_large 288
expect_json "all L are AlB2" frames.0.AlB2 288
expect_json "none is fluid" frames.0.fluid 0
expect_json "default name" output.0 crystal.png
expect_equal "PNG" "$(magic crystal.png 4)" '211PNG'
expect_equal "PNG is larger than its picture by the legend" "$(png_size crystal.png | awk '{ print ($1 == 900 && $2 > 900 && $2 < 960) }')" 1
run "$BNSL" render crystal.xyz
expect_status "not overwritten" 1
expect_error "not overwritten: --force is named" "--force"
expect_one_line "not overwritten: one line"

run "$BNSL" render crystal.xyz --size 300,200 --no-legend --no-scale-bar --title cut --slice z --position 0.1 --view 1,1,0.5 -o a.png -o a.svg -o a.pdf
expect_status "three formats" 0
expect_equal "size" "$(png_size a.png | awk '{ print ($1 == 300 && $2 > 200 && $2 < 260) }')" 1
expect_equal "SVG" "$(magic a.svg 5)" '<?xml'
expect_equal "PDF" "$(magic a.pdf 4)" '%PDF'

# The same picture again, byte by byte, and on any number of threads.
run "$BNSL" render crystal.xyz --threads 1 -o one.png
run "$BNSL" render crystal.xyz --threads 2 -o two.png
expect_equal "same bytes" "$(cmp one.png two.png && cmp one.png crystal.png && echo same)" same

# Two panels; colours by species; other names.
crystal Fe Pb >fe.xyz
run "$BNSL" render fe.xyz
expect_status "unknown types" 1
expect_error "unknown types: named" "'L'"
expect_no_file "unknown types: no picture" fe.png
run "$BNSL" render fe.xyz --species L=Fe,S=Pb --color species --size 200,200 -o fe.png
expect_status "species by name" 0
cp crystal.xyz copy.xyz
run "$BNSL" render crystal.xyz copy.xyz --size 200,200 --no-box -o both.png
expect_status "two panels" 0
expect_equal "two panels: width" "$(png_size both.png | awk '{ print $1 }')" 400

# Wrong use.
for wrong in "--view w" "--view 0,0,0" "--view 1,2" "--slice 1,2,3,4" "--species Fe,Pb" "--size 10,10" "--fluid 2" "--thickness -1"; do
    run "$BNSL" render crystal.xyz $wrong -o wrong.png
    expect_status "render $wrong" 2
done
run "$BNSL" render crystal.xyz -o picture.gif
expect_status "unknown picture format" 2
expect_error "unknown picture format: the known ones" ".svg"
run "$BNSL" render crystal.xyz --frame 3 -o wrong.png
expect_status "no such frame" 1
expect_one_line "no such frame: one line"
echo "not a trajectory" >broken.gsd
run "$BNSL" render broken.gsd -o wrong.png
expect_status "a broken file" 1
expect_no_file "failures leave no picture" wrong.png
expect_equal "nothing is left behind" "$(ls | grep part-)" ""
finish
