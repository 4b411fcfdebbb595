#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the comparisons with other programs, each in a private working directory with BNSL, SRCDIR, BUILDDIR and JSONGET set.
# A script that ends with 77 is skipped: its peer is not installed, its last line says what is missing.
# usage: tests/peers/run.sh SRCDIR BUILDDIR
srcdir=$(cd "$1" && pwd) && build=$(cd "$2" && pwd) || exit 1
OMP_WAIT_POLICY=${OMP_WAIT_POLICY-passive}
export OMP_WAIT_POLICY
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
for script in "$srcdir"/tests/peers/*.sh; do
    name=$(basename "$script" .sh)
    [ "$name" = run ] && continue
    mkdir "$work/$name"
    (cd "$work/$name" && BNSL=$build/bnsl SRCDIR=$srcdir BUILDDIR=$build JSONGET=$build/tests/jsonget exec sh "$script") >"$work/$name.log" 2>&1
    case $? in
    0) passed=$((passed + 1)) && grep '^ok' "$work/$name.log" && echo "ok peers/$name" ;;
    77) skipped=$((skipped + 1)) && echo "SKIP peers/$name: $(tail -n 1 "$work/$name.log")" ;;
    *)
        failed=$((failed + 1))
        tail -n 60 "$work/$name.log"
        echo "FAIL peers/$name"
        ;;
    esac
done
echo "peers: $passed passed, $skipped skipped, $failed failed"
[ "$failed" = 0 ]
