# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl phases --compare: small diagrams of the power law that were run before (tests/data/free_energy/compare), so that the comparison alone is to be computed.
. "$SRCDIR/tests/cli/lib.sh"

cp -r "$SRCDIR"/tests/data/free_energy/compare/* .
chmod -R u+w .
AlB2="--structure AlB2 --well-depth 0 --r-cut 1.3 --particles 120 --steps 1000 --equilibrate 4000 --out AlB2 --threads 2"
# The AlB2 diagram itself as another crystal: its mu is that of the fluid, and by its composition the exchange of S for L does not matter. With 5 kT less
# or more for its absolute free energy it is by that much more or less stable.
for shift in 0 -5 5; do
    cp -r AlB2 shifted$shift
    for f in shifted$shift/state/anchor-*.tsv; do
        awk -F'\t' -v OFS='\t' -v s=$shift 'last ~ /^# A / { $1 = sprintf("%.17g", $1 + s) } { last = $0; print }' $f >anchor.tsv
        mv anchor.tsv $f
    done
done
run "$BNSL" phases $AlB2 --compare shifted0 --compare shifted-5 --compare shifted5 --json
expect_status "against itself" 0
expect_equal "three crystals" "$(json 'points.0.rivals.#')" 3
expect_equal "gains of 0, 5 and -5" "$(for i in 0 1 2; do json points.0.rivals.$i.gain; done | awk '{ printf "%.3f ", $1 + 1e-9 }')" "0.000 5.000 -5.000 "
expect_json "itself: neither" points.0.rivals.0.verdict undecided
expect_json "5 kT lower: it wins" points.0.rivals.1.verdict "more stable"
expect_json "5 kT higher: it loses" points.0.rivals.2.verdict "less stable"

# The other crystals of this mixture. mu is the mean of mu_L and mu_S by AlB2's composition, mu_fluid by the other's.
run "$BNSL" phases $AlB2 --compare fcc --compare NaZn13 --json
expect_status "against fcc and NaZn13" 0
for i in 0 1 2; do printf '%s\t%s\n' "$(json points.0.rivals.$i.structure)" "$(json points.0.rivals.$i.verdict)"; done >found.tsv
expect_equal "fcc is weighed of L and of S" "$(cut -f 1 found.tsv | tr '\n' ';')" "fcc of L;fcc of S;NaZn13;"
L=$(json points.0.mu_L) S=$(json points.0.mu_S)
expect_close "mu of AlB2's formula" "$(awk -v l="$L" -v s="$S" 'BEGIN { printf "%.10f", (l + 2 * s) / 3 }')" "$(json points.0.mu)" 1e-9
expect_close "of fcc of L" "$(json points.0.rivals.0.mu_fluid)" "$L" 1e-9
expect_close "of fcc of S" "$(json points.0.rivals.1.mu_fluid)" "$S" 1e-9
expect_close "of NaZn13" "$(json points.0.rivals.2.mu_fluid)" "$(awk -v l="$L" -v s="$S" 'BEGIN { printf "%.10f", (l + 13 * s) / 14 }')" 1e-9
# gain = mu_fluid - mu, and the verdict is that of the gain and twice its error
for i in 0 1 2; do
    for key in mu_fluid mu gain gain_err verdict; do json points.0.rivals.$i.$key; done | tr '\n' '\t'
    echo
done | awk -F'\t' '{ v = $3 > 2 * $4 ? "more stable" : $3 < -2 * $4 ? "less stable" : "undecided"; d = $1 - $2 - $3
                     if (!($4 > 0 && d < 1e-9 && d > -1e-9 && v == $5)) bad = bad " " NR } END { print "rows" bad }' >checked
expect_equal "gains and verdicts" "$(cat checked)" rows
# A large sphere needs more room: hard spheres of diameters 1 and 1.0119 (Barker and Henderson's of the power law, which is softer under pressure), of the fluid's
# composition and density 2.3997, have mu_L - mu_S of 28.57 and 33.59 [BMCSL]
expect_equal "mu_L - mu_S is that of hard spheres" "$(awk -v l="$L" -v s="$S" 'BEGIN { d = l - s; print (d > 28.57 && d < 33.59 ? "yes" : d) }')" yes
run "$BNSL" phases $AlB2 --compare fcc --compare NaZn13
expect_line "text: what was compared" "other crystals in the fluid at AlB2"
expect_line "text: with what" "fcc of L"
expect_equal "table: a line for each" "$(grep -c -v '^#' AlB2/compare.tsv)" 3
expect_equal "table: the same verdicts" "$(grep -v '^#' AlB2/compare.tsv | cut -f 3,8)" "$(cat found.tsv)"

# what cannot be compared
awk -F'\t' -v OFS='\t' '$1 == "r_cut" { $2 = 1.35 } { print }' fcc/parameters.tsv >p && mv p fcc/parameters.tsv
run "$BNSL" phases $AlB2 --compare fcc
expect_status "another potential" 1
expect_one_line "another potential: one line"
rm NaZn13/state/solid-04.tsv
run "$BNSL" phases $AlB2 --compare NaZn13
expect_status "unfinished diagram" 1
expect_error "not finished"
run "$BNSL" phases $AlB2 --compare nowhere
expect_status "no diagram" 1
expect_one_line "no diagram: one line"
finish
