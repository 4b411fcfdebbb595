#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl sq: perfect crystals, units, species, outputs, failures.
. "$SRCDIR/tests/cli/lib.sh"

run "$BNSL" lattice AlB2 --a 1 --c-over-a 0.99 --repeat 6,6,6 -o crystal.gsd
expect_status "a crystal" 0

# In a narrow bin around 001 the mean of S over its two wave vectors is N |L - 2 S|^2 / n^2 = 648 / 9 (n = 3 in the cell).
run "$BNSL" sq crystal.gsd --q-min 6.33 --q-max 6.36 --points 1 --json
expect_status "sq" 0
expect_keys "sq: keys" q S S_LL S_LS S_SS step n_frames n_large n_small method normalisation q_unit output
expect_json "sq: the method" method nufft
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
expect_equal "a table: heading" "$(sed -n 3p s.tsv)" "$(printf '# q (1/length of the file)\tS\tS_LL\tS_LS\tS_SS')"
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
run "$BNSL" sq crystal.gsd --frames 1
expect_status "no such frame" 1
expect_one_line "no such frame: one line"

# The two methods of a periodic box agree; without one it is the Debye sum.
run "$BNSL" sq crystal.gsd --q-min 6 --q-max 10 --points 2 --json --method direct
expect_json "direct: the method" method direct
cp out direct.json
run "$BNSL" sq crystal.gsd --q-min 6 --q-max 10 --points 2 --json --method nufft --memory 0.5
for i in 0 1; do # 001 and 101 are in them
    expect_json_close "nufft and direct: S.$i" S.$i "$("$JSONGET" direct.json S.$i)" 1e-5
done
run "$BNSL" sq crystal.gsd --q-max 14 --memory 0.001
expect_status "too little memory" 1
expect_error "too little memory: why" "memory_mib"
run "$BNSL" lattice AlB2 --a 1 --sphere 3 -o ball.xyz
run "$BNSL" sq ball.xyz --q-max 20 --points 100 --json
expect_status "a ball" 0
expect_json "a ball: the method" method debye
expect_json "a ball: every point has a value" S.# 100
run "$BNSL" sq ball.xyz --q-max 20 --points 100 --json --shape mask --shape-radius 3
expect_json "masked: q >= 2 is left" S.# 90
expect_json_close "masked: the first q" q.0 2.1 1e-12
run "$BNSL" sq ball.xyz --q-max 20 --points 100 --shape subtract -o ball.svg -o ball.tsv
if [ "$status" = 0 ]; then expect_equal "subtracted: said" "$(grep -c 'outline subtracted' ball.tsv)" 1; else expect_error "no picture without cairo" cairo; fi

# Intensities: contrasts scale it, sizes of the file make classes, sigmas the decoupling approximation.
run "$BNSL" sq crystal.gsd --q-min 6.33 --q-max 6.36 --points 1 --json --cores 0.05,0.03
one=$("$JSONGET" out I.0)
run "$BNSL" sq crystal.gsd --q-min 6.33 --q-max 6.36 --points 1 --json --cores 0.05,0.03 --contrasts 3,3
expect_json_close "contrasts" I.0 "$(awk -v x="$one" 'BEGIN { print 9 * x }')" 1e-5
run "$BNSL" sq crystal.gsd --q-min 6.33 --q-max 6.36 --points 1 --json --cores 0.05,0.03 --core-sigmas 0.005,0.003
expect_status "decoupling" 0
expect_json_close "decoupling raises the volumes" I.0 "$(awk -v x="$one" 'BEGIN { print 1.0609 * x }')" 0.003
cat >sizes.xyz <<'END'
4
Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3:diameter:R:1
L 0 0 0 1.0
L 2 0 0 1.2
S 0 2 0 0.5
S 0 0 2 0.5
END
run "$BNSL" sq sizes.xyz --q-min 1.5 --q-max 1.6 --points 1 --json --cores 0.11,0.05
expect_status "sizes" 0
expect_json "sizes: classes" size_classes.0 2
expect_json "sizes: classes of S" size_classes.1 1
# k = 2 pi / 4 along x, y, z: phases of L 1, -1 where k is along x, S alike. Cores of L 0.1 and 0.12, of S 0.05; volumes at q = 0 within 1e-4
expect_json_close "sizes: I by hand" I.0 "$(awk 'BEGIN { v = 3.14159265358979 / 6; a = v * 1e-3; b = v * 1.728e-3; s = v * 1.25e-4
    print ((a - b + 2 * s) ^ 2 + 2 * (a + b) ^ 2) / 3 / 4 }')" 3e-3
run "$BNSL" sq sizes.xyz --q-min 1.5 --q-max 1.6 --points 1 --json --cores 0.11,0.05 --classes 1
expect_json "one class" size_classes.0 1

# Several frames: mean and standard error.
cat sizes.xyz >three.xyz
sed 's/^L 2 0 0/L 1 0 0/' sizes.xyz >>three.xyz
sed 's/^L 2 0 0/L 1 1 0/' sizes.xyz >>three.xyz
for i in 0 1 2; do
    run "$BNSL" sq three.xyz --frames $i --q-min 1.5 --q-max 1.6 --points 1 --json
    eval "s$i=$("$JSONGET" out S.0)"
done
run "$BNSL" sq three.xyz --frames 0:-1 --q-min 1.5 --q-max 1.6 --points 1 --json --cores 0.1,0.05
expect_json "frames" n_frames 3
expect_keys "frames: errors" S_err S_LL_err S_LS_err S_SS_err I_err
# shellcheck disable=SC2154 # s0 .. s2 are set by eval
expect_json_close "frames: mean" S.0 "$(awk -v a="$s0" -v b="$s1" -v c="$s2" 'BEGIN { print (a + b + c) / 3 }')" 1e-5
expect_json_close "frames: standard error" S_err.0 \
    "$(awk -v a="$s0" -v b="$s1" -v c="$s2" 'BEGIN { m = (a + b + c) / 3; print sqrt(((a - m) ^ 2 + (b - m) ^ 2 + (c - m) ^ 2) / 6) }')" 1e-5

# Failures and wrong use.
run "$BNSL" sq ball.xyz --method nufft
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
run "$BNSL" sq crystal.gsd --method fft
expect_status "a method that is not there" 2
expect_error "a method that is not there: what is" "direct"
run "$BNSL" sq crystal.gsd --contrasts 1,2
expect_status "contrasts without cores" 2
run "$BNSL" sq crystal.gsd --cores 1,0.5 --contrasts 2
expect_status "one contrast of two" 2
run "$BNSL" sq crystal.gsd --cores 1,0.5 --core-sigmas 1,0.1
expect_status "a sigma as large as the core" 2
run "$BNSL" sq crystal.gsd --cores 1,0.5 --core-sigmas 0.1,0.1 --classes 5
expect_status "sizes from two sources" 2
run "$BNSL" sq ball.xyz --peak-hwhm 0.1
expect_status "folding an isolated crystal" 1
expect_one_line "folding an isolated crystal: one line"
run "$BNSL" sq crystal.gsd -o s.dat
expect_status "an unknown ending" 2
run "$BNSL" sq nothing.gsd
expect_status "no file" 1
finish
