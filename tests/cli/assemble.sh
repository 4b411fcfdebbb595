#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl assemble: the run's folder, the same bytes for any threads and across interruptions, starts, droplets, failures.
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

# the last line of a log, by the name of the column
column() { awk -F'\t' -v name="$2" '/^#/ { for (k = 1; k <= NF; k++) { split($k, word, " "); if (word[1] == name) at = k } } { last = $at } END { print last }' "$1"; }
expect_equal "each column of the log has a unit" "$(sed -n 's/^# step\t//p' one/log.tsv | tr '\t' '\n' | grep -c -v '(.*)$')" 0
expect_equal "columns of the log" "$(tail -1 one/log.tsv | wc -w)" 21
expect_close "the log ends at phi" "$(column one/log.tsv packing_fraction)" 0.45 1e-12
expect_close "K of the log is its kT" "$(column one/log.tsv K)" "$(column one/log.tsv kT | awk '{ print 450 * $1 }')" 1e-5

# several points: evenly spaced over the steps, linear between
every() { awk -F'\t' -v name="$2" '/^#/ { for (k = 1; k <= NF; k++) { split($k, word, " "); if (word[1] == name) at = k }; next } { printf "%.6f ", $at }' "$1"; }
points="--particles 100 --equilibrate 20 --steps 40 --seed 11"
run "$BNSL" assemble $points --phi 0.40,0.44,0.42 --well-depth 1,2,2.5 --frames 4 --out points
expect_status "a schedule of three points" 0
expect_equal "packing fractions of its frames" "$(every points/log.tsv packing_fraction)" "0.400000 0.420000 0.440000 0.430000 0.420000 "
run "$BNSL" assemble $points --phi 0.44 --well-depth 2 --frames 1 --out point
expect_equal "the bath at the middle point" "$(every points/log.tsv packing_fraction_effective | cut -d ' ' -f 3)" "$(column point/log.tsv packing_fraction_effective | awk '{ printf "%.6f", $1 }')"
expect_close "and at the last one" "$(column points/log.tsv packing_fraction_effective)" "$(awk 'BEGIN { print 0.42 * 1.0106916 ^ 3 }')" 1e-5

for threads in 2 3; do
    run "$BNSL" assemble $small --steps 800 --threads $threads --out "with$threads"
    expect_status "with $threads threads" 0
    same "$threads threads: the same trajectory" one/trajectory.gsd "with$threads/trajectory.gsd"
    same "$threads threads: the same log" one/log.tsv "with$threads/log.tsv"
done

# Interrupted after a moment, wherever that is, and resumed until it is done: bulk, and a droplet that shrinks.
long="--threads 1 --ratio 1:2 --particles 300 --phi 0.40,0.45,0.43 --equilibrate 500 --frames 8 --seed 11 --steps 30000"
run "$BNSL" assemble $long --out whole
expect_status "an undisturbed run" 0
finished() { # NAME FOLDER: resumes it and compares with the undisturbed one
    "$BNSL" assemble --resume --threads 1 --out "$2" >out 2>err
    expect_equal "$1: resumed to the end" $? 0
    same "$1: the same trajectory" "$3/trajectory.gsd" "$2/trajectory.gsd"
    same "$1: the same log" "$3/log.tsv" "$2/log.tsv"
    same "$1: the same checkpoint" "$3/checkpoint" "$2/checkpoint"
    expect_equal "$1: nothing left over" "$(ls "$2" | grep -v -e '^trajectory.gsd$' -e '^log.tsv$' -e '^checkpoint$' \
        -e '^summary.json$' -e '^parameters.tsv$' -e '^picture.png$' | grep -v tmp)" ""
}
droplet="--threads 1 --confine sphere --polydispersity 0.047,0.063 --particles 300 --phi 0.30,0.45 --equilibrate 500 --frames 5 --seed 12 --steps 30000"
run "$BNSL" assemble $droplet --out drop --json
expect_status "a droplet" 0
expect_json_close "a droplet: phi" phi 0.45 1e-12
expect_json "a droplet loses nobody" particles 300
expect_keys "a droplet: its JSON" wall_size returned
# (R/R0)^3 = 0.30/0.45; R0 from the first line of the log
expect_json_close "a droplet: its radius" wall_size "$(awk -F'\t' '!/^#/ { print $22 * (2 / 3) ^ (1 / 3); exit }' drop/log.tsv)" 1e-5
expect_equal "a droplet: columns of the log" "$(tail -1 drop/log.tsv | wc -w)" 25
for signal in INT TERM; do
    case $signal in INT) which=whole what=$long ;; TERM) which=drop what=$droplet ;; esac
    "$BNSL" assemble $what --out "cut$signal" >out 2>err &
    pid=$!
    sleep 0.2
    kill -s $signal $pid 2>/dev/null
    wait $pid
    code=$?
    if [ $code -ne 0 ]; then expect_equal "$signal: exit status" $code 130; fi
    # once more in the middle, then to the end
    timeout -s $signal 0.2 "$BNSL" assemble --resume --threads 2 --out "cut$signal" >out 2>err
    finished "$signal" "cut$signal" $which
