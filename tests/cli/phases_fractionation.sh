# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl phases --fractionation: a diagram so small that its numbers are rough; its fluids of other compositions, what it says of vapour and liquid,
# the same bytes for any threads and across interruptions.
. "$SRCDIR/tests/cli/lib.sh"

same() { if cmp -s "$2" "$3"; then ok "$1"; else bad "$1" "$2 and $3 differ"; fi; }

tiny="--particles 90 --steps 320 --equilibrate 400 --well-depth 0.5 --r-cut 1.2 --seed 5"
run "$BNSL" phases $tiny --threads 2 --out one --json
expect_status "a diagram" 0
cp one/phases.tsv plain.tsv
expect_no_file "without the option: no table of compositions" one/fractionation.tsv
run "$BNSL" phases $tiny --threads 2 --out one --fractionation --json
expect_status "goes on with fluids of other compositions" 0
for key in dew bubble demixing_well_depth; do expect_line "its JSON: no $key" "\"$key\": null"; done
same "one composition: the same numbers" plain.tsv one/phases.tsv
expect_equal "a well of 0.5 kT has no dew and no bubble point, and the table says why" "$(grep -c -e '^# 0.5: no dew point: [a-z]' -e '^# 0.5: no bubble point: [a-z]' one/fractionation.tsv)" 2
expect_equal "each column of the table has a unit" "$(grep '^# well_depth' one/fractionation.tsv | tr '\t' '\n' | grep -v -e '(.*)$' | grep -c -v '^point$')" 0

# The fluids are of the compositions that they stand for: Z of hard spheres of the power law's effective diameter, 1.0119 sigma, at a packing fraction of 0.24, by
# Carnahan and Starling for L alone (3.05) and by Boublik and Mansoori et al. for 2:1 (2.87); a run of some ten correlation times knows it to 10 per cent. Densities: 0.24 over the mean volume.
z() { awk -F'\t' '/^0\t/ { print $7 }' "one/state/fluid-mixture$1-03.tsv"; }
expect_equal "L alone" "$(z 1 | awk '{ print ($1 > 2.75 && $1 < 3.35 ? "yes" : $1) }')" yes
expect_equal "2:1" "$(z 2 | awk '{ print ($1 > 2.58 && $1 < 3.16 ? "yes" : $1) }')" yes
density() { awk -F'\t' '$1 == "density" { print $2 }' "one/state/fluid-mixture$1-03.tsv"; }
expect_close "density of L alone" "$(density 1)" 0.458366236 1e-8
expect_close "density of 2:1" "$(density 2)" 0.634746389 1e-8
expect_equal "their sizes are whole units" "$(awk '/^particles/ { print $2 % 3 }' one/state/fluid-mixture2-*.tsv | sort -u)" 0

# killed among them, then finished with another number of threads
cp one/fractionation.tsv kept.tsv
rm one/state/fluid-mixture1-0[3-9].tsv one/state/fluid-mixture2-0[4-7].tsv
"$BNSL" phases $tiny --threads 2 --out one --fractionation >out 2>err &
pid=$!
sleep 0.4
kill -s KILL $pid 2>/dev/null
wait $pid 2>/dev/null
run "$BNSL" phases $tiny --threads 1 --out one --fractionation
expect_status "finished after a kill" 0
same "killed, and on one thread: the same numbers" kept.tsv one/fractionation.tsv
expect_equal "after the kill: no temporary file is left" "$(ls one/state | grep -c part-)" 0

run "$BNSL" phases --structure fcc --particles 108 --out fcc --fractionation
expect_status "one component" 1
expect_one_line "one component: one line"
finish
