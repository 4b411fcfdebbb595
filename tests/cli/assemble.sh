#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl assemble: the run's folder, the same bytes for any threads and across interruptions, starts, failures.
. "$SRCDIR/tests/cli/lib.sh"

same() { if cmp -s "$2" "$3"; then ok "$1"; else bad "$1" "$2 and $3 differ"; fi; }

small="--ratio 1:2 --particles 300 --phi 0.40,0.45 --equilibrate 500 --frames 8 --seed 11"
run "$BNSL" assemble $small --steps 800 --threads 1 --out one --json
expect_status "a run" 0
expect_keys "its JSON" steps particles phi phi_effective crystalline.AlB2 crystalline.NaZn13 crystalline.fcc onset_phi largest_cluster \
    particle_steps_per_second seed
expect_json "steps" steps 800
expect_json "particles" particles 300
expect_json "seed" seed 11
expect_json_close "phi ends where it was asked to" phi 0.45 1e-12
# d_BH at kT = 0.4 is 1.0106916 [reference table mie_bh_b2, WCA split]
expect_json_close "effective packing fraction" phi_effective 0.464585 1e-5
for f in trajectory.gsd log.tsv checkpoint summary.json parameters.tsv; do expect_file "one/$f" "one/$f"; done
expect_equal "a row of the log for each frame" "$(grep -c -v '^#' one/log.tsv)" 9
run "$BNSL" order one/trajectory.gsd --json
expect_equal "frames of the trajectory" "$(json 'frames.#')" 9

run "$BNSL" assemble $small --steps 800 --threads 2 --out two
expect_status "with two threads" 0
same "two threads: the same trajectory" one/trajectory.gsd two/trajectory.gsd
same "two threads: the same log" one/log.tsv two/log.tsv

# Interrupted after a moment, wherever that is, and resumed until it is done; once by a kill that leaves no chance to save.
long="--ratio 1:2 --particles 300 --phi 0.40,0.45 --equilibrate 500 --frames 8 --seed 11 --steps 20000"
run "$BNSL" assemble $long --out whole
expect_status "an undisturbed run" 0
for signal in INT TERM KILL; do
    "$BNSL" assemble $long --out "cut$signal" >out 2>err &
    pid=$!
    sleep 0.7
    kill -s $signal $pid 2>/dev/null
    wait $pid
    code=$?
    if [ $signal != KILL ] && [ $code -ne 0 ]; then expect_equal "$signal: exit status" $code 130; fi
    # once more in the middle, then to the end
    timeout -s $signal 1 "$BNSL" assemble --resume --out "cut$signal" >out 2>err
    "$BNSL" assemble --resume --out "cut$signal" >out 2>err
    expect_equal "$signal: resumed to the end" $? 0
    same "$signal: the same trajectory" whole/trajectory.gsd "cut$signal/trajectory.gsd"
    same "$signal: the same log" whole/log.tsv "cut$signal/log.tsv"
    expect_equal "$signal: nothing left over" "$(ls "cut$signal" | grep -v -e '^trajectory.gsd$' -e '^log.tsv$' -e '^checkpoint$' \
        -e '^summary.json$' -e '^parameters.tsv$' -e '^picture.png$' | grep -v tmp)" ""
done
run "$BNSL" assemble --resume --out whole --json
expect_status "resuming a finished run" 0
expect_json "which stays as it is" steps 20000

# A start from a file, around a nucleus, without attraction.
run "$BNSL" lattice AlB2 --a 1.06 --c-over-a 1.03 --cell orthogonal --repeat 4,3,4 -o crystal.gsd
run "$BNSL" assemble --start crystal.gsd --steps 200 --frames 2 --out crystal --json
expect_status "from a file" 0
expect_json_close "a crystal stays one" crystalline.AlB2 1 0.02
run "$BNSL" assemble --nucleus AlB2:2 --particles 600 --phi 0.5 --equilibrate 200 --steps 100 --frames 1 --out nucleus --json
expect_status "around a nucleus" 0
run "$BNSL" assemble --well-depth 0 --particles 100 --phi 0.3 --equilibrate 100 --steps 100 --frames 1 --thermostat none --out ipl --json
expect_status "purely repulsive, constant energy" 0

# Refusals: one line, nothing left.
fails() { # name, status, words, arguments
    name=$1 want=$2 words=$3
    shift 3
    run "$BNSL" assemble "$@"
    expect_status "$name" "$want"
    if [ "$want" = 1 ]; then expect_one_line "$name: one line"; fi
    expect_error "$name: says so" "$words"
}
fails "no --out" 2 "--out" --phi 0.5
fails "no density" 2 "--phi" --out bad
fails "too dense a start" 2 "0.60" --phi 0.65 --out bad
fails "impossible packing fraction" 2 "0.74" --phi 0.9 --out bad
fails "negative packing fraction" 2 "--phi" --phi -0.1 --out bad
fails "exponents in the wrong order" 2 "--exponents" --phi 0.5 --exponents 6,12 --out bad
fails "an option that does not exist" 2 "--particles" --particle 100 --phi 0.5 --out bad
fails "an unknown nucleus" 1 "AlB2" --nucleus AlB3:2 --phi 0.5 --out bad1
fails "a nucleus without radius" 2 "AlB2:2.6" --nucleus AlB2 --phi 0.5 --out bad
fails "a nucleus too large" 1 "particles" --nucleus AlB2:20 --phi 0.5 --out bad2
fails "no such start" 1 "missing.gsd" --start missing.gsd --out bad3
fails "a run that is there" 1 "--resume" $small --steps 800 --out one
fails "nothing to resume" 1 "resume" --resume --out bad4
fails "other parameters for a resumed run" 2 "--steps" --resume --steps 5 --out one
for n in "" 1 2 3 4; do expect_no_file "refused: no folder left ($n)" "bad$n"; done
finish
