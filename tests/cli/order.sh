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
        frames.0.clusters frames.0.largest_cluster frames.0.surface frames.0.small frames.0.confirmed frames.0.grains frames.0.grain_sizes
    n=$(json frames.0.n_large)
    expect_json "order $name: all of one phase" "frames.0.$name" "$n"
    expect_json "order $name: nothing fluid" frames.0.fluid 0
    expect_json "order $name: one cluster" frames.0.clusters 1
    expect_json "order $name: of all" frames.0.largest_cluster "$n"
    expect_json "order $name: no surface" frames.0.surface 0
    expect_json "order $name: confirmed" frames.0.confirmed "$n"
    expect_json "order $name: one grain" frames.0.grain_sizes.0 "$n"
    expect_json "order $name: its phase" frames.0.grain_phases.0 "$name"
    case $name in AlB2) s=2 ;; NaZn13) s=13 ;; *) s=0 ;; esac
    expect_json "order $name: S beside it" frames.0.small $((s * n))
done
run "$BNSL" order fcc.gsd
expect_line "order: the table's heading" "largest"

# Two balls of fcc in free space, 55 times as far from each other as their atoms are, and a lone particle. The atoms are moved a little:
# in a perfect ball rounding decides which of several equally far ones are the 12 nearest.
run "$BNSL" lattice fcc --a 1.4142135623730951 --sphere 4.1 -o ball.xyz
expect_status "a ball" 0
awk '
    FNR == 1 { next }
    FNR == 2 { next }
    { n++; x[n] = $2 + 0.03 * sin(37 * n); y[n] = $3 + 0.03 * sin(73 * n); z[n] = $4 + 0.03 * sin(11 * n) }
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
expect_equal "table of counts: heading" "$(sed -n 2p counts.tsv)" \
    "$(printf '# step\tL\tAlB2\tNaZn13\tfcc\tfluid\tclusters\tlargest_cluster\tsurface\tsmall\tconfirmed\tgrains\tlargest_grain')"
expect_equal "table of counts: units" "$(sed -n 3p counts.tsv | awk -F '\t' '{ print NF, $1, $2, $7, $10 }')" "13 # steps L 1 S"
expect_equal "table of counts: rows" "$(grep -vc '^#' counts.tsv)" 1
expect_equal "arrays in the trajectory" \
    "$(sed -n 2p phases.xyz | grep -c 'phase:R:1:cluster:R:1:region:R:1:confirmed:R:1:grain:R:1')" 1
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
run "$BNSL" order three.xyz --species L=big -o three.svg -o three.png -o three2.tsv
if grep -q 'need cairo' err; then
    expect_status "pictures without cairo" 1
else
    expect_status "pictures" 0
    expect_equal "a picture" "$(head -c 200 three.svg | grep -c '<svg')" 1
    expect_file "another" three.png
    expect_file "and a table" three2.tsv
    run "$BNSL" order three.xyz --species L=big -o three.svg
    expect_status "an existing picture" 1
    run "$BNSL" order two.xyz --species L=big -o one.png
    expect_status "a picture of one frame" 1
    expect_error "a picture of one frame: what draws it" "bnsl render"
    expect_no_file "no picture of one frame" one.png
fi
run "$BNSL" order three.xyz --species L=big --frame 3
expect_status "no such frame" 1
expect_error "no such frame: how many" "it has 3"

# Nucleation: a thin gas of the atoms of one ball, then the ball, then both balls. In AlB2 terms nothing; fcc at its second frame.
awk -v n="$(head -n 1 two.xyz)" 'FNR < 3 { print; next } {
        i = FNR - 3
        if (i < n - 1) print "big", -90 + 15 * (i % 12), -90 + 15 * (int(i / 12) % 12), -90 + 15 * int(i / 144)
        else print
    }' two.xyz >gas.xyz
awk -v n="$(head -n 1 two.xyz)" 'FNR < 3 { print; next } {
        i = FNR - 3
        if (i >= (n - 1) / 2 && i < n - 1) print "big", -90 + 15 * (i % 12), -90 + 15 * (int(i / 12) % 12), 80
        else print
    }' two.xyz >one.xyz
cat gas.xyz one.xyz two.xyz >grow.xyz
run "$BNSL" order grow.xyz --species L=big --nucleation --wall sphere:50 --effective 1.02,0.56 --json
expect_status "nucleation" 0
expect_keys "nucleation: keys" nucleation.onset_frame nucleation.onset_step nucleation.phase nucleation.cluster nucleation.nuclei \
    nucleation.density nucleation.phi nucleation.phi_effective nucleation.center.2 nucleation.distance nucleation.distance_random \
    nucleation.distance_probability nucleation.mechanism nucleation.dense_before nucleation.dense_fluid nucleation.largest_cluster
