#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs test programs, each in a private directory, and prints their closing lines. TEST_ENV: a command put in front (valgrind -q ...).
# usage: run_unit.sh SRCDIR PROGRAM...
srcdir=$(cd "$1" && pwd) || exit 1
shift
build=$(pwd)
# Threads that wait sleep: on a machine with other work, spinning ones would stop each other.
OMP_WAIT_POLICY=${OMP_WAIT_POLICY-passive}
export OMP_WAIT_POLICY
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
for program in "$@"; do
    name=${program##*/}
    mkdir "$work/$name"
    case $name in
        fuzz_*) set -- "$srcdir/tests/fuzz/corpus/${name#fuzz_}" ;;
        *) set -- ;;
    esac
    if (cd "$work/$name" && exec ${TEST_ENV-} "$build/$program" "$@") >"$work/$name.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $name: $(grep -E 'PASSED|passed' "$work/$name.log" | tail -n 1)"
    else
        failed=$((failed + 1))
        grep -v -E '^\[ RUN  |^\[       OK' "$work/$name.log" | tail -n 60
        echo "FAIL $name"
    fi
    left=$(ls "$work/$name")
    if [ -n "$left" ]; then
        failed=$((failed + 1))
        echo "FAIL $name left files behind: $left"
    fi
done
echo "unit: $passed passed, $failed failed"
[ "$failed" = 0 ]
