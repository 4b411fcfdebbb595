# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl phases: a diagram so small that its numbers are rough, its folder, the same bytes for any threads and across interruptions, failures.
. "$SRCDIR/tests/cli/lib.sh"

same() { if cmp -s "$2" "$3"; then ok "$1"; else bad "$1" "$2 and $3 differ"; fi; }
tables() { same "$1: phases.tsv" "$2/phases.tsv" "$3/phases.tsv"; same "$1: states.tsv" "$2/states.tsv" "$3/states.tsv"; }

small="--structure fcc --particles 64 --steps 320 --equilibrate 1000 --well-depth 0,0.5 --r-cut 1.4 --seed 4"
run "$BNSL" phases $small --threads 2 --out one --json
expect_status "a diagram" 0
expect_keys "its JSON" points points.0.well_depth points.0.rho_gas points.0.rho_gas_err points.0.rho_solid points.0.rho_solid_err points.0.P points.0.P_err \
    points.0.mu points.0.mu_err critical_well_depth
expect_equal "as many points as depths" "$(json 'points.#')" 2
expect_json "depth of the last one" points.1.well_depth 0.5
expect_json "structure" structure fcc
expect_json "seed" seed 4
# Hard spheres freeze at a density of 0.939, melt at 1.037 and have P = 11.57 there [Hoover and Ree 1968]; the power law is a little larger than its sigma
# (1.0119 when dilute) and a little softer. Runs of some ten correlation times know it to 10 per cent, P to 40.
expect_json_close "the fluid freezes near hard spheres" points.0.rho_gas 0.93 0.10
expect_json_close "the solid melts near hard spheres" points.0.rho_solid 1.03 0.10
expect_json_close "at nearly their pressure" points.0.P 11.6 0.40
for f in phases.tsv states.tsv summary.json parameters.tsv state/fluid-00.tsv state/solid-00.tsv state/anchor-01.tsv; do expect_file "one/$f" "one/$f"; done
if [ -e one/diagram.png ]; then
    expect_equal "picture is SVG" "$(grep -c '<svg' one/diagram.svg)" 1
fi
# gas and crystal have equal pressure by construction; densities in order, errors positive
expect_equal "rows make sense" "$(awk -F'\t' '!/^#/ { n++; if (!($4 > 0 && $4 < $6 && $5 > 0 && $7 > 0 && $10 > 0 && $13 > 0)) bad = $0 } END { print (n >= 1 ? "yes" bad : n) }' one/phases.tsv)" yes
expect_equal "each column of the table has a unit" "$(grep '^# well_depth' one/phases.tsv | tr '\t' '\n' | grep -v -e '(.*)$' | grep -c -v '^phases$')" 0

# the same command again only reads; another one is refused
cp one/states.tsv kept.tsv
run "$BNSL" phases $small --threads 1 --out one
expect_status "once more" 0
expect_line "text says what coexists" "fluid-solid"
same "once more: the same numbers" kept.tsv one/states.tsv
run "$BNSL" phases --structure fcc --particles 64 --steps 320 --equilibrate 1000 --well-depth 0,0.5 --r-cut 1.4 --out one
expect_status "without --seed: goes on with its own" 0
run "$BNSL" phases $small --steps 640 --out one
expect_status "another diagram in the same folder" 1
expect_one_line "another diagram: one line"
same "another diagram: nothing is touched" kept.tsv one/states.tsv

