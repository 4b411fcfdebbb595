#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl convert: there and back, chosen frames, names of species, failures.
. "$SRCDIR/tests/cli/lib.sh"
data=$SRCDIR/tests/data/io

run "$BNSL" convert "$data/hoomd.gsd" a.xyz
expect_status "GSD to XYZ" 0
expect_line "what was done" "a.xyz: 3 frames, 4 particles in the last"
expect_equal "frames in the text" "$(grep -c '^Lattice=' a.xyz)" 3
run "$BNSL" convert a.xyz b.gsd --quiet
expect_equal "--quiet" "$(cat out err)" ""
run "$BNSL" convert b.gsd c.xyz
if cmp -s a.xyz c.xyz; then ok "there and back"; else bad "there and back" "a.xyz and c.xyz differ"; fi

run "$BNSL" convert a.xyz d.xyz --frames 1:-1 --json
expect_status "two frames" 0
expect_json "two frames: number" frames 2
expect_json "two frames: particles" particles 4
expect_equal "two frames: steps" "$(sed -n 's/.* step=\([0-9]*\) .*/\1/p' d.xyz | tr '\n' ' ')" "1000 2000 "
run "$BNSL" convert a.xyz d.xyz --frames ::2 --force
expect_equal "every second" "$(sed -n 's/.* step=\([0-9]*\) .*/\1/p' d.xyz | tr '\n' ' ')" "0 2000 "
run "$BNSL" convert a.xyz d.xyz --frames -2 --force
expect_equal "one frame" "$(sed -n 's/.* step=\([0-9]*\) .*/\1/p' d.xyz | tr '\n' ' ')" "1000 "

run "$BNSL" convert a.xyz e.extxyz --to-species L=Au,S=Fe --frames 0
expect_equal "other names" "$(awk 'FNR > 2 { print $1 }' e.extxyz | tr '\n' ' ')" "Au Fe wall Au Fe wall "
run "$BNSL" convert e.extxyz f.xyz --species L=Au,S=Fe
expect_equal "and back" "$(awk 'FNR > 2 { print $1 }' f.xyz | tr '\n' ' ')" "L S wall L S wall "
run "$BNSL" convert e.extxyz g.xyz --species L=Au,S=Fe --to-species L=wall
expect_status "two types of one name" 1
expect_one_line "two types of one name: one line"
expect_no_file "two types of one name: no file" g.xyz

run "$BNSL" convert a.xyz d.xyz
expect_status "an existing file" 1
expect_error "an existing file: what to do" "--force"
for frames in "" a 1:2:0 1:2:3:4 1.5; do
    run "$BNSL" convert a.xyz g.xyz --frames "$frames"
    expect_status "--frames '$frames'" 2
done
run "$BNSL" convert a.xyz g.xyz --frames 3
expect_status "no such frame" 1
expect_error "no such frame: how many" "it has 3"
run "$BNSL" convert a.xyz g.xyz --frames 2:1
expect_status "no frames" 1
run "$BNSL" convert a.xyz g.pdb
expect_status "an unknown format" 2
head -n 5 a.xyz >cut.xyz
run "$BNSL" convert cut.xyz g.gsd
expect_status "a truncated file" 1
expect_error "a truncated file: where" "frame 0, line 1"
expect_one_line "a truncated file: one line"
run "$BNSL" convert nothing.gsd g.gsd
expect_status "no file" 1
expect_no_file "no file is left" g.gsd
expect_equal "nothing is left behind" "$(ls | grep -c tmp)" 0
# ---- scattering curves
saxs=$SRCDIR/tests/data/saxs
run "$BNSL" convert "$saxs/PolySpheres.txt" p.csv --unit A --json
expect_status "a curve" 0
expect_json "a curve: points" points 128
expect_json "a curve: points left out" points_left_out 1
expect_equal "a curve: heading" "$(head -n 1 p.csv)" "# q (nm^-1),I,sigma_I"
run "$BNSL" convert p.csv p.xml
if [ "$status" = 0 ] && "$BNSL" convert p.xml q.csv >out 2>err; then
    if cmp -s p.csv q.csv; then ok "columns, XML and back"; else bad "columns, XML and back" "p.csv and q.csv differ"; fi
    run "$BNSL" convert "$saxs/Ludox_silica.xml" ludox.dat
    expect_line "a measured XML file" "92 points"
    run "$BNSL" convert "$saxs/Ludox_silica.xml" ludox.dat --entry 1 --force
    expect_status "an entry that is not there" 1
    expect_one_line "an entry that is not there: one line"
else
    expect_error "no XML without expat" "expat"
fi
run "$BNSL" convert "$saxs/PolySpheres.txt" r.dat
expect_status "no unit" 1
expect_error "no unit: what is missing" "unit"
expect_no_file "no unit: nothing written" r.dat
run "$BNSL" convert p.csv p.xml
expect_status "not over an existing file" 1
run "$BNSL" convert p.csv r.dat --frames 1
expect_status "frames of a curve" 2
run "$BNSL" convert a.xyz r.gsd --unit nm
expect_status "a unit of particles" 2
finish
