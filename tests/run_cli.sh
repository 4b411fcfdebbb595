#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the tests of the program, each in a private working directory with BNSL, SRCDIR and JSONGET set.
# usage: run_cli.sh SRCDIR SCRIPT...
srcdir=$(cd "$1" && pwd) || exit 1
shift
build=$(pwd)
# Threads that wait sleep: on a machine with other work, spinning ones would stop each other.
OMP_WAIT_POLICY=${OMP_WAIT_POLICY-passive}
export OMP_WAIT_POLICY
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
for script in "$@"; do
    name=$(basename "$script" .sh)
    [ "$name" = lib ] && continue
    mkdir "$work/$name"
    if (cd "$work/$name" && BNSL=$build/bnsl SRCDIR=$srcdir JSONGET=$build/tests/jsonget BNSL_DATA=$srcdir/tests/data/saxs \
            exec sh "$srcdir/$script") >"$work/$name.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok cli/$name: $(tail -n 1 "$work/$name.log")"
    else
        failed=$((failed + 1))
        grep -v '^ok' "$work/$name.log" | tail -n 60
        echo "FAIL cli/$name"
    fi
done
echo "cli: $passed passed, $failed failed"
[ "$failed" = 0 ]
