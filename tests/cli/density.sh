#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl density: a perfect crystal, thresholds, pairs, outputs, failures.
. "$SRCDIR/tests/cli/lib.sh"

# fcc, nearest distance 1.4, lattice constant 1.9799: of the 12 at 1.4, (1.8 - 1.4) / 1 counts, the 6 at 1.98 do not.
run "$BNSL" lattice fcc --a 1.9798989873223330 --repeat 4,4,4 -o fcc.xyz
want=$(awk 'BEGIN { print 12 * 0.4 / (4 / 3 * 3.14159265358979 * 1.3 ^ 3) }')
run "$BNSL" density fcc.xyz --json
expect_status "density" 0
expect_keys "density: keys" frames.0.step frames.0.n frames.0.mean frames.0.standard_deviation frames.0.threshold_count thresholds r_max diameter
expect_json_close "density: mean" frames.0.mean "$want" 1e-5
expect_json "density: thresholds" thresholds.2 2.5
expect_json "density: none is dense" frames.0.threshold_count.0 0
run "$BNSL" density fcc.xyz --thresholds 0.1,0.7 --json
expect_json "thresholds: all above the first" frames.0.threshold_count.0 256
expect_json "thresholds: none above the second" frames.0.threshold_count.1 0
run "$BNSL" density fcc.xyz --r-max 1.6 --diameter 0.2 --json
expect_json_close "another sphere" frames.0.mean "$(awk 'BEGIN { print 12 / (4 / 3 * 3.14159265358979 * 1.6 ^ 3) }')" 1e-6
run "$BNSL" density fcc.xyz
expect_line "the table" "> 1.6"

# AlB2 in units of the distance of L: L and their neighbours S alone.
run "$BNSL" lattice AlB2 --a 1 --c-over-a 1 --repeat 4,4,4 -o alb2.gsd
run "$BNSL" density alb2.gsd --between L,S --r-max 0.9 --diameter 0.1 --json
expect_json "between: of L" frames.0.n 64
expect_json_close "between: 12 S" frames.0.mean "$(awk 'BEGIN { print 12 / (4 / 3 * 3.14159265358979 * 0.9 ^ 3) }')" 1e-6

# A far particle has no neighbours.
printf '3\nProperties=species:S:1:pos:R:3 pbc="F F F"\nL 0 0 0\nL 0.5 0 0\nS 40 0 0\n' >free.xyz
cat free.xyz free.xyz >two.xyz
run "$BNSL" density two.xyz -o d.tsv -o d.xyz -o d.gsd --json
expect_status "files" 0
expect_json "files: frames" frames.# 2
expect_equal "a table: heading" "$(sed -n 2p d.tsv)" "$(printf '# step\tparticle\ttype\tdensity (1/length^3 of the file)\tneighbours')"
expect_equal "a table: one neighbour" "$(awk '!/^#/ && $2 < 2 && $5 == 1' d.tsv | wc -l | tr -d ' ')" 4
expect_equal "a table: no neighbour" "$(awk '!/^#/ && $2 == 2 && $4 == 0' d.tsv | wc -l | tr -d ' ')" 2
expect_equal "an array in the trajectory" "$(sed -n 2p d.xyz | grep -c 'density:R:1')" 1
expect_file "a GSD file" d.gsd
run "$BNSL" density two.xyz --frames 1 --between L,L -o l.tsv --json
expect_json "one frame, L alone" frames.0.n 2
expect_equal "rows of L alone" "$(grep -vc '^#' l.tsv)" 2
run "$BNSL" density alb2.gsd -o d.svg
if [ "$status" = 0 ]; then expect_file "a picture" d.svg; else expect_error "no picture without cairo" cairo; fi
run "$BNSL" density two.xyz --threads 1 --json
cp out first
run "$BNSL" density two.xyz --threads 3 --json
if cmp -s out first; then ok "threads"; else bad "threads" "another result"; fi

# Failures and wrong use.
run "$BNSL" density two.xyz -o d.tsv
expect_status "an existing file" 1
run "$BNSL" density two.xyz --r-max 0
expect_status "no sphere" 2
run "$BNSL" density two.xyz --between L,Q
expect_status "no such type" 1
expect_one_line "no such type: one line"
run "$BNSL" density fcc.xyz --r-max 1e8
expect_status "too many images" 1
expect_one_line "too many images: one line"
run "$BNSL" density two.xyz -o d.dat
expect_status "an unknown ending" 2
run "$BNSL" density two.xyz --frames 2
expect_status "no such frame" 1
run "$BNSL" density nothing.gsd
expect_status "no file" 1
finish
