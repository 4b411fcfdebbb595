# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl saxs index: positions given and found, JSON keys, errors.
. "$SRCDIR/tests/cli/lib.sh"

run "$BNSL" saxs index --positions 0.4853,0.5548,0.7371,0.9609,0.9706,1.0765 --json
expect_status "AlB2 done" 0
expect_keys "keys" q q_err candidates.0.structure candidates.0.a candidates.0.a_err candidates.0.c_over_a candidates.0.c_over_a_err \
    candidates.0.figure_of_merit candidates.0.score candidates.0.rms candidates.0.explained candidates.0.unexplained candidates.0.missing \
    candidates.0.possible candidates.0.lines.0.hkl candidates.0.lines.0.q candidates.0.lines.0.residual
expect_json "AlB2 first" candidates.0.structure AlB2
expect_json_close "its a" candidates.0.a 13.077 3e-4
expect_json_close "its c/a" candidates.0.c_over_a 0.99 3e-4
expect_json "its third line" candidates.0.lines.2.hkl "1 0 1"
run "$BNSL" saxs index --positions 0.04853,0.05548,0.07371,0.09609,0.09706,0.10765 --unit A --position-errors 0.0001 --show 1
expect_status "angstrom done" 0
expect_line "angstrom: a in nm" "13.07"

# Peaks of a curve: Lorentzians at the first lines of NaZn13, a = 40.5 nm, on a sloping background.
awk 'BEGIN { split("4 8 12 16 20 24 32 35 36 44", n, " "); split("9 6 2 .5 1.5 4 2.5 8 8 .6", area, " ")
    print "# q (1/nm)  I"
    for (q = 0.2; q < 1.1; q += 0.0015) { s = 1 / q
        for (i = 1; i <= 10; i++) { d = (q - 6.283185307 / 40.5 * sqrt(n[i])) / 0.004; s += 4 * area[i] / (1 + d * d) }
        printf "%.5f %.7g\n", q, s } }' >pattern.dat
run "$BNSL" saxs index pattern.dat --unit nm --errors uniform --json
expect_status "peaks of a file" 0
expect_json "ten peaks" q.# 10
expect_json "NaZn13 first" candidates.0.structure NaZn13
expect_json_close "its a" candidates.0.a 40.5 1e-3
expect_json "531, the first odd line" candidates.0.lines.7.hkl "5 3 1"

run "$BNSL" saxs index --positions 1,2
expect_status "nothing fits two peaks but one parameter" 0
run "$BNSL" saxs index --positions 1
expect_status "one peak" 1
run "$BNSL" saxs index --positions 2,1
expect_status "falling positions" 2
run "$BNSL" saxs index
expect_status "neither file nor positions" 2
run "$BNSL" saxs index pattern.dat --positions 1,2
expect_status "both" 2
run "$BNSL" saxs index --positions 1,2,3 --position-errors 0.1,0.1
expect_status "errors do not fit" 2
run "$BNSL" saxs index nowhere.dat --unit nm
expect_status "no file" 1
finish
