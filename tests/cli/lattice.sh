# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl lattice: JSON keys and numbers, coordinates, errors.
. "$SRCDIR/tests/cli/lib.sh"

run "$BNSL" lattice AlB2 --a 13.077 --c-over-a 0.99 --diameters 10.4,4.5 --json
expect_status "AlB2 done" 0
expect_keys "AlB2 keys" structure space_group a c n_large n_small b_LL b_LS b_SS d_LL d_LS d_SS volume_fraction reflections.0.hkl \
    reflections.0.multiplicity reflections.0.q reflections.0.intensity
expect_json "AlB2 name" structure AlB2
expect_json "AlB2 space group" space_group P6/mmm
expect_json "AlB2 large" n_large 1
expect_json "AlB2 small" n_small 2
expect_json_close "AlB2 c" c 12.94623 1e-12
expect_json_close "AlB2 volume fraction" volume_fraction 0.357 2e-3
expect_json_close "AlB2 d_LL" d_LL 2.677 1e-12
expect_json_close "AlB2 d_SS" d_SS 3.05 1e-3
expect_json_close "AlB2 d_LS" d_LS 2.49 3e-3
expect_json "AlB2 15 families" reflections.# 15
expect_json "AlB2 first line" reflections.0.hkl 001
expect_json "AlB2 strongest line" reflections.1.intensity 100
expect_json "AlB2 101" reflections.2.hkl 101
expect_json "AlB2 101 multiplicity" reflections.2.multiplicity 12
expect_json_close "AlB2 101 position" reflections.2.q 0.7371256 1e-6
expect_json_close "AlB2 101 intensity" reflections.2.intensity 39.7 3e-3

run "$BNSL" lattice nazn13 --a 40.497 --diameters 13.2,6.4 --q-max 1.6 --json
expect_status "NaZn13 done" 0
expect_json_close "NaZn13 volume fraction" volume_fraction 0.360 1e-3
expect_json_close "NaZn13 b_LL" b_LL 20.2485 1e-12
expect_json "NaZn13 first line" reflections.0.hkl 200
expect_json_close "NaZn13 q200" reflections.0.q 0.3103037 1e-6
if grep -qE '"hkl": "(111|311|331|333|511|711)"' out; then bad "NaZn13 absences" "an extinct line is listed"; else ok "NaZn13 absences"; fi
if grep -q '"hkl": "10 0 0"' out; then ok "two-digit index"; else bad "two-digit index" "no 10 0 0"; fi

run "$BNSL" lattice NaZn13 --a 40.497 --diameters 13.2,6.4 --bonds paper --json
expect_json_close "printed bond lengths" d_LS 1.9625 1e-3
run "$BNSL" lattice fcc --a 2 --json
expect_json "fcc has no S" b_SS null
expect_json "no diameters, no volume fraction" volume_fraction null
expect_json "no diameters, no intensity" reflections.0.intensity null

run "$BNSL" lattice AlB2 --a 1.06 --c-over-a 1.03 --cell orthogonal --repeat 3,2,4 --diameters 1,0.55 -o c.xyz -o c.gsd
expect_status "supercell done" 0
expect_line "supercell said" "wrote c.xyz: 144 particles"
expect_file "supercell GSD" c.gsd
expect_equal "supercell particles" "$(head -n 1 c.xyz)" 144
expect_equal "supercell L" "$(grep -c '^L ' c.xyz)" 48
expect_equal "supercell S" "$(grep -c '^S ' c.xyz)" 96
run "$BNSL" lattice AlB2 --a 1 -o c.gsd
expect_status "existing file" 1
expect_one_line "existing file said"
run "$BNSL" lattice AlB2 --a 1 --repeat 2,2,2 -o c.gsd --force --json
expect_status "forced" 0
expect_json "forced particles" particles 24
run "$BNSL" lattice NaZn13 --a 3 --sphere 1 -o nucleus.xyz
expect_status "sphere done" 0
expect_equal "sphere: an L and its 24 S" "$(head -n 1 nucleus.xyz)" 25

run "$BNSL" lattice NaCl --a 10 --diameters 5,2.0710678118654755 --json
expect_json_close "densest NaCl" densest_packing.volume_fraction 0.7931 1e-4
expect_json "densest NaCl: L touch L" densest_packing.touch_LL true
expect_json "densest NaCl: S do not" densest_packing.touch_SS false
expect_json "NaCl, 4 primitive cells" primitive_cells 4
expect_json "NaCl, 8 sites" sites.# 8
expect_json "NaCl, a site" sites.7.wyckoff 4b
run "$BNSL" lattice c14 --a 2 --x 0.8333333333333334 --z 0.0625 --c-over-a 1.632993161855452 --diameters 1,0.8 --json
expect_json "alias" structure MgZn2
expect_json_close "ideal MgZn2" b_SS 1 1e-12
expect_json_close "its x" x 0.8333333333333334 1e-15
run "$BNSL" lattice CuAu --a 2 --cell orthogonal --repeat 2,2,1 -o t.xyz
expect_status "tetragonal done" 0
expect_line "tetragonal system" "CuAu, tetragonal P4/mmm: 1 L and 1 S"
expect_equal "tetragonal particles" "$(head -n 1 t.xyz)" 8

run "$BNSL" lattice --list
expect_status "list done" 0
expect_line "list" "cub-AB13  Pm-3m     cP14"
expect_equal "list: 20 and a heading" "$(wc -l <out | tr -d ' ')" 21
run "$BNSL" lattice --list --json
expect_json "list, structures" prototypes.# 20
expect_json "list, symbol" prototypes.1.strukturbericht D2_3
run "$BNSL" lattice --list AlB2
expect_status "list with a name" 2
if "$BNSL" lattice AlB2 --a 1 --diameters 1,0.55 -o plot.svg >/dev/null 2>&1; then
    expect_file "plot" plot.svg
else
    run "$BNSL" lattice AlB2 --a 1 --diameters 1,0.55 -o plot.svg
    expect_status "plot without cairo" 1
    expect_error "plot without cairo: said" "cairo"
fi

run "$BNSL" lattice --a 1
expect_status "name missing" 2
run "$BNSL" lattice MgB3 --a 1
expect_status "unknown structure" 1
expect_one_line "unknown structure: one line"
expect_error "unknown structure: known ones" "AlB2, NaZn13, fcc"
run "$BNSL" lattice AlB2
expect_status "a missing" 2
run "$BNSL" lattice AlB2 --a -1
expect_status "a negative" 2
run "$BNSL" lattice AlB2 --a 1 --diameters 1
expect_status "S diameter missing" 2
run "$BNSL" lattice AlB2 --a 1 --repeat 2,2,2
expect_status "repeat without output" 2
run "$BNSL" lattice AlB2 --a 1 -o c.data
expect_status "unknown ending" 2
expect_no_file "unknown ending: nothing written" c.data
run "$BNSL" lattice NaZn13 --a 1 --c-over-a 0.9
expect_status "cubic with c/a" 1
run "$BNSL" lattice NaCl --a 1 --x 0.2
expect_status "no such coordinate" 1
expect_error "no such coordinate: said" "NaCl has no free site coordinate x"
run "$BNSL" lattice AlB2 --a 1 --repeat 2,2,2 -o p.png
expect_status "repeat with a plot alone" 2
run "$BNSL" lattice fcc --a 1 --bonds paper
expect_status "no printed bonds" 1
run "$BNSL" lattice AlB2 --a 1 --q-max 1e6
expect_status "q-max too large" 1
finish
