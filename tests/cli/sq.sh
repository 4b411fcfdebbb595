#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl sq: perfect crystals, units, species, outputs, failures.
. "$SRCDIR/tests/cli/lib.sh"

run "$BNSL" lattice AlB2 --a 1 --c-over-a 0.99 --repeat 6,6,6 -o crystal.gsd
expect_status "a crystal" 0

# In a narrow bin around 001 the mean of S over its two wave vectors is N |L - 2 S|^2 / n^2 = 648 / 9 (n = 3 in the cell).
run "$BNSL" sq crystal.gsd --q-min 6.33 --q-max 6.36 --points 1 --json
expect_status "sq" 0
expect_keys "sq: keys" q S S_LL S_LS S_SS step n_large n_small q_unit output
expect_json "sq: one point" q.# 1
expect_json_close "sq: q of 001" q.0 6.3466518 1e-6
expect_json_close "sq: S of 001" S.0 72 1e-4 # positions are float
expect_json_close "sq: S_LL of 001" S_LL.0 72 1e-4
expect_json_close "sq: S_SS of 001" S_SS.0 288 1e-4
expect_json_close "sq: S_LS of 001" S_LS.0 -144 1e-4

# Lengths in nm: q shrinks, S stays. Cores: I(q) of one point, unit contrast, f = (pi / 6) d^3 at q -> 0.
run "$BNSL" sq crystal.gsd --sigma-nm 13.4 --q-min 0.472 --q-max 0.475 --points 1 --json --cores 0.01,0.005
expect_status "in nm" 0
expect_json "in nm: the unit" q_unit nm^-1
expect_json_close "in nm: q of 001" q.0 0.4736307 1e-6
expect_json_close "in nm: S of 001" S.0 72 1e-4
expect_json_close "intensity of 001" I.0 "$(awk 'BEGIN { v = 3.14159265358979 / 6; l = v * 1e-6; s = l / 8; print 72 * l * l - 2 * 144 * l * s + 288 * s * s }')" 1e-4

# The default range is 25 over the unit of length; threads change nothing.
run "$BNSL" sq crystal.gsd --peak-hwhm 0.2 --points 40 --q-max 12 --json --threads 1
cp out one
expect_json "folded: no bin is empty" q.# 40
run "$BNSL" sq crystal.gsd --peak-hwhm 0.2 --points 40 --q-max 12 --json --threads 3
if cmp -s out one; then ok "threads"; else bad "threads" "another result"; fi

# Tables and pictures.
run "$BNSL" sq crystal.gsd --q-max 10 --points 50 -o s.tsv
expect_status "a table" 0
expect_equal "a table: heading" "$(sed -n 2p s.tsv)" "$(printf '# q (1/length of the file)\tS\tS_LL\tS_LS\tS_SS')"
run "$BNSL" sq crystal.gsd --q-max 10 --points 50
expect_equal "the table on stdout" "$(grep -vc '^#' out)" "$(grep -vc '^#' s.tsv)"
run "$BNSL" sq crystal.gsd --q-max 10 --points 50 -o s.tsv
expect_status "an existing file" 1
run "$BNSL" sq crystal.gsd --q-max 10 --points 50 -o s.svg
if [ "$status" = 0 ]; then expect_file "a picture" s.svg; else expect_error "no picture without cairo" cairo; fi

# Species, a structure without S, frames.
run "$BNSL" lattice fcc --a 1.4 --repeat 3,3,3 -o fcc.xyz
run "$BNSL" sq fcc.xyz --q-max 8 --points 20 --json
expect_status "without S" 0
expect_json "without S: no partial" S_SS.0 null
run "$BNSL" sq crystal.gsd --species L=S,S=L --q-min 6.33 --q-max 6.36 --points 1 --json
expect_json_close "species" S_LL.0 288 1e-4
run "$BNSL" sq crystal.gsd --frame 1
expect_status "no such frame" 1
expect_one_line "no such frame: one line"

# Failures and wrong use.
run "$BNSL" lattice AlB2 --a 1 --sphere 3 -o ball.xyz
run "$BNSL" sq ball.xyz
expect_status "not periodic" 1
expect_error "not periodic: why" "periodic"
expect_one_line "not periodic: one line"
run "$BNSL" sq crystal.gsd --q-max 0.1
expect_status "no wave vector" 1
expect_one_line "no wave vector: one line"
run "$BNSL" sq crystal.gsd --q-min 3 --q-max 2
expect_status "q-min" 2
run "$BNSL" sq crystal.gsd --cores 1
expect_status "one core of two" 2
run "$BNSL" sq crystal.gsd --method debye
expect_status "a method that is not there" 2
expect_error "a method that is not there: what is" "direct"
run "$BNSL" sq crystal.gsd -o s.dat
expect_status "an unknown ending" 2
run "$BNSL" sq nothing.gsd
expect_status "no file" 1
finish
