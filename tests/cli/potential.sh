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
expect_json "no minimum" r_min null
expect_json "no critical point" critical_kT null
run "$BNSL" potential --exponents 12,6
expect_status "text done" 0
expect_line "text names the fact" "boyle_kT                  3.417928023"

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
run "$BNSL" potential --exponents 12,6 --kT 1e-4
expect_status "too cold" 1
expect_one_line "too cold: one line"
finish
