#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl saxs series: a synthetic run (tests/support/saxs_synthetic.c) as a matrix and as files of frames; states, bad frames, outputs, failures.
. "$SRCDIR/tests/cli/lib.sh"
WRITE=${JSONGET%/*}/write_series
"$WRITE" alb2 1 455 12 run.tsv errors.tsv # 40 frames: 20 of the gas, then every twelfth from 3.54 h on
model="--structure AlB2 --c-over-a 0.99 --cores 10.4,4.5 --core-sigma 0.6,0.4 --contrast 33.2,44.3"

run "$BNSL" saxs series run.tsv --errors errors.tsv $model --flux-scale --json -o series.tsv --save-s s.tsv --save-fits fits.tsv
expect_status "a matrix" 0
expect_keys "keys" status nucleation_time nucleation_time_err bad_frames frames.0.time frames.0.phases.0.structure frames.0.chi2_reduced \
    frames.0.converged frames.0.fluid.eta frames.0.flux frames.39.phases.0.a frames.39.phases.0.a_err frames.39.phases.0.xi \
    frames.39.phases.0.fraction frames.39.phases.0.d_LL frames.39.phases.0.d_LS frames.39.phases.0.d_SS frames.39.phases.0.volume_fraction \
    frames.39.phases.0.peaks.0.hkl frames.39.phases.0.peaks.0.area_err output.0
expect_json "frames" frames.# 40
expect_json "no bad ones" bad_frames.# 0
expect_json "no crystal in the gas" frames.20.phases.0.present false
expect_json "nor a lattice constant" frames.20.phases.0.a null
expect_json "a crystal at the end" frames.39.phases.0.present true
expect_json_close "its a" frames.39.phases.0.a 13.1532 2e-4
expect_json_close "its size" frames.39.phases.0.xi 282.2 0.01
expect_json_close "its share" frames.39.phases.0.fraction 0.95 0.01
expect_json_close "nucleation, between the frames around it" nucleation_time 12811 0.002
expect_equal "the table: rows" "$(grep -vc '^#' series.tsv)" 40
expect_equal "the table: names" "$(sed -n 3p series.tsv | cut -f 1,10-13)" "$(printf '# time (s)\tAlB2 X\tAlB2 X_err\tAlB2 a (nm)\tAlB2 a_err (nm)')"
expect_equal "the table: relative areas" "$(sed -n 3p series.tsv | tr '\t' '\n' | grep -c 'A_101$')" 7
expect_equal "S(q, t): a matrix" "$(head -1 s.tsv | cut -f 1)" "$(head -1 fits.tsv | cut -f 1)"
cp out whole.json

# the same from S(q, t), whose errors are those of S, by a model here
run "$BNSL" saxs series s.tsv --normalised --errors relative:0.01 $model --json
expect_json_close "normalised before" frames.39.phases.0.a 13.1532 3e-4

# a break at any frame, here by a shorter series with the same model
cut -f 1-31 run.tsv >part.tsv
cut -f 1-31 errors.tsv >part_errors.tsv
run "$BNSL" saxs series part.tsv --errors part_errors.tsv $model --flux-scale --a-range 12.5,15 --anchor none --state state.bin --quiet
expect_status "a part" 0
expect_file "its state" state.bin
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --flux-scale --a-range 12.5,15 --anchor none --state state.bin
expect_status "a state that is there" 1
expect_error "a state that is there: what to do" "state.bin"
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --flux-scale --a-range 12.5,15 --anchor none --state state.bin --resume --json
expect_status "resumed" 0
cp out resumed.json
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --flux-scale --a-range 12.5,15 --anchor none --json
if cmp -s out resumed.json; then ok "resumed: the same numbers"; else bad "resumed: the same numbers" "they differ"; fi
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --a-range 12.5,15 --anchor none --state state.bin --resume
expect_status "the state of another model" 1
expect_one_line "the state of another model: one line"

# files of frames, one of them damaged, one of another length
mkdir frames
for k in $(seq 2 41); do
    cut -f 1,$k run.tsv | sed '1s/.*/# q (nm^-1) I sigma/' >i.txt
    cut -f $k errors.tsv >e.txt
    paste i.txt e.txt | sed '1s/.*/# q (nm^-1) I sigma/' >"frames/$(printf 'frame%03d' $((k - 2))).dat"
done
sed '400s/.*/broken line/' frames/frame030.dat >x && mv x frames/frame030.dat
head -500 frames/frame035.dat >x && mv x frames/frame035.dat
head -1 run.tsv | tr '\t' '\n' | sed 1d >times.txt
run "$BNSL" saxs series frames --times times.txt $model --flux-scale --json
expect_status "a folder" 0
expect_json "two bad frames" bad_frames.# 2
expect_json "the first of them" bad_frames.0.frame 30
expect_error "it is named" "frame030.dat"
expect_error "so is the other" "frame035.dat"
expect_json "the others are fitted" frames.# 38
expect_json_close "to the same a" frames.37.phases.0.a "$("$JSONGET" whole.json frames.39.phases.0.a)" 1e-9
run "$BNSL" saxs series frames/frame0*.dat --period 28 $model --quiet -o figure.svg
if [ "$status" = 0 ]; then expect_file "a list of files, a figure" figure.svg; else expect_error "no figure without cairo" cairo; fi
run "$BNSL" saxs series frames $model
expect_status "no times" 2
run "$BNSL" saxs series frames --times run.tsv $model
expect_status "times of something else" 1

# failures
run "$BNSL" saxs series run.tsv $model
expect_status "no errors" 2
expect_error "no errors: what to do" "--errors"
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --reference 1000
expect_status "a reference that is too long" 1
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --normalised --reference 5
expect_status "normalised with a reference" 2
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --anchor 99
expect_status "no such anchor" 2
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --flux-scale --background polynomial
expect_status "flux needs a fluid" 2
run "$BNSL" saxs series run.tsv --errors errors.tsv $model --resume
expect_status "resume without a state" 2
run "$BNSL" saxs series run.tsv --errors errors.tsv $model -o series.tsv
expect_status "an output that is there" 1
run "$BNSL" saxs series nothing.tsv --errors errors.tsv $model
expect_status "no file" 1
expect_one_line "no file: one line"
finish
