# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl potential: JSON keys and numbers, errors.
. "$SRCDIR/tests/cli/lib.sh"

run "$BNSL" potential --exponents 50,25 --kT 0.4 --json
expect_status "narrow well done" 0
expect_keys "keys" r_min u_min b2 b2_reduced d_barker_henderson d_barker_henderson_sigma effective_range boyle_kT critical_kT
expect_json_close "r_min" r_min 1.028113826656067 1e-15
expect_json "u_min" u_min -1
expect_json_close "b2" b2 -2.126856293379451 1e-12
expect_json_close "b2_reduced" b2_reduced -0.983609139407 1e-11
expect_json_close "d_barker_henderson" d_barker_henderson 1.010692382630008 1e-13
expect_json_close "d_barker_henderson_sigma" d_barker_henderson_sigma 0.9967842427362783 1e-13
expect_json_close "effective_range" effective_range 0.055940692372 1e-11
expect_json_close "boyle_kT" boyle_kT 0.5702314864219798 1e-12
expect_json_close "critical_kT" critical_kT 0.3616683517595657 1e-12

run "$BNSL" potential --exponents 50,6 --kT 1 --well-depth 2 --sigma 0.55 --r-cut 2.5 --json
expect_status "cut well done" 0
expect_json_close "cut and shifted b2 at kT = depth / 2" b2 -1.1942698588561689 1e-12
run "$BNSL" potential --exponents 50,6 --kT 0.5 --r-cut 2.5 --shift none --json
expect_json_close "truncated b2" b2 -7.677274684648144 1e-12
run "$BNSL" potential --exponents 50 --json
expect_status "inverse power law done" 0
expect_json_close "inverse power law b2" b2 2.174826352406356 1e-12
expect_json_close "b2 of the uncut potential by its series" b2_series 2.174826352406356 1e-12
expect_json "one exponent: inverse power law" form ipl
expect_json "no minimum" r_min null
expect_json "no critical point" critical_kT null
run "$BNSL" potential --exponents 12,6
expect_status "text done" 0
expect_line "text names the fact" "boyle_kT                  3.417928023"


# forms
run "$BNSL" potential --exponents 50,25 --kT 0.4 --form wca --json
expect_status "wca done" 0
expect_json "wca: form" form wca
expect_json_close "wca: its diameter is that of the Mie potential" d_barker_henderson 1.010692382630008 1e-13
expect_json "wca: no critical point" critical_kT null
expect_json "wca: no series" b2_series null
run "$BNSL" potential --exponents 50,25 --kT 0.4 --form ipl-mie --coupling 0.5 --r-cut 1.6 --shift none --json
expect_status "half-way done" 0
expect_json_close "half-way: b2" b2 1.223709363111215 1e-12
expect_json "half-way: coupling" coupling 0.5
expect_json "half-way: prefactor" ipl_prefactor 1
run "$BNSL" potential --exponents 50,6 --form ipl-mie --coupling 1 --kT 0.4 --json
expect_json_close "coupling 1: the Mie potential" b2 -13.133047081256880 1e-12
run "$BNSL" potential --exponents 50,6 --form ipl-mie --ipl-prefactor 4 --json
expect_json_close "coupling 0: the inverse power law" b2 2.363459617100370 1e-12

# smooth cut-off
run "$BNSL" potential --exponents 50,25 --kT 0.4 --r-cut 1.6 --shift smooth --json
expect_status "smooth done" 0
expect_json_close "smooth: b2" b2 -2.12653629212568 1e-12
expect_json_close "smooth: r_on" r_on 1.44 1e-15
expect_json "smooth: shift" shift smooth
run "$BNSL" potential --exponents 50,25 --kT 0.4 --r-cut 1.6 --shift smooth --r-on 0.88 --json
expect_json_close "smooth from 0.88: b2" b2 -1.360492345332322 1e-12

# curves
run "$BNSL" potential --exponents 50,6 --well-depth 2 --r-cut 1.5 --shift smooth --r-on 1.2 -o u.tsv
expect_status "table done" 0
expect_line "table is named" "wrote u.tsv"
expect_equal "table: rows" "$(grep -vc '^#' u.tsv)" 1201
expect_equal "table: columns" "$(sed -n '/^#/!{p;q;}' u.tsv | awk '{ print NF }')" 3
# the force is the slope of the energy, within the differences' error; nothing beyond the cut-off
expect_equal "table: force is -dU/dr" "$(awk '!/^#/ { r[++n] = $1; u[n] = $2; f[n] = $3 } END {
    for (i = 2; i < n; i++) if (r[i] > 1.01 && r[i + 1] < 1.5) { d = f[i] + (u[i + 1] - u[i - 1]) / (r[i + 1] - r[i - 1]); if (d < 0) d = -d; if (d > worst) worst = d }
    for (i = 1; i <= n; i++) if (r[i] >= 1.5 && (u[i] != 0 || f[i] != 0)) worst = 99
    print (worst < 0.05 ? "yes" : worst) }' u.tsv)" yes
run "$BNSL" potential --exponents 50,6 -o u.tsv
expect_status "table is not overwritten" 1
run "$BNSL" potential --exponents 50,6 -o u.tsv --force --json
expect_status "table is overwritten with --force" 0
expect_json "files in JSON" output.0 u.tsv
run "$BNSL" potential --exponents 50,6 -o u.txt
expect_status "unknown ending" 2
expect_no_file "unknown ending: no file" u.txt
run "$BNSL" potential --exponents 50,6 --r-cut 2 --shift smooth -o u.svg
if grep -q "need cairo" err; then
    ok "no pictures without cairo"
else
    expect_status "picture done" 0
    expect_line "picture is named" "wrote u.svg"
    expect_equal "picture is SVG" "$(grep -c '<svg' u.svg)" 1
    for form in mie wca ipl-mie; do
        run "$BNSL" potential --exponents 12,6 --form $form -o $form.png
        expect_status "picture of $form done" 0
        expect_file "picture of $form" $form.png
    done
fi

run "$BNSL" potential
expect_status "exponents missing" 2
run "$BNSL" potential --exponents 6,12
expect_status "exponents swapped" 2
run "$BNSL" potential --exponents 12,2
expect_status "exponent too small" 2
run "$BNSL" potential --exponents 12,6 --kT 0
expect_status "kT zero" 2
run "$BNSL" potential --exponents 12,6 --shift none
expect_status "shift without r-cut" 2
run "$BNSL" potential --exponents 12,6 --form ipl
expect_status "two exponents for a power law" 2
run "$BNSL" potential --exponents 12 --form mie
expect_status "one exponent for Mie" 2
run "$BNSL" potential --exponents 12,6 --coupling 0.5
expect_status "coupling of Mie" 2
run "$BNSL" potential --exponents 12,6 --form ipl-mie --coupling 1.5
expect_status "coupling above 1" 2
run "$BNSL" potential --exponents 12,6 --form wca --r-cut 2
expect_status "cut-off of wca" 2
run "$BNSL" potential --exponents 12,6 --r-cut 2 --r-on 1.5
expect_status "r-on without smooth" 2
run "$BNSL" potential --exponents 12,6 --r-cut 2 --shift smooth --r-on 2
expect_status "r-on at r-cut" 2
run "$BNSL" potential --exponents 12,6 --kT 1e-4
expect_status "too cold" 1
expect_one_line "too cold: one line"
finish
