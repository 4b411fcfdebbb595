#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl saxs formfactor and bnsl saxs fit: known curves, units, errors, outputs, failures.
. "$SRCDIR/tests/cli/lib.sh"
spheres=$SRCDIR/tests/data/saxs/PolySpheres.txt # Schulz, R = 60 A, sigma = 12 A

# ---- form factor
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution schulz --json
expect_status "formfactor" 0
expect_keys "formfactor: keys" radius radius_err sigma sigma_err diameter scale background chi2_reduced status converged
expect_json_close "radius, nm" radius 6.0 0.0003
expect_json_close "sigma, nm" sigma 1.2 0.0015
expect_json_close "diameter, nm" diameter 12.0 0.0003
expect_json "status" status ok
run "$BNSL" saxs formfactor "$spheres" --unit A --errors relative:0.02 --json
expect_json_close "a Gaussian fits worse" chi2_reduced 0.91 0.02
expect_json_close "a Gaussian: radius" radius 5.90 0.002
run "$BNSL" saxs formfactor "$spheres" --unit nm --distribution schulz --json
expect_json_close "read as 1/nm" radius 60 0.0003
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution schulz --column 2 --errors sqrt --json
expect_json_close "a column" radius 6.0 1e-4
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution schulz --q-range 0.1,2 --radius-start 5 --json
expect_json_close "a range" radius 6.0 0.002
run "$BNSL" saxs formfactor "$spheres" --unit A -o fit.tsv
expect_status "a table" 0
expect_equal "a table: heading" "$(sed -n 2p fit.tsv)" "$(printf '# q (nm^-1)\tI\tsigma_I\tfit')"
expect_equal "a table: rows" "$(grep -vc '^#' fit.tsv)" 128
expect_line "the text" "mean"
run "$BNSL" saxs formfactor "$spheres" --unit A -o fit.svg
if [ "$status" = 0 ]; then expect_file "a picture" fit.svg; else expect_error "no picture without cairo" cairo; fi

run "$BNSL" saxs formfactor "$spheres"
expect_status "no unit" 1
expect_error "no unit: what is missing" "unit"
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution beta
expect_status "a distribution that is not there" 2
expect_error "a distribution that is not there: what is" "schulz"
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution all --errors relative:0.02 --json
expect_status "all distributions" 0
expect_json "all distributions: the best" distribution schulz
expect_json "all distributions: the worst" comparison.2.distribution gaussian
expect_json_close "all distributions: chi^2 of the log-normal" comparison.1.chi2_reduced 0.30 0.3
expect_keys "moments, statuses and covariances" populations.0.radius_volume_mean populations.0.radius_of_gyration radius_status covariance.matrix.3.3 \
    covariance.parameters.0 n_free weighting model
expect_json_close "the covariance is that of the errors" covariance.matrix.0.0 "$(awk -v e="$(json radius_err)" 'BEGIN { printf "%.12g", e * e }')" 1e-6
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution all
expect_line "all distributions: a table" "lognormal"
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution schulz --weighting volume --json
expect_json_close "by volume: the same sizes" populations.0.radius_number_mean 6 0.002
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution schulz --fix sigma=1.2 --fix background=0 --json
expect_json "a fixed parameter" sigma_status fixed
expect_json "a fixed parameter: its value" background 0
run "$BNSL" saxs formfactor "$spheres" --unit A --distribution schulz --model core-shell --shell 1 --sld 1,0.5,0 --fix shell=0.5 --json
expect_status "a shell" 0
expect_json "a shell: fixed" populations.0.shell_status fixed
run "$BNSL" saxs formfactor "$spheres" --unit A --truncate 3 --json
expect_status "truncated" 0
for bad in "--model core-shell" "--shell 1" "--sld 1,1" "--sld 1,2,3" "--truncate 3 --distribution schulz" "--weighting volume" "--radius-start 1,2" \
    "--model two-spheres --radius-start 1" "--fix radius" "--fix radius2=1" "--fix shell=1" "--fix sigma=-1" "--fix radius=x"; do
    # shellcheck disable=SC2086 # several words
    run "$BNSL" saxs formfactor "$spheres" --unit A $bad
    expect_status "refused: $bad" 2
done
# two sizes, 6.6 and 3.2 nm, made by the spheres' formula of single sizes on a fine grid of a Gaussian
awk 'BEGIN { pi = atan2(0, -1); srand(1)
    for (i = 0; i < 200; i++) { q = 0.1 * exp(i / 199 * log(40)); y = 0.001
        for (p = 0; p < 2; p++) { R = p ? 3.2 : 6.6; s = 0.07 * R; sum = w = v = 0
            for (z = -4; z <= 4; z += 0.05) { r = R + s * z; e = exp(-z * z / 2); x = q * r; f = 4 * pi * (sin(x) - x * cos(x)) / q^3
                w += e; sum += e * f * f; v += e * 4 / 3 * pi * r^3 }
            y += (p ? 0.03 : 0.01) * sum / v }
        printf "%.8g %.8g %.8g\n", q, y, 0.01 * y } }' >two-sizes.dat
