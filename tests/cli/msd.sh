#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl msd: flights of known displacement, images, drift, diffusion of random walks, outputs, failures.
. "$SRCDIR/tests/cli/lib.sh"

# 20 frames, 100 steps apart: an L at rest, an L and two S that fly with velocity 0.03, 0.04 and 0.05 a step/100, wrapped into a box of 2.
flights() { # MODE: wrapped, images, open
    awk -v mode="$1" '
        function wrapped(x) { while (x >= 1) x -= 2; return x }
        BEGIN {
            for (f = 0; f < 20; f++) {
                print 4
                printf "Lattice=\"2 0 0 0 2 0 0 0 2\" Origin=\"-1 -1 -1\" Properties=species:S:1:pos:R:3%s Step=%d\n", mode == "images" ? ":image:R:3" : "", 1000 + 100 * f
                for (i = 0; i < 4; i++) {
                    x = i == 0 ? 0.25 : (0.2 + 0.1 * i) * f
                    at = mode == "open" ? x : wrapped(x)
                    printf "%s %.12f 0 0.5%s\n", i < 2 ? "L" : "S", at, mode == "images" ? sprintf(" %d 0 0", (x - at) / 2 + 0.5) : ""
                }
            }
        }'
}
flights wrapped >wrapped.xyz
flights images >images.xyz
flights open >open.xyz

run "$BNSL" msd images.xyz --json
expect_status "msd" 0
expect_keys "msd: keys" lag msd D D_err msd_L msd_S D_L D_S D_L_err D_S_err fit n_large n_small unwrap mode n_frames
expect_json "msd: lags" lag.# 20
expect_json "msd: lag in steps" lag.2 200
expect_json "msd: unwrapped by images" unwrap images
expect_json "msd: nothing at lag 0" msd.0 0
expect_json_close "msd: L" msd_L.10 "$(awk 'BEGIN { print 0.09 * 100 / 2 }')" 1e-9
expect_json_close "msd: S" msd_S.10 "$(awk 'BEGIN { print (0.16 + 0.25) * 100 / 2 }')" 1e-9
expect_json_close "msd: all" msd.19 "$(awk 'BEGIN { print (0.09 + 0.16 + 0.25) * 361 / 4 }')" 1e-9
run "$BNSL" msd wrapped.xyz --json
expect_json "nearest images: chosen" unwrap nearest
expect_json_close "nearest images" msd_S.10 20.5 1e-9
expect_error "nearest images: said" "no images"
run "$BNSL" msd open.xyz --unwrap none --json --dt 0.01
expect_json_close "unwrapped positions" msd_S.10 20.5 1e-9
expect_json_close "time" lag.2 2 1e-12
run "$BNSL" msd open.xyz --unwrap none --mode direct --json
expect_json_close "from the first frame" msd_S.10 20.5 1e-9

# Drift: velocities 0, 0.3, 0.4, 0.5 about their mean 0.3.
run "$BNSL" msd images.xyz --remove-drift --json
expect_json_close "without drift" msd.10 "$(awk 'BEGIN { print (0.09 + 0 + 0.01 + 0.04) * 100 / 4 }')" 1e-9

# A line through v^2 t^2 at lags 1 and 2 (x 100 steps) has the slope 3 v^2 / 100: D = v^2 / 200.
run "$BNSL" msd images.xyz --blocks 5 --fit 100,200 --json
expect_json_close "diffusion coefficient" D "$(awk 'BEGIN { print 0.5 / 4 / 200 }')" 1e-9
expect_json_close "range of the fit" fit.1 200 1e-12
run "$BNSL" msd images.xyz --blocks 5 --fit 100,100 --through-origin --json
expect_json_close "through the origin" D "$(awk 'BEGIN { print 0.5 / 4 / 600 }')" 1e-5
run "$BNSL" msd images.xyz --frames 0:5 --json
expect_json "too few frames for D" D null
expect_error "too few frames for D: said" "too few"

# Random walks with steps of +-0.1 along each axis: D = 0.01 / 2; 5 % is some five standard errors.
awk 'BEGIN {
    srand(5)
    for (f = 0; f < 200; f++) {
        print 100
        print "Properties=species:S:1:pos:R:3 pbc=\"F F F\" Lattice=\"99 0 0 0 99 0 0 0 99\" Step=" f
        for (i = 0; i < 100; i++) {
            for (k = 0; k < 3; k++) x[i, k] += rand() < 0.5 ? -0.1 : 0.1
            print "L", x[i, 0], x[i, 1], x[i, 2]
        }
    }
}' >walk.xyz
run "$BNSL" msd walk.xyz --fit 1,5 --json
expect_status "random walks" 0
expect_json "random walks: free" unwrap none
expect_json_close "random walks: D" D 0.005 0.05
expect_json "random walks: no S" D_S null
run "$BNSL" msd walk.xyz --fit 1,5 --json --threads 1
cp out first
run "$BNSL" msd walk.xyz --fit 1,5 --json --threads 3
if cmp -s out first; then ok "threads"; else bad "threads" "another result"; fi

# Tables and pictures.
run "$BNSL" msd images.xyz -o m.tsv
expect_status "a table" 0
expect_equal "a table: heading" "$(sed -n 2p m.tsv)" "$(printf '# lag (steps times --dt)\tmsd\tmsd_L\tmsd_S (length^2 of the file)')"
expect_equal "a table: rows" "$(grep -vc '^#' m.tsv)" 20
run "$BNSL" msd walk.xyz
expect_equal "the table on stdout" "$(grep -vc '^#' out)" 200
expect_line "the coefficient on stdout" "# D (all) ="
run "$BNSL" msd images.xyz -o m.tsv
expect_status "an existing file" 1
run "$BNSL" msd walk.xyz -o m.svg
if [ "$status" = 0 ]; then expect_file "a picture" m.svg; else expect_error "no picture without cairo" cairo; fi

# Failures and wrong use.
{ head -n 6 images.xyz; sed -n '7,12s/Lattice="2 0 0/Lattice="2.1 0 0/; 7,12p' images.xyz; } >changing.xyz
run "$BNSL" msd changing.xyz
expect_status "a box that changes" 1
expect_error "a box that changes: why" "constant box"
expect_one_line "a box that changes: one line"
run "$BNSL" msd images.xyz --frames 0
expect_status "one frame" 1
{ head -n 12 images.xyz; tail -n 6 images.xyz; } >uneven.xyz
run "$BNSL" msd uneven.xyz
expect_status "uneven steps" 1
expect_error "uneven steps: why" "equally spaced"
run "$BNSL" msd images.xyz --fit 100,2000
expect_status "a fit beyond the blocks" 1
expect_one_line "a fit beyond the blocks: one line"
run "$BNSL" msd images.xyz --fit 3,1
expect_status "a fit in the wrong order" 2
run "$BNSL" msd images.xyz --mode other
expect_status "an unknown mode" 2
run "$BNSL" msd images.xyz -o m.gsd
expect_status "an unknown ending" 2
run "$BNSL" msd nothing.gsd
expect_status "no file" 1
finish
