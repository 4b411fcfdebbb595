#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The exported names: functions declared in the public headers = names in libbnsl.map = names that libbnsl.so exports.
# Also: every global symbol of the archive has the library's prefix, and the library calls nothing that prints, ends the
# process or changes a setting of its host.
# Usage: [SRCDIR=...] [BUILDDIR=...] [NM=nm] tests/lint/symbols.sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
src=${SRCDIR:-$here/../..}
build=${BUILDDIR:-$src}
nm=${NM:-nm}
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
fail() {
    printf 'FAIL symbols: %s\n' "$1"
    failed=1
}
one_line() { tr '\n' ' ' <"$1"; }

sh "$here/make_map.sh" "$src" >"$tmp/map"
cmp -s "$tmp/map" "$src/libbnsl/libbnsl.map" || {
    diff "$src/libbnsl/libbnsl.map" "$tmp/map" | sed -n 's/^[<>] */&/p' >"$tmp/diff" || true
    fail "libbnsl.map is not that of the headers (make map-update): $(one_line "$tmp/diff")"
}
sed -n 's/^    \(bnsl_.*\);$/\1/p' "$tmp/map" >"$tmp/declared"

if [ -e "$build/libbnsl.so" ]; then
    "$nm" -D --defined-only "$build/libbnsl.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$tmp/exported"
    comm -23 "$tmp/declared" "$tmp/exported" >"$tmp/missing"
    comm -13 "$tmp/declared" "$tmp/exported" >"$tmp/extra"
    [ ! -s "$tmp/missing" ] || fail "declared but not exported: $(one_line "$tmp/missing")"
    [ ! -s "$tmp/extra" ] || fail "exported but not declared: $(one_line "$tmp/extra")"
    # abort: core/gsl_guard.c keeps GSL's default behaviour for errors of the host's own GSL calls.
    "$nm" -D --undefined-only "$build/libbnsl.so" | awk '{ sub(/@.*/, "", $2); print $2 }' | sort -u |
        grep -x -E '(__)?v?(printf|puts|putchar|perror|psignal)(_chk)?|stdout|stderr|_?exit|_Exit|quick_exit|atexit|__assert_fail|s?rand(om)?|[dels]rand48|setlocale|uselocale|signal|sigaction|strto[dfl]d?|ato[filq]|system|popen|putenv|(un)?setenv|fesetround|fesetenv|gsl_set_error_handler_off|omp_set_.*' \
            >"$tmp/forbidden" || true
    [ ! -s "$tmp/forbidden" ] || fail "a library must not use: $(one_line "$tmp/forbidden")"
fi
if [ -e "$build/libbnsl.a" ]; then
    "$nm" -g --defined-only "$build/libbnsl.a" | awk 'NF == 3 && $3 !~ /^bnsl_/ { print $3 }' | sort -u >"$tmp/unprefixed"
    [ ! -s "$tmp/unprefixed" ] || fail "global symbols without the prefix bnsl_ or bnsl__: $(one_line "$tmp/unprefixed")"
fi
[ "$failed" -eq 0 ] && echo "ok symbols"
exit "$failed"