expect_json "nucleation: the second frame" nucleation.onset_frame 1
expect_json "nucleation: of fcc" nucleation.phase fcc
expect_json "nucleation: one" nucleation.nuclei 1
expect_json "nucleation: the first ball" nucleation.cluster "$largest"
expect_json "nucleation: out of the gas" nucleation.mechanism one-step
expect_json_close "nucleation: 20 from the centre" nucleation.distance 30 1e-2
expect_json_close "nucleation: a sphere's quarter" nucleation.distance_random 12.5 1e-12
expect_json_close "nucleation: packing fraction" nucleation.phi \
    "$(awk -v n="$(head -n 1 two.xyz)" 'BEGIN { print n / 8 / 50 ^ 3 }')" 1e-4  # pi / 6 / (4/3 pi R^3)
expect_json_close "nucleation: effective" nucleation.phi_effective \
    "$(awk -v n="$(head -n 1 two.xyz)" 'BEGIN { print 1.02 ^ 3 * n / 8 / 50 ^ 3 }')" 1e-4
run "$BNSL" order grow.xyz --species L=big --nucleation
expect_line "nucleation: in words" "one-step"
run "$BNSL" order grow.xyz --species L=big --nucleation --onset 5000 --json
expect_json "no onset" nucleation.onset_frame -1
expect_json "no onset, no step" nucleation.onset_step null
run "$BNSL" order grow.xyz --species L=big --nucleation --wall cube:3
expect_status "no such wall" 2
run "$BNSL" order grow.xyz --species L=big --nucleation --wall sphere:-3
expect_status "no such radius" 2
run "$BNSL" order grow.xyz --species L=big --onset 5
expect_status "--onset without --nucleation" 2
expect_error "what it belongs to" "--nucleation"

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

# Shells without a cut-off, w_l without its norm, connections. 12 / 10 <= sqrt(2): the shell of fcc.
run "$BNSL" steinhardt fcc.gsd --sann --wl --raw-wl --l 4,6 --json
expect_json_close "SANN: fcc q6" frames.0.mean.q6 0.57452425971406990 1e-6
expect_json_close "w6 without its norm" frames.0.mean.w6_raw -0.00262604 1e-5
expect_keys "both kinds of w" frames.0.mean.w4 frames.0.mean.w4_raw
for kind in open closed; do
    run "$BNSL" steinhardt fcc.gsd --rad "$kind" --l 6 --json
    expect_json_close "RAD, $kind: fcc q6" frames.0.mean.q6 0.57452425971406990 1e-6
done
run "$BNSL" steinhardt fcc.gsd --connections 6 --json -o solid.tsv -o solid.xyz
expect_json "fcc is solid" frames.0.solid "$(json frames.0.n)"
expect_json "fcc: one cluster" frames.0.clusters 1
expect_json "fcc: of all" frames.0.largest_cluster "$(json frames.0.n)"
expect_equal "table of connections: heading" "$(sed -n 2p solid.tsv)" "$(printf '# step\tparticle\ttype\tq4\tq6\tconnections\tcluster')"
expect_equal "table of connections: 12, cluster 0" "$(grep -v '^#' solid.tsv | cut -f 6,7 | sort -u)" "$(printf '12\t0')"
expect_equal "trajectory: connections" "$(sed -n 2p solid.xyz | grep -c 'connections:R:1:cluster:R:1')" 1
run "$BNSL" steinhardt two.xyz --r-max 1.2 --l 6 --connections 6 --json
expect_json "two balls: solid clusters" frames.0.clusters 2
run "$BNSL" steinhardt NaZn13.gsd --between L,S --nearest 24 --connections 9 --average-nearest 6 --threshold -0.9 --min-connections 1 --json
expect_json "NaZn13: neighbouring cages are mirror images" frames.0.solid 0
run "$BNSL" steinhardt NaZn13.gsd --between L,S --nearest 24 --connections 8 --average-nearest 6 --min-connections 6 --json
expect_json "NaZn13: and alike in even orders" frames.0.solid "$(json frames.0.n)"
run "$BNSL" steinhardt fcc.gsd --connections 6
expect_line "the table's heading" "largest"
run "$BNSL" steinhardt fcc.gsd --sann --rad open
expect_status "two kinds of shells" 2
run "$BNSL" steinhardt fcc.gsd --rad wide
expect_status "--rad" 2
run "$BNSL" steinhardt fcc.gsd --threshold 0.5
expect_status "--threshold alone" 2
run "$BNSL" steinhardt fcc.gsd --connections 21
expect_status "an order too large for connections" 2

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
run "$BNSL" order two.xyz --species L=big -o picture.doc
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
