# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl freeenergy: JSON keys, reproducible numbers, refusals.
. "$SRCDIR/tests/cli/lib.sh"

small="--sweeps 150 --equilibrate 100 --nodes 5 --replicas 1 --threads 1 --seed 3"

# shellcheck disable=SC2086 # several options
run "$BNSL" freeenergy solid --structure AlB2 --density 2.8 --particles 160 $small --json
expect_status "AlB2 done" 0
expect_keys "keys" A A_err terms.a0 terms.U_lat terms.dA1 terms.dA2 P P_err Z U N flags c_over_a seed
expect_json "particles are whole cells" N 192
expect_json "primitive cells" primitive_cells 64
expect_json "no second size" A_infinite null
expect_json "seed" seed 3
expect_equal "A is the sum of its terms" "$(
    for k in A terms.a0 terms.dA1 terms.dA2; do "$JSONGET" "$k" <out; done | awk 'NR == 1 { a = $1 } NR > 1 { s += $1 } END { d = a - s; print (d < 1e-12 && d > -1e-12) ? "yes" : d }')" yes
cp out first
# shellcheck disable=SC2086
run "$BNSL" freeenergy solid --structure AlB2 --density 2.8 --particles 160 $small --json --threads 3
expect_equal "the same numbers by three threads" "$(cmp first out && echo same)" same

# shellcheck disable=SC2086
run "$BNSL" freeenergy solid --structure fcc --density 1.04086 --particles 108 --hard-spheres --spring 2000 --finite-size correction $small
expect_status "hard spheres done" 0
expect_line "text names the state" "particles                    108 in 108 primitive cells at density 1.04086"
# shellcheck disable=SC2086
run "$BNSL" freeenergy solid --structure fcc --density 1.05 --particles 108 --well-depth 0 --method mbar $small --json
expect_status "power law by mbar done" 0
expect_json "prefactor" ipl_prefactor 1
expect_json "method" method mbar

run "$BNSL" freeenergy solid --structure AlB2 --density 1.2 --particles 100 --sweeps 2000 --threads 1 --seed 1
expect_status "a crystal that melts" 1
expect_one_line "melts: one line"
run "$BNSL" freeenergy solid --structure fcc --density 1.6 --particles 108
expect_status "beyond close packing" 1
expect_one_line "beyond close packing: one line"
run "$BNSL" freeenergy solid --structure fcc --density 1.05 --particles 32
expect_status "cut-off beyond half the box" 1
expect_one_line "cut-off: one line"
run "$BNSL" freeenergy solid --structure MgB3 --density 1
expect_status "unknown structure" 1
expect_one_line "unknown structure: one line"
run "$BNSL" freeenergy solid --structure NaZn13 --density 4 --c-over-a 1.1
expect_status "c/a of a cubic crystal" 1
run "$BNSL" freeenergy solid --structure fcc --density 1 --c-over-a wide
expect_status "c/a is no number" 2
run "$BNSL" freeenergy solid --structure fcc --density 1 --hard-spheres --well-depth 2
expect_status "well of hard spheres" 2
run "$BNSL" freeenergy solid --structure fcc --density 1 --exponents 6,12
expect_status "exponents swapped" 2
run "$BNSL" freeenergy solid --structure fcc
expect_status "density missing" 2

# The fluid: so dilute and short that its numbers are rough, and its second virial coefficient tells what A must be.
dilute="--ratio 1:0 --particles 64 --steps 320 --equilibrate 200 --densities 5 --seed 3"
# shellcheck disable=SC2086
run "$BNSL" freeenergy fluid --density 0.1 --well-depth 0.2 $dilute --threads 1 --json
expect_status "fluid done" 0
expect_keys "fluid: keys" A A_err terms.ideal terms.mixing terms.density terms.density_err terms.coupling terms.coupling_err terms.depth terms.depth_err \
    dissipation P P_err Z Z_err U U_err b2 N density well_depth flags seed
expect_json "fluid: particles" N 64
expect_equal "fluid: A is the sum of its terms" "$(
    for k in A terms.ideal terms.mixing terms.density terms.coupling terms.depth; do "$JSONGET" "$k" <out; done | awk 'NR == 1 { a = $1 } NR > 1 { s += $1 } END { d = a - s; print (d < 1e-12 && d > -1e-12) ? "yes" : d }')" yes
expect_equal "fluid: A - A_ideal is rho B2, to its square and the error" "$(
    for k in A A_err terms.ideal b2; do "$JSONGET" "$k" <out; done | awk '{ x[NR] = $1 } END { b = 0.1 * x[4]; d = x[1] - x[3] - b; m = b * b + 5 * x[2]; print (d < m && d > -m) ? "yes" : d }')" yes
cp out first
# shellcheck disable=SC2086
run "$BNSL" freeenergy fluid --density 0.1 --well-depth 0.2 $dilute --threads 3 --json
expect_equal "fluid: the same numbers by three threads" "$(cmp first out && echo same)" same
# shellcheck disable=SC2086
run "$BNSL" freeenergy fluid --density 0.1 --well-depth 0 $dilute
expect_status "the power law" 0
expect_line "fluid: text names the state" "particles                    64 at density 0.1"
run "$BNSL" freeenergy fluid --density 3 --ratio 1:0
expect_status "too dense for a disordered start" 1
expect_one_line "too dense: one line"
run "$BNSL" freeenergy fluid --density 1 --ratio 0:0
expect_status "no particles" 2
run "$BNSL" freeenergy fluid --density 1 --exponents 6,12
expect_status "fluid: exponents swapped" 2
finish