done

# Killed again and again at random times, with checkpoints short before.
kills=0
resumed=0
for which in whole drop; do
    case $which in whole) what=$long ;; drop) what=$droplet ;; esac
    for delay in $(awk 'BEGIN { srand(5); for (k = 0; k < 4; k++) printf "%.2f ", 0.2 + 0.5 * rand() }'); do
        if [ -e "k$which/parameters.tsv" ]; then set -- --resume --threads 2; else set -- $what --force; fi
        if [ -e "k$which/checkpoint" ]; then resumed=$((resumed + 1)); fi
        timeout -s KILL "$delay" "$BNSL" assemble "$@" --checkpoint-every 0.1 --out "k$which" >out 2>err
        if [ $? = 137 ]; then kills=$((kills + 1)); fi
    done
    finished "$which, killed" "k$which" "$which"
done
expect_equal "kills came in time" "$([ $kills -ge 3 ] && echo yes)" yes
expect_equal "and after a checkpoint" "$([ $resumed -ge 2 ] && echo yes)" yes

run "$BNSL" assemble --resume --out whole --json
expect_status "resuming a finished run" 0
expect_json "which stays as it is" steps 30000

# A start from a file, around a nucleus, without attraction.
run "$BNSL" lattice AlB2 --a 1.06 --c-over-a 1.03 --cell orthogonal --repeat 4,3,4 -o crystal.gsd
run "$BNSL" assemble --start crystal.gsd --steps 200 --frames 2 --out crystal --json
expect_status "from a file" 0
expect_json_close "a crystal stays one" crystalline.AlB2 1 0.02
run "$BNSL" assemble --nucleus AlB2:2 --particles 600 --phi 0.5 --equilibrate 200 --steps 100 --frames 1 --out nucleus --json
expect_status "around a nucleus" 0
run "$BNSL" assemble --well-depth 0 --particles 100 --phi 0.3 --equilibrate 100 --steps 100 --frames 1 --thermostat none --out ipl --json
expect_status "purely repulsive, constant energy" 0

# Between walls, all other thermostats, precisions and distributions.
run "$BNSL" assemble $droplet --steps 400 --frames 2 --out thin1
expect_status "a short droplet" 0
for threads in 2 3; do
    run "$BNSL" assemble $droplet --steps 400 --frames 2 --threads $threads --out "thin$threads"
    same "a droplet, $threads threads: the same trajectory" thin1/trajectory.gsd "thin$threads/trajectory.gsd"
    same "a droplet, $threads threads: the same log" thin1/log.tsv "thin$threads/log.tsv"
