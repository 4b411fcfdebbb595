#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The library's molecular dynamics beside LAMMPS: the same configurations, cut-offs, shift, time step and thermostat, in rounds of ours, LAMMPS,
# ours again. A table of medians in ns a particle-step, wall time and processor time of the single-threaded runs, and of the medians of the ratios:
# each of a LAMMPS run to the mean of ours before and after it, as machines change their speed between one minute and the next.
# usage: bench/lammps.sh [BUILDDIR [CASE ...]]    cases: narrow055 wide055 narrow030 wide030 melt
# In the environment: LMP (lmp), MPIRUN (mpirun), REPEATS (5), THREADS (1 2), SKIN (0.2: LAMMPS' best for these mixtures; ours chooses its own)
set -eu
export LC_ALL=C
build=$(cd "${1:-.}" && pwd)
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- narrow055 wide055 narrow030 wide030 melt
lmp=${LMP:-lmp}
mpirun=${MPIRUN:-mpirun}
repeats=${REPEATS:-5}
skin=${SKIN:-0.2}
[ "$(id -u)" != 0 ] || mpirun="$mpirun --allow-run-as-root"
command -v "$lmp" >/dev/null || { echo "LAMMPS ($lmp) is not installed"; exit 1; }
[ -x "$build/bench/bench_md" ] || { echo "no $build/bench/bench_md: make bench/bench_md first"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >in.mixture <<'END'
units lj
atom_style atomic
read_data ${name}.data
variable rLS equal 0.775*${rc}
variable rSS equal 0.55*${rc}
pair_style mie/cut ${rc}
pair_coeff 1 1 1.0 1.0 50 ${m} ${rc}
pair_coeff 1 2 1.0 0.775 50 ${m} ${rLS}
pair_coeff 2 2 1.0 0.55 50 ${m} ${rSS}
pair_modify shift yes
velocity all create 1.0 4711 loop geom
neighbor ${skin} bin
neigh_modify delay 0 every 1 check yes
timestep 0.001
fix 1 all nve
fix 2 all langevin 1.0 1.0 1.0 48279
thermo_style custom step temp pe
run 200
run ${steps}
END
# LAMMPS' own benchmark of the melt
cat >in.melt <<'END'
units lj
atom_style atomic
lattice fcc 0.8442
region box block 0 20 0 20 0 20
create_box 1 box
create_atoms 1 box
mass 1 1.0
velocity all create 1.44 87287 loop geom
pair_style ${style} 2.5
pair_coeff 1 1 1.0 1.0 2.5
neighbor 0.3 bin
neigh_modify delay 0 every 20 check no
timestep 0.005
fix 1 all nve
run 200
run ${steps}
END

# record CASE THREADS ENGINE WALL CPU, ns a particle-step, in results; theirs from the log of LAMMPS, whose "% CPU use" is a mean over the ranks
theirs() { # case threads engine, then LAMMPS' arguments
    case_name=$1 threads=$2 engine=$3
    shift 3
    if [ "$threads" = 1 ]; then
        "$lmp" "$@" -log log -screen none
    else
        $mpirun -np "$threads" "$lmp" "$@" -log log -screen none
    fi
    awk -v id="$case_name $threads $engine" '/^Loop time/ { time = $4 / ($9 * $12) * 1e9; ranks = $6 } /CPU use/ { cpu = $1 * ranks / 100 * time }
        END { print id, time, cpu }' log >>results
}
ours() { # case threads precision state steps
    "$build/bench/bench_md" run "state=$4" "threads=$2" "precision=$3" warm=200 "steps=$5" repeats=1 >out
    echo "$1 $2 $3 $(sed 's/.*"ns_per_particle_step": \([0-9.]*\), "cpu_ns": \([0-9.]*\),.*/\1 \2/' out)" >>results
}
both() { # case threads state steps
    ours "$1" "$2" double "$3" "$4"
    ours "$1" "$2" mixed "$3" "$4"
}

echo "writing the configurations"
"$build/bench/bench_md" write .
repeat=0
while [ "$repeat" -lt "$repeats" ]; do
    repeat=$((repeat + 1))
    echo "round $repeat of $repeats"
    for name in "$@"; do
        for threads in ${THREADS:-1 2}; do
            case $name in
            melt)
                both melt $threads melt 300
                theirs melt $threads lj/cut -in in.melt -var style lj/cut -var steps 150
                theirs melt $threads lj/cut/opt -in in.melt -var style lj/cut/opt -var steps 150
                both melt $threads melt 300
                ;;
            *)
                case $name in narrow*) m=25 rc=1.6 steps=200 ;; *) m=6 rc=2.5 steps=80 ;; esac
                both "$name" $threads $m:$name.bin 400
                theirs "$name" $threads mie/cut -in in.mixture -var name "$name" -var m $m -var rc $rc -var skin "$skin" -var steps $steps
                both "$name" $threads $m:$name.bin 400
                ;;
            esac
        done
    done
done

echo "ns a particle-step, medians of $repeats; in brackets how many times LAMMPS' rate, medians of the ratios of each round"
awk '
function middle(v, n,   k, j, x) { # sorts
    for (k = 2; k <= n; k++) { x = v[k] + 0; for (j = k - 1; j > 0 && v[j] + 0 > x; j--) v[j + 1] = v[j]; v[j + 1] = x }
    return n % 2 ? v[(n + 1) / 2] + 0 : (v[n / 2] + v[n / 2 + 1]) / 2
}
function median(key, column,   n, v) {
    n = split(values[key, column], v, " ")
    return middle(v, n)
}
function theirs(id) { # the engine of the fastest LAMMPS
    if (id !~ /^melt/) return id " mie/cut"
    return median(id " lj/cut/opt", 4) < median(id " lj/cut", 4) ? id " lj/cut/opt" : id " lj/cut"
}
function ratio(id, precision, column,   n, k, a, b, r) {
    n = split(values[theirs(id), column], a, " ")
    split(values[id " " precision, column], b, " ")
    for (k = 1; k <= n; k++) r[k] = a[k] / (0.5 * (b[2 * k - 1] + b[2 * k]))
    return middle(r, n)
}
function row(id, column, clock,   part) {
    split(id, part, " ")
    printf "%-10s %d %-5s %8.1f %10.1f (%5.2f) %10.1f (%5.2f)\n", part[1], part[2], clock, median(theirs(id), column),
        median(id " double", column), ratio(id, "double", column), median(id " mixed", column), ratio(id, "mixed", column)
}
{ id = $1 " " $2; if (!(id in seen)) { seen[id] = 1; order[++n_ids] = id } key = id " " $3
  values[key, 4] = values[key, 4] " " $4; values[key, 5] = values[key, 5] " " $5 }
END {
    printf "%-10s %s %-5s %8s %18s %18s\n", "case", "threads", "clock", "LAMMPS", "double", "mixed"
    for (k = 1; k <= n_ids; k++) { row(order[k], 4, "wall"); if (order[k] ~ / 1$/) row(order[k], 5, "cpu") }
    for (k = 1; k <= n_ids; k++)
        if (split(order[k], part, " ") && part[2] == 1 && ((part[1] " 2") in seen)) printf "%-10s 2 threads over 1: LAMMPS %.2f, double %.2f, mixed %.2f\n", part[1],
        median(theirs(part[1] " 1"), 4) / median(theirs(part[1] " 2"), 4), median(part[1] " 1 double", 4) / median(part[1] " 2 double", 4),
        median(part[1] " 1 mixed", 4) / median(part[1] " 2 mixed", 4)
}' results
