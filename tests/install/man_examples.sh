#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The EXAMPLES of the manual. Section 3: each page has a program, which compiles without a warning and runs. Sections 1 and 7: each page
# of a command has commands, which run in the order in which they stand, among files of the names that the pages use (fixtures below); long
# runs are cut short. `bnsl demo` takes minutes and is left to tests/install/chroot.sh and debian.sh.
# Usage: tests/install/man_examples.sh [SRCDIR [BUILDDIR]]
set -u
export LC_ALL=C
OMP_WAIT_POLICY=${OMP_WAIT_POLICY-passive}
export OMP_WAIT_POLICY
src=$(CDPATH='' cd -- "${1:-$(dirname -- "$0")/../..}" && pwd)
build=$(CDPATH='' cd -- "${2:-$src}" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
PATH=$build:$PATH
BNSL_DATA=$src/tests/data/saxs
export BNSL_DATA

label=
# shellcheck source=tests/install/lib.sh
. "$src/tests/install/lib.sh"
cc=$(config CC)
flags="$(config CFLAGS) $(config LDFLAGS)"
if [ -e "$build/libbnsl.so" ]; then
    libs="-L$build -lbnsl -Wl,-rpath,$build"
else
    libs="$build/libbnsl.a $(config OPENMP_CFLAGS) $(config DEPS_LIBS)"
fi

unescape() { sed 's/\\&//g; s/\\-/-/g; s/\\e/\\/g'; }

# ---- section 3: programs -------------------------------------------------------------------------------------------

program() { sed -n '/^\.Sh EXAMPLES/,/^\.Sh ERRORS/p' "$1" | sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.[BE]d/d;p;}' | unescape; }

# shellcheck disable=SC2086 # words of flags
run_program() { # page
    program "$1" >"$tmp/example.c"
    grep -q '^int main(' "$tmp/example.c" || {
        echo "no program in EXAMPLES"
        return 1
    }
    ${cc:-cc} -std=c11 -Wall -Werror "-I$src/include" "-I$build/include" -o "$tmp/example" $flags "$tmp/example.c" $libs -lm &&
        (cd "$tmp" && ./example)
}

for page in "$src"/man/man3/*.3; do
    check "man3/$(basename "$page")" run_program "$page"
done

# ---- sections 1 and 7: commands ------------------------------------------------------------------------------------

# Lines of EXAMPLES that begin with bnsl, in a literal display or behind .Dl (with or without "$ "), a backslash at the end joins them.
commands() {
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$1" | unescape | awk '
        /^\.Bd -literal/ { inside = 1; next }
        /^\.Ed/ { inside = 0; next }
        /^\.Dl / { sub(/^\.Dl (\$ )?/, ""); if ($0 ~ /^bnsl /) print; next }
        inside { line = line $0; if (sub(/\\$/, " ", line)) next; if (line ~ /^bnsl /) print line; line = "" }'
}

# Short runs of few particles, without compressions, which would be too fast: set() puts an option in or changes its value.
shorten() {
    awk '
        function set(option, value) { if (!sub(option " [^ ]*", option " " value)) $0 = $0 " " option " " value }
        /^bnsl assemble/ && !/--resume/ {
            set("--steps", 300); set("--frames", 5); set("--seed", 1)
            if (!/--start/) { set("--particles", 1000); set("--equilibrate", 500) }
            if (match($0, /--phi [0-9.]*,/)) { phi = substr($0, RSTART + 6, RLENGTH - 7); set("--phi", phi) }
        }
        /^bnsl freeenergy/ { set("--particles", 180); set("--sweeps", 200); set("--equilibrate", 200); set("--nodes", 6); set("--seed", 1) }
        /^bnsl phases/ && n_diagrams++ { next } # one of them, which takes two seconds
        /^bnsl phases/ {
            set("--structure", "fcc"); set("--particles", 60); set("--steps", 320); set("--equilibrate", 300); set("--well-depth", 0); set("--r-cut", 1.2); set("--seed", 3)
        }
        /^bnsl tem/ { set("--crop", "0,0,128,128") } # the image is a small one
        { print }'
}

without_pictures() { # in a build that draws none
    if [ -n "$(config CAIRO_LIBS)" ]; then cat; else sed '/^bnsl render/d; s/ -o [^ ]*[.]\(png\|svg\|pdf\)//g'; fi
}

fixtures() { # in an empty folder: the files that the pages speak of
    set -e
    bnsl assemble --seed 1 --particles 300 --phi 0.50 --steps 1000 --equilibrate 200 --frames 200 --out run --quiet
    bnsl assemble --seed 1 --particles 200 --confine sphere --phi 0.40,0.42 --steps 500 --equilibrate 200 --frames 5 --out drop --quiet
    cp drop/trajectory.gsd droplet.gsd
    cp run/trajectory.gsd narrow.gsd
    cp run/trajectory.gsd wide.gsd
    mkdir -p my-demo/narrow # as bnsl demo leaves it
    cp run/trajectory.gsd my-demo/narrow/
    bnsl convert run/trajectory.gsd dump.xyz --frames -3:-1 --to-species L=1,S=2 # of another program
    cp "$BNSL_DATA/PolySpheres.txt" dilute.dat
    # a powder pattern of an AlB2 superlattice: q, I, and an error of 1 % and a constant
    bnsl lattice AlB2 --a 13.08 --c-over-a 0.99 --cell orthogonal --repeat 12,7,12 -o crystal-nm.gsd --quiet
    bnsl sq crystal-nm.gsd --sigma-nm 1 --cores 10.4,4.5 --q-min 0.3 --q-max 1.6 --points 400 --peak-hwhm 0.02 -o pattern.tsv --quiet
    awk '!/^#/ && $1 > 0.35 { printf "%.6g %.8g %.4g\n", $1, $6 + 20, 0.01 * $6 + 2 }' pattern.tsv >frame.dat
    # the same while a crystal grows out of a dispersion with the pattern P = exp(-(q R)^2 / 5): I(q, t), and errors of 1 %
    for file in run.tsv run_errors.tsv; do
        awk -v factor="$([ $file = run.tsv ] && echo 1 || echo 0.01)" 'BEGIN { printf "#q_nm^-1"; for (k = 0; k < 28; k++) printf "\t%d", 60 * k; print "" }
            !/^#/ && $1 > 0.35 && NR % 2 {
                printf "%.6g", $1
                for (k = 0; k < 28; k++)
                    printf "\t%.6g", factor * 1000 * exp(-($1 * 5.2) ^ 2 / 5) * (1 + 0.01 * sin(1e3 * NR * (k + 1))) * (1 + (k > 21 ? (k - 21) / 10 : 0) * ($2 - 1))
                print ""
            }' pattern.tsv >$file
    done
    rm crystal-nm.gsd pattern.tsv
    [ ! -e "$BNSL_DATA/monolayer.tif" ] || cp "$BNSL_DATA/monolayer.tif" .
}

run_commands() { # page
    commands "$1" >"$tmp/found"
    [ -s "$tmp/found" ] || {
        echo "no commands in EXAMPLES"
        return 1
    }
    shorten <"$tmp/found" | grep -v '^bnsl demo' | without_pictures >"$tmp/commands"
    rm -rf "$tmp/place" && cp -r "$tmp/fixtures" "$tmp/place"
    while read -r line; do
        (cd "$tmp/place" && sh -c "$line" </dev/null 2>stderr) || {
            grep 'which this build has not' "$tmp/place/stderr" && continue
            cat "$tmp/place/stderr"
            echo "this failed: $line"
            return 1
        }
    done <"$tmp/commands"
}

mkdir "$tmp/fixtures"
if (cd "$tmp/fixtures" && fixtures) >"$tmp/log" 2>&1; then
    for page in "$src"/man/man1/*.1 "$src"/man/man7/*.7; do
        section=${page##*.}
        check "man$section/$(basename "$page")" run_commands "$page"
    done
else
    tail -n 30 "$tmp/log"
    echo "FAIL the files that examples work on"
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