done
run "$BNSL" convert thin1/trajectory.gsd thin1.xyz
expect_equal "a droplet's frames carry its diameters" "$(tail -300 thin1.xyz | grep -c .)" 300
expect_line_of() { if grep -q -e "$2" "$3"; then ok "$1"; else bad "$1" "no '$2' in $3"; fi; }
expect_line_of "and open boundaries" 'pbc="F F F"' thin1.xyz
expect_line_of "diameters are a column" diameter thin1.xyz
run "$BNSL" assemble --confine slab --thermostat mtk --well-depth 1,2.5 --bins 0 --polydispersity 0.05,0 --particles 200 --phi 0.35 --equilibrate 100 \
    --steps 200 --frames 2 --out slab --json
expect_status "a slab, cooled" 0
expect_json_close "a slab: phi" phi 0.35 1e-12
run "$BNSL" assemble --precision mixed --confine sphere --nucleus AlB2:2 --particles 500 --phi 0.4 --equilibrate 100 --steps 200 --frames 2 --out mixed --json
expect_status "a nucleus in a droplet, mixed precision" 0
run "$BNSL" assemble --start thin1/trajectory.gsd --confine sphere --phi 0.305 --steps 50 --frames 1 --out again --json
expect_status "a droplet from a file" 0
expect_json_close "its packing fraction" phi 0.305 1e-12
run "$BNSL" convert again/trajectory.gsd again.xyz
sizes() { tail -300 "$1" | cut -d ' ' -f 11; }
expect_equal "its particles keep their diameters" "$(sizes again.xyz)" "$(sizes thin1.xyz)"
expect_equal "26 classes of them" "$(sizes thin1.xyz | sort -u | wc -l | awk '{ print ($1 > 13 && $1 <= 26) }')" 1

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
fails "walls nowhere" 2 "--phi" --start crystal.gsd --confine sphere --out bad
fails "walls of no kind" 2 "sphere" --phi 0.5 --confine cube --out bad
fails "too wide a distribution" 2 "--polydispersity" --phi 0.5 --polydispersity 0.4,0.1 --out bad
fails "one width for two" 2 "--polydispersity" --phi 0.5 --polydispersity 0.1 --out bad
fails "no heating of a power law" 2 "--well-depth" --phi 0.5 --well-depth 0,1 --out bad
fails "no power law at the end" 2 "--well-depth" --phi 0.5 --well-depth 1,0 --out bad
fails "no power law on the way" 2 "--well-depth" --phi 0.5 --well-depth 1,0,2 --out bad
fails "more points than steps" 2 "at least 2 steps" --phi 0.5,0.4,0.5 --steps 1 --out bad
fails "no heating without a bath" 2 "thermostat" --phi 0.5 --well-depth 1,2 --thermostat none --out bad
fails "checkpoints all the time" 2 "--checkpoint-every" --phi 0.5 --checkpoint-every 0 --out bad
fails "an option that does not exist" 2 "--particles" --particle 100 --phi 0.5 --out bad
fails "an unknown nucleus" 1 "AlB2" --nucleus AlB3:2 --phi 0.5 --out bad1
fails "a nucleus without radius" 2 "AlB2:2.6" --nucleus AlB2 --phi 0.5 --out bad
fails "a nucleus too large" 1 "particles" --nucleus AlB2:20 --phi 0.5 --out bad2
fails "no such start" 1 "missing.gsd" --start missing.gsd --out bad3
fails "a run that is there" 1 "--resume" $small --steps 800 --out one
cp -r points emptied
awk -F'\t' -v OFS='\t' '$1 == "well_depth" { $2 = "" } { print }' points/parameters.tsv >emptied/parameters.tsv
fails "parameters without a depth" 2 "well-depth" --resume --out emptied
awk -F'\t' -v OFS='\t' '$1 == "phi" { $2 = "0.4,,0.42" } { print }' points/parameters.tsv >emptied/parameters.tsv
fails "parameters with a point missing" 1 "phi" --resume --out emptied
fails "nothing to resume" 1 "resume" --resume --out bad4
fails "other parameters for a resumed run" 2 "--steps" --resume --steps 5 --out one
for n in "" 1 2 3 4; do expect_no_file "refused: no folder left ($n)" "bad$n"; done
finish
