# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl tem: formats of images, numbers, pictures, errors. monolayer.png and .tif: spacing 12.1 pixels, a row at 21 degrees.
. "$SRCDIR/tests/cli/lib.sh"
data=$SRCDIR/tests/data/saxs

# PGM, plain: a lattice of three plane waves, spacing 10 pixels: g = 2 / (sqrt(3) 10), one wave along y.
awk 'BEGIN { pi = 3.14159265358979; g = 2 * pi * 2 / (sqrt(3) * 10); c = sqrt(3) / 2; printf "P2\n# waves\n160 160\n255\n"
    for (y = 0; y < 160; y++) { for (x = 0; x < 160; x++)
        printf "%d ", 128 + 0.3 * x + 15 * (cos(g * y) + cos(g * (c * x + y / 2)) + cos(g * (c * x - y / 2)))
        print "" } }' >waves.pgm
run "$BNSL" tem waves.pgm --pixel 0.5 --json
expect_status "PGM done" 0
expect_keys "keys" distance distance_err g g_err contrast sixfold orientation pieces pixel crop.3 output
expect_json_close "distance" distance 5 2e-3
expect_json_close "ring" g 0.2309401 2e-3
run "$BNSL" tem waves.pgm --pixel 0.5 --crop 10,20,128,120 --range 4,6
expect_status "a part" 0
expect_line "one grain" "one grain"
run "$BNSL" tem waves.pgm --pixel 0.5 --range 6,15
expect_status "nothing in that range" 1
expect_error "nothing in that range: said" "no ring"
run "$BNSL" tem waves.pgm --pixel 0.5 --crop 10,20,160,120
expect_status "crop beyond the image" 1
expect_one_line "crop beyond the image: one line"

for kind in png tif; do
    run "$BNSL" tem "$data/monolayer.$kind" --pixel 0.5 --json
    if grep -q "which this build has not" err; then
        expect_status "$kind without its library" 1
        continue
    fi
    expect_status "$kind done" 0
    expect_json_close "$kind: distance" distance 6.05 5e-3
    expect_json_close "$kind: orientation" orientation 21 2e-2
    head -c 9000 "$data/monolayer.$kind" >cut.$kind
    run "$BNSL" tem cut.$kind --pixel 0.5
    expect_status "$kind cut short" 1
    expect_one_line "$kind cut short: one line"
done

run "$BNSL" tem waves.pgm --pixel 0.5 -o power.png
if grep -q cairo err; then
    expect_status "no picture without cairo" 1
else
    expect_status "picture" 0
    expect_file "power spectrum" power.png
    run "$BNSL" tem waves.pgm --pixel 0.5 -o power.png
    expect_status "not over another file" 1
fi
run "$BNSL" tem waves.pgm --pixel 0.5 -o power.txt
expect_status "no such picture" 2
run "$BNSL" tem waves.pgm
expect_status "pixel missing" 2
run "$BNSL" tem waves.pgm --pixel 0
expect_status "pixel of no size" 2
run "$BNSL" tem nowhere.png --pixel 1
expect_status "no file" 1
echo "not an image" >text.png
run "$BNSL" tem text.png --pixel 1
expect_status "not an image" 1
expect_error "not an image: said" "is not a PNG, TIFF or PGM image"
head -c 5000 waves.pgm >cut.pgm
run "$BNSL" tem cut.pgm --pixel 1
expect_status "PGM cut short" 1
printf 'P5\n99999999 4\n255\n' >huge.pgm
run "$BNSL" tem huge.pgm --pixel 1
expect_status "too large" 1
finish