# the driving force grows with the density, and the fluid's mobility falls; both in the table, the JSON and a picture
run "$BNSL" phases $small --threads 2 --out one --diffusion 0 --json
expect_status "diffusion" 0
expect_keys "its JSON" points.0.driving.0.rho points.0.driving.0.phi points.0.driving.0.D_L points.0.driving.0.D_L_err points.1.driving.0.delta_mu
expect_equal "of the depth asked for alone" "$(json points.1.driving.0.D_L 2>/dev/null)" ""
last=$(($(json 'points.0.driving.#') - 1))
expect_equal "the force at the last density has an error" "$(json points.0.driving.$last.delta_mu_err | awk '{ print ($1 > 0 ? "yes" : "no") }')" yes
# hard spheres at a packing fraction of 0.2: 0.32 by Enskog's theory; a short run of few particles knows it to some 10 per cent, and the rest of the bound is
# for what the theory leaves out, the power law and friction
expect_json_close "D of the thin fluid" points.0.driving.0.D_L 0.32 0.35
expect_equal "D falls with the density, by more than 4" "$(awk -F'\t' '!/^#/ && $1 == 0 { if (!first) first = $6; last = $6; n++ } END { print (n > 4 && first > 4 * last && last > 0 ? "yes" : first " " last) }' one/driving.tsv)" yes
expect_equal "the force grows with the density" "$(awk -F'\t' '!/^#/ && $4 != "nan" { if (n && $1 == depth && $4 < force) bad = bad " " $3; depth = $1; force = $4; n++ } END { print (n >= 3 ? "yes" bad : n) }' one/driving.tsv)" yes
if [ -e one/diagram.png ]; then expect_file "picture of both" one/driving.svg; fi
cp one/driving.tsv driving.tsv
run "$BNSL" phases $small --threads 1 --out one --diffusion 0
same "again: what was measured is read" driving.tsv one/driving.tsv
rm one/state/diffusion-00-1*.tsv
run "$BNSL" phases $small --threads 1 --out one --diffusion 0
same "measured again on one thread: the same numbers" driving.tsv one/driving.tsv
run "$BNSL" phases $small --out one --diffusion 0.7
expect_status "diffusion at a depth that is not there" 2

# Killed at some moments, among the absolute free energies and, with those done, among the columns; then finished with another number of threads; one
# state point damaged on top.
for wait in 0.2 0.5; do
    "$BNSL" phases $small --threads 2 --out cut >out 2>err &
    pid=$!
    sleep $wait
    kill -s KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    cp one/state/anchor-*.tsv cut/state/
done
"$BNSL" phases $small --threads 2 --out cut >out 2>err &
pid=$!
sleep 0.3
kill -s INT $pid 2>/dev/null
wait $pid
code=$?
if [ $code -ne 0 ]; then expect_equal "interrupted: exit status" $code 130; fi
[ ! -e cut/state/fluid-14.tsv ] || printf 'particles\t3\n' >cut/state/fluid-14.tsv
run "$BNSL" phases $small --threads 1 --out cut
expect_status "finished after kills" 0
tables "killed, and on one thread" one cut
expect_equal "after kills: no temporary file is left" "$(ls cut/state | grep -c part-)" 0

# a state point of other columns than planned is not taken for one of this diagram
cp cut/state/fluid-02.tsv cut/state/fluid-03.tsv
run "$BNSL" phases $small --threads 2 --out cut
expect_status "a state point in the wrong place" 0
tables "a state point in the wrong place is run again" one cut

# A depth a little beyond the critical one, 2.4 by its estimate: long columns through the dome of vapour and liquid, on the same terms as all others.
near="--structure fcc --exponents 50,6 --r-cut 1.4 --well-depth 2.5 --particles 64 --steps 320 --equilibrate 1000 --seed 4"
run "$BNSL" phases $near --threads 2 --out near --json
expect_status "near the critical depth" 0
expect_equal "columns of the dome" "$(ls near/state/dome-0*.tsv | wc -l)" 10
expect_equal "a gas at the crystal" "$(awk -F'\t' '$2 ~ /^(gas|fluid)-solid$/ { print ($4 > 0 && $4 < 0.2 * $6 && $5 > 0 && $7 > 0 ? "yes" : $0) }' near/phases.tsv)" yes
expect_equal "a rough density is named" "$(grep -c -- '-solid: rho 1 is known to .* %; 1 % takes about --steps' near/phases.tsv)" 1
cp -r near again
rm again/state/dome-03.tsv
run "$BNSL" phases $near --threads 1 --out again
expect_status "one of them again" 0
tables "one of them again, on one thread" near again
expect_line "text names it too" "is known to"
expect_equal "none far from there" "$(ls one/state | grep -c dome)" 0

# nonsense
run "$BNSL" phases --structure NaCl3 --out no
expect_status "unknown structure" 1
expect_one_line "unknown structure: one line"
expect_no_file "unknown structure: no folder" no
run "$BNSL" phases --exponents 6,12 --out no
expect_status "exponents swapped" 2
run "$BNSL" phases --well-depth 1,0.5 --out no
expect_status "depths that fall" 2
run "$BNSL" phases --well-depth -1 --out no
expect_status "negative depth" 2
run "$BNSL" phases
expect_status "no folder" 2
run "$BNSL" phases --structure fcc --particles 64 --r-cut 3 --steps 320 --out wide
expect_status "cut-off beyond half the box" 1
expect_one_line "cut-off: one line"
expect_no_file "cut-off: found before the folder is made" wide
finish
