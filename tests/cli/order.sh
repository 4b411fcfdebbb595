#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl order and bnsl steinhardt: known crystals, clusters, other type names, tables and trajectories, several frames, failures.
. "$SRCDIR/tests/cli/lib.sh"

for name in AlB2 NaZn13 fcc; do
    run "$BNSL" lattice "$name" --a 2 --repeat 3,3,3 -o "$name.gsd"
    expect_status "$name: made" 0
    run "$BNSL" order "$name.gsd" --json
    expect_status "order $name" 0
    expect_keys "order $name: keys" frames.0.step frames.0.n_large frames.0.AlB2 frames.0.NaZn13 frames.0.fcc frames.0.fluid \
        frames.0.clusters frames.0.largest_cluster
    n=$(json frames.0.n_large)
    expect_json "order $name: all of one phase" "frames.0.$name" "$n"
    expect_json "order $name: nothing fluid" frames.0.fluid 0
    expect_json "order $name: one cluster" frames.0.clusters 1
    expect_json "order $name: of all" frames.0.largest_cluster "$n"
done
run "$BNSL" order fcc.gsd
expect_line "order: the table's heading" "largest"

# Two balls of fcc in free space, 55 times as far from each other as their atoms are, and a lone particle.
run "$BNSL" lattice fcc --a 1.4142135623730951 --sphere 4.1 -o ball.xyz
expect_status "a ball" 0
awk '
    FNR == 1 { next }
    FNR == 2 { next }
    { x[++n] = $2; y[n] = $3; z[n] = $4 }
    END {
        print 2 * n + 1
        print "Properties=species:S:1:pos:R:3 pbc=\"F F F\" Lattice=\"200 0 0 0 200 0 0 0 200\" Origin=\"-100 -100 -100\""
        for (i = 1; i <= n; i++) print "big", x[i] - 20, y[i], z[i]
        for (i = 1; i <= n; i++) print "big", x[i] + 35, y[i], z[i]
        print "big 0 60 0"
    }' ball.xyz >two.xyz
run "$BNSL" order two.xyz --species L=big --json
expect_status "two balls" 0
expect_json "two balls: clusters" frames.0.clusters 2
largest=$(json frames.0.largest_cluster)
expect_json "two balls: of one size" frames.0.fcc $((2 * largest))

# Results travel with the trajectory and in tables.
run "$BNSL" order two.xyz --species L=big -o phases.gsd -o phases.xyz -o counts.tsv
expect_status "results" 0
expect_equal "table of counts: heading" "$(sed -n 2p counts.tsv)" "$(printf '# step\tL\tAlB2\tNaZn13\tfcc\tfluid\tclusters\tlargest_cluster')"
expect_equal "table of counts: rows" "$(grep -vc '^#' counts.tsv)" 1
expect_equal "arrays in the trajectory" "$(sed -n 2p phases.xyz | grep -c 'phase:R:1:cluster:R:1')" 1
expect_equal "phases in the trajectory" "$(awk 'FNR > 2 && $5 == 3' phases.xyz | wc -l | tr -d ' ')" $((2 * largest))
expect_equal "clusters in the trajectory" "$(awk 'FNR > 2 && $6 == 1' phases.xyz | wc -l | tr -d ' ')" "$largest"
run "$BNSL" order phases.gsd --species L=big --json
expect_json "read again" frames.0.largest_cluster "$largest"
run "$BNSL" order two.xyz --species L=big -o counts.tsv
expect_status "an existing file" 1
expect_error "an existing file is named" counts.tsv
run "$BNSL" order two.xyz --species L=big -o counts.tsv --force
expect_status "--force" 0

# Several frames.
cat two.xyz two.xyz two.xyz >three.xyz
run "$BNSL" order three.xyz --species L=big --json -o three.tsv
expect_json "three frames" frames.# 3
expect_equal "three rows" "$(grep -vc '^#' three.tsv)" 3
run "$BNSL" order three.xyz --species L=big --json --frame -1
expect_json "one frame" frames.# 1
run "$BNSL" order three.xyz --species L=big --frame 3
expect_status "no such frame" 1
expect_error "no such frame: how many" "it has 3"

# Steinhardt parameters of perfect shells [Steinhardt 1983; closed forms].
run "$BNSL" steinhardt fcc.gsd --l 4,6 --nearest 12 --wl --json
expect_status "steinhardt" 0
expect_keys "steinhardt: keys" frames.0.step frames.0.mean frames.0.mean.q4 frames.0.mean.w6
expect_json_close "fcc q4" frames.0.mean.q4 0.19094065395649334 1e-6  # positions are float
expect_json_close "fcc q6" frames.0.mean.q6 0.57452425971406990 1e-6
expect_json_close "fcc w4" frames.0.mean.w4 -0.159317 1e-5
run "$BNSL" steinhardt fcc.gsd --r-max 1.6 --average --json
expect_json_close "fcc q6, within a radius, averaged" frames.0.mean.q6 0.57452425971406990 1e-6
run "$BNSL" steinhardt AlB2.gsd --between L,L --nearest 8 --l 4 --json
expect_json "AlB2: L alone" frames.0.n 27
expect_json_close "AlB2: 8 L" frames.0.mean.q4 0.53125 1e-6
run "$BNSL" steinhardt NaZn13.gsd --between L,S --nearest 24 --l 4,8 --average --average-nearest 6 --json
expect_json_close "NaZn13: 24 S, averaged over 6 L" frames.0.mean.q8 0.296974 1e-5
run "$BNSL" steinhardt two.xyz --r-max 1.2 --l 6 -o particles.tsv -o particles.xyz --json
expect_json "a lone particle is unbound" frames.0.n_unbound 1
expect_equal "table of particles: heading" "$(sed -n 2p particles.tsv)" "$(printf '# step\tparticle\ttype\tq6')"
expect_equal "table of particles: nan" "$(tail -n 1 particles.tsv | cut -f 4)" nan
expect_equal "trajectory: array" "$(sed -n 2p particles.xyz | grep -c 'q6:R:1')" 1

# Wrong use, bad files.
run "$BNSL" order two.xyz
expect_status "no L" 1
expect_error "no L: what there is" "types: big"
expect_one_line "no L: one line"
run "$BNSL" order two.xyz --species big
expect_status "--species" 2
run "$BNSL" order nothing.gsd
expect_status "no file" 1
expect_one_line "no file: one line"
run "$BNSL" order two.xyz --species L=big -o picture.png
expect_status "a name that says no format" 2
run "$BNSL" steinhardt fcc.gsd --between L,Q
expect_status "no such type" 1
expect_error "no such type is named" "'Q'"
run "$BNSL" steinhardt fcc.gsd --l 21
expect_status "an order too large" 2
run "$BNSL" steinhardt fcc.gsd --nearest 4 --r-max 2
expect_status "two kinds of neighbours" 2
run "$BNSL" steinhardt two.xyz --nearest 900
expect_status "too few neighbours" 1
expect_one_line "too few neighbours: one line"
finish