run "$BNSL" saxs formfactor two-sizes.dat --unit nm --model two-spheres --json -o two.tsv
expect_status "two sizes" 0
expect_json_close "two sizes: the first" populations.0.radius 6.6 1e-3
expect_json_close "two sizes: the second" populations.1.radius 3.2 1e-3
expect_json_close "two sizes: the second's spread" populations.1.sigma 0.224 0.01
expect_json_close "two sizes: the second's scale" populations.1.scale 0.03 0.01
expect_equal "two sizes: a table" "$(sed -n 2p two.tsv)" "$(printf '# q (nm^-1)\tI\tsigma_I\tfit\tlarge\tsmall')"
run "$BNSL" saxs formfactor "$spheres" --unit A --errors relative:0
expect_status "errors" 2
run "$BNSL" saxs formfactor "$spheres" --unit A --column 2
expect_status "a column without errors" 2
run "$BNSL" saxs formfactor "$spheres" --unit A --column 9 --errors sqrt
expect_status "no such column" 1
run "$BNSL" saxs formfactor "$spheres" --unit A --q-range 2,1
expect_status "a range upside down" 2
awk 'BEGIN { for (i = 1; i < 60; i++) print i / 20, 1 / (1 + i) }' >two.dat
run "$BNSL" saxs formfactor two.dat --unit nm
expect_status "no errors" 2
expect_error "no errors: what to do" "--errors"
run "$BNSL" saxs formfactor nothing.dat --unit nm
expect_status "no file" 1
expect_one_line "no file: one line"
awk 'BEGIN { for (i = 1; i < 60; i++) print i / 20, i }' >rising.dat
run "$BNSL" saxs formfactor rising.dat --unit nm --errors uniform --json
expect_status "nothing fits" 1
expect_one_line "nothing fits: one line"
expect_equal "nothing fits: nothing on stdout" "$(cat out)" ""

# ---- patterns: of a crystal, by way of a file
run "$BNSL" lattice AlB2 --a 1.06 --c-over-a 0.99 --repeat 12,12,12 -o crystal.gsd
run "$BNSL" sq crystal.gsd --q-min 3 --q-max 16 --points 600 --peak-hwhm 0.12 -o s.tsv
expect_status "a pattern" 0
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure AlB2 --c-over-a fit --cores 0.8,0.4 --background polynomial --background-order 0 --json -o fit2.tsv
expect_status "fit" 0
expect_keys "fit: keys" phases.0.structure phases.0.a phases.0.a_err phases.0.c_over_a phases.0.xi phases.0.xi_err phases.0.fraction \
    phases.0.volume_fraction phases.0.d_LL phases.0.d_LS phases.0.d_SS phases.0.peaks.0.hkl phases.0.peaks.0.q phases.0.peaks.0.area \
    phases.0.peaks.0.area_err chi2_reduced converged status
expect_json "the structure" phases.0.structure AlB2
expect_json_close "a" phases.0.a 1.06 2e-4
expect_json_close "c/a" phases.0.c_over_a 0.99 2e-4
expect_json_close "xi = pi K / hwhm" phases.0.xi 28.1356 0.015
expect_json_close "d_LL = a - dL" phases.0.d_LL 0.26 0.002
expect_json_close "d_SS = a / sqrt 3 - dS" phases.0.d_SS 0.2119913 0.002
expect_json_close "volume fraction" phases.0.volume_fraction 0.3288 0.002
expect_json "converged" converged true
expect_equal "fit: a table" "$(sed -n 2p fit2.tsv)" "$(printf '# q (nm^-1)\tS\tsigma_S\tfit\tbackground')"
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure alb2 --c-over-a 0.99 --a-range 1,1.2 --background polynomial --background-order 0 --json
expect_json_close "all of it is crystalline" phases.0.fraction 1 0.03
expect_json "no cores, no volume fraction" phases.0.volume_fraction null
expect_json "no cores, no distance" phases.0.d_LS null
run "$BNSL" saxs fit s.tsv --column 2 --unit A --errors uniform --structure AlB2 --c-over-a 0.99 --json
expect_json_close "in Angstrom" phases.0.a 0.106 2e-4
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure AlB2 --structure fcc --c-over-a 0.99 -o phases.svg
if [ "$status" = 0 ]; then
    expect_file "a picture of two phases" phases.svg
    expect_line "the text has both" "fcc"
else
    expect_error "no picture without cairo" cairo
fi

run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform
expect_status "no structure" 2
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure NaCl7
expect_status "an unknown structure" 1
expect_error "an unknown structure: the known ones" "NaZn13"
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure AlB2 --a-range 2
expect_status "half a range" 2
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure AlB2 --a-range 1,2 --a-range 1,2
expect_status "too many ranges" 2
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure AlB2 --c-over-a long
expect_status "c/a" 2
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure fcc --c-over-a 1.1
expect_status "c/a of a cube" 2
run "$BNSL" saxs fit s.tsv --column 2 --unit nm --errors uniform --structure AlB2 --a-range 0.01,0.02
expect_status "no line in the range" 1
expect_one_line "no line in the range: one line"
run "$BNSL" saxs fit s.tsv --unit nm --structure AlB2
expect_status "five columns" 1
expect_one_line "five columns: one line"
finish
