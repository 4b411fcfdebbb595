#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs test programs, each in a private directory, TEST_JOBS of them at a time (one by itself), and prints their closing lines. TEST_ENV: a
# command put in front (valgrind -q ...).
# usage: run_unit.sh SRCDIR PROGRAM...
srcdir=$(cd "$1" && pwd) || exit 1
shift
build=$(pwd)
jobs=${TEST_JOBS:-1}
# Threads that wait sleep: on a machine with other work, spinning ones would stop each other.
OMP_WAIT_POLICY=${OMP_WAIT_POLICY-passive}
export OMP_WAIT_POLICY
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

run() { # PROGRAM: a line in $work/passed or $work/failed for each result
    name=${1##*/}
    mkdir "$work/$name"
    case $name in
        fuzz_*) set -- "$1" "$srcdir/tests/fuzz/corpus/${name#fuzz_}" ;;
    esac
    if (cd "$work/$name" && program=$build/$1 && shift && exec ${TEST_ENV-} "$program" "$@") >"$work/$name.log" 2>&1; then
        echo "$name" >>"$work/passed"
        echo "ok $name: $(grep -E 'PASSED|passed' "$work/$name.log" | tail -n 1)"
    else
        echo "$name" >>"$work/failed"
        grep -v -E '^\[ RUN  |^\[       OK' "$work/$name.log" | tail -n 60
        echo "FAIL $name"
    fi
    left=$(ls "$work/$name")
    if [ -n "$left" ]; then
        echo "$name" >>"$work/failed"
        echo "FAIL $name left files behind: $left"
    fi
}

share() { # WORKER PROGRAM...: every jobs-th program
    k=$1
    shift
    for program in "$@"; do
        k=$((k + 1))
        if [ $((k % jobs)) -eq 0 ]; then run "$program"; fi
    done
}

: >"$work/passed"
: >"$work/failed"
worker=0
while [ $worker -lt "$jobs" ]; do
    share $worker "$@" &
    worker=$((worker + 1))
done
wait
passed=$(awk 'END { print NR }' "$work/passed")
failed=$(awk 'END { print NR }' "$work/failed")
echo "unit: $passed passed, $failed failed"
[ "$failed" = 0 ]
