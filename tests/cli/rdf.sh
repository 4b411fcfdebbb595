#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl rdf: shells of a perfect crystal, pairs, frames of different volume, species, outputs, failures.
. "$SRCDIR/tests/cli/lib.sh"

# AlB2 with c/a 0.99: around L 8 L up to 1, 12 S at 0.7605; around S 3 S at 0.577, then 6 + 2 at 1 and 0.99. 6 L in the same distance.
run "$BNSL" lattice AlB2 --a 1 --c-over-a 0.99 --repeat 4,4,4 -o crystal.gsd
expect_status "a crystal" 0
run "$BNSL" rdf crystal.gsd --r-max 1.2 --bins 4 --json
expect_status "rdf" 0
expect_keys "rdf: keys" r g n_r g_LL g_LS g_SS n_r_LL n_r_LS n_r_SS n_frames r_max
expect_json "rdf: bins" r.# 4
expect_json_close "rdf: middle of a bin" r.1 0.45 1e-12
expect_json_close "rdf: L around L" n_r_LL.3 8 1e-12
expect_json_close "rdf: S around L" n_r_LS.2 12 1e-12
expect_json_close "rdf: S around S" n_r_SS.1 3 1e-12
# g of the bin 0.6 to 0.9: 12 S around L, V / N_S = 0.8574 / 2
expect_json_close "rdf: g of a bin" g_LS.2 "$(awk 'BEGIN { pi = 3.14159265358979; v = 0.99 * sqrt(3) / 2; print 12 * v / 2 / (4 / 3 * pi * (0.9 ^ 3 - 0.6 ^ 3)) }')" 1e-5 # the file is float
run "$BNSL" rdf crystal.gsd --between L,S --r-max 0.9 --bins 1 --json
expect_json_close "between L and S" n_r.0 12 1e-12
expect_json "between: named" between.1 S
run "$BNSL" rdf crystal.gsd --between S,L --r-max 0.9 --bins 1 --json
expect_json_close "between S and L" n_r.0 6 1e-12
run "$BNSL" rdf crystal.gsd --between S,S --r-min 0.7 --r-max 1.1 --bins 1 --json
expect_json_close "between S and S, from r-min on" n_r.0 8 1e-12

# Beyond the box: a single cell is as good as many.
run "$BNSL" lattice AlB2 --a 1 --c-over-a 0.99 -o cell.xyz
run "$BNSL" rdf cell.xyz --r-max 3.1 --bins 31 --json
one=$(json g_SS.17)
n_one=$(json n_r.30)
run "$BNSL" lattice AlB2 --a 1 --c-over-a 0.99 --repeat 7,7,7 -o cells.xyz
run "$BNSL" rdf cells.xyz --r-max 3.1 --bins 31 --json --threads 1
expect_json_close "images: g" g_SS.17 "$one" 1e-9
expect_json_close "images: n_r" n_r.30 "$n_one" 1e-12
cp out first
run "$BNSL" rdf cells.xyz --r-max 3.1 --bins 31 --json --threads 3
if cmp -s out first; then ok "threads"; else bad "threads" "another result"; fi

# The default range is half the box.
run "$BNSL" rdf cells.xyz --json
expect_json_close "default range" r_max "$(awk 'BEGIN { print 7 * sqrt(3) / 4 }')" 1e-5
expect_json "default bins" r.# 200

# Frames of their own volume: two particles at the distance 1 in boxes of 4 and 8; g is the mean of 64 and 512 over 4 shells.
pair() { printf '2\nLattice="%s 0 0 0 %s 0 0 0 %s" Properties=species:S:1:pos:R:3 Step=%s\n%s 0 0 0\n%s 1 0 0\n' "$1" "$1" "$1" "$2" "$3" "$3"; }
{ pair 4 0 big; pair 8 10 big; pair 8 20 big; } >pairs.xyz
shell=$(awk 'BEGIN { print 4 / 3 * 3.14159265358979 * (1.5 ^ 3 - 0.5 ^ 3) }')
run "$BNSL" rdf pairs.xyz --species L=big --r-min 0.5 --r-max 1.5 --bins 1 --json --frames 0:1
expect_status "two frames" 0
expect_json "two frames: counted" n_frames 2
expect_json_close "two frames: g" g.0 "$(awk -v s="$shell" 'BEGIN { print (64 + 512) / 2 * 2 / 4 / s }')" 1e-5
run "$BNSL" rdf pairs.xyz --species L=big --r-min 0.5 --r-max 1.5 --bins 1 --json --frames -1 --finite-size
expect_json "one frame" n_frames 1
expect_json_close "one frame: finite size" g.0 "$(awk -v s="$shell" 'BEGIN { print 512 / s }')" 1e-5
expect_json "without S: nothing" g_LS null
run "$BNSL" rdf pairs.xyz --species L=big --json --frames 0:-1:2
expect_json "every second frame" n_frames 2
run "$BNSL" rdf pairs.xyz --between big,big --json
expect_status "types of the file" 0

# Tables and pictures.
run "$BNSL" rdf crystal.gsd --bins 50 -o g.tsv
expect_status "a table" 0
expect_equal "a table: heading" "$(sed -n 2p g.tsv)" "$(printf '# r (length of the file)\tg\tn_r\tg_LL\tg_LS\tg_SS\tn_r_LL\tn_r_LS\tn_r_SS')"
expect_equal "a table: rows" "$(grep -vc '^#' g.tsv)" 50
run "$BNSL" rdf crystal.gsd --bins 50
expect_equal "the table on stdout" "$(grep -vc '^#' out)" 50
run "$BNSL" rdf crystal.gsd --bins 50 -o g.tsv
expect_status "an existing file" 1
run "$BNSL" rdf crystal.gsd --bins 50 -o g.svg
if [ "$status" = 0 ]; then expect_file "a picture" g.svg; else expect_error "no picture without cairo" cairo; fi

# Failures and wrong use.
run "$BNSL" rdf crystal.gsd --between L,X
expect_status "no such type" 1
expect_error "no such type: which" "'X'"
run "$BNSL" rdf crystal.gsd --between L
expect_status "half a pair" 2
run "$BNSL" rdf crystal.gsd --r-min 2 --r-max 1
expect_status "r-min" 2
run "$BNSL" rdf crystal.gsd --r-max 1e9
expect_status "too many images" 1
expect_one_line "too many images: one line"
run "$BNSL" rdf crystal.gsd --bins 0
expect_status "no bins" 2
run "$BNSL" rdf pairs.xyz --species L=big --frames 3
expect_status "no such frame" 1
expect_one_line "no such frame: one line"
run "$BNSL" rdf pairs.xyz --species L=big --frames 2:1
expect_status "frames in the wrong order" 2
run "$BNSL" rdf pairs.xyz
expect_status "no L" 1
run "$BNSL" rdf crystal.gsd -o g.gsd
expect_status "an unknown ending" 2
run "$BNSL" rdf nothing.gsd
expect_status "no file" 1
finish
