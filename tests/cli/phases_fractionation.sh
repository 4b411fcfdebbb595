# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl phases --fractionation: a diagram so small that its numbers are rough, whose own columns were run before (tests/data/free_energy/fractionation);
# its fluids of other compositions, the same bytes for any threads and across interruptions; and one whose fluids have split, with dew and bubble points.
. "$SRCDIR/tests/cli/lib.sh"

same() { if cmp -s "$2" "$3"; then ok "$1"; else bad "$1" "$2 and $3 differ"; fi; }

cp -r "$SRCDIR"/tests/data/free_energy/fractionation/* .
chmod -R u+w .
mv small one
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

# Vapour and liquid at 2.2 kT. A vapour of a density of 0.1 obeys its second virial coefficients, B_ij = B2 sigma_ij^3 with that of the potential, to some
# B3 rho^2 = 5 per cent in P and 0.05 in mu; the runs know P to 5 per cent more and say how well they know mu.
split="--exponents 50,6 --particles 150 --steps 1000 --equilibrate 5000 --well-depth 2.2 --r-cut 1.6 --seed 3"
run "$BNSL" potential --exponents 50,6 --kT 0.45454545454545453 --r-cut 1.6 --json
b2=$(json b2)
run "$BNSL" phases $split --out split --fractionation --json
expect_status "fluids that have split" 0
expect_equal "their columns are read, not run: otherwise the data are no longer those that are planned" "$(cat split/state/* | cksum)" \
    "$(cat "$SRCDIR"/tests/data/free_energy/fractionation/split/state/* | cksum)"
expect_keys "its JSON" points.0.dew.rho_vapour_err points.0.dew.rho_liquid_err points.0.dew.x_liquid_err points.0.bubble.x_vapour_err points.0.bubble.P_err
expect_json_close "dew: the vapour has the crystal's composition" points.0.dew.x_vapour 0.333333333333 1e-9
expect_json_close "bubble: the liquid has it" points.0.bubble.x_liquid 0.333333333333 1e-9
for point in dew bubble; do
    get() { json "points.0.$point.$1"; }
    virial=$(echo "$(get rho_vapour) $(get x_vapour) $b2" | awk '{ ls = 0.775^3; ss = 0.55^3
        printf "%.10f %.10f %.10f", $1 * (1 + $1 * $3 * ($2 * $2 + 2 * $2 * (1 - $2) * ls + (1 - $2)^2 * ss)),
            log($1 * $2) + 2 * $1 * $3 * ($2 + (1 - $2) * ls), log($1 * (1 - $2)) + 2 * $1 * $3 * ($2 * ls + (1 - $2) * ss) }')
    expect_close "$point: P is that of the vapour" "$(get P)" "$(echo "$virial" | cut -d ' ' -f 1)" 0.08
    n=2
    for species in L S; do
        expect_equal "$point: mu_$species is that of the vapour" "$(echo "$(get mu_$species) $(get mu_${species}_err) $virial" | awk -v n=$n '{ d = $1 - $(n + 2); b = 0.05 + 2 * $2; print (d < b && d > -b ? "yes" : d) }')" yes
        n=$((n + 1))
    done
    expect_equal "$point: the liquid is denser and has more L" "$(echo "$(get rho_vapour) $(get rho_liquid) $(get x_vapour) $(get x_liquid)" | awk '{ print ($2 > 5 * $1 && $4 > $3 + 0.1 ? "yes" : $0) }')" yes
    expect_close "$point: the table has the same P" "$(awk -F'\t' -v p=$point '$2 == p { print $13 }' split/fractionation.tsv)" "$(get P)" 1e-5
done
run "$BNSL" phases $split --out split --fractionation
expect_line "text: dew" "2.2         dew point: vapour of density 0.06"
expect_line "text: bubble" "2.2         bubble point: liquid of density "

run "$BNSL" phases --structure fcc --particles 108 --out fcc --fractionation
expect_status "one component" 1
expect_one_line "one component: one line"
finish
