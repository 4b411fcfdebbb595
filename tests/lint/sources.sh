#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Form of the sources: a licence line, a readable length and width, no tabs or trailing blanks, nothing unfinished, no path of
# anybody's machine.
# Usage: [SRCDIR=...] tests/lint/sources.sh
set -eu
cd "${SRCDIR:-$(dirname -- "$0")/../..}"
export LC_ALL=C
report=$(mktemp)
trap 'rm -f "$report"' EXIT
complain() { head -n 10 | sed "s|^|FAIL sources: $1: |" >>"$report"; } # lines on standard input, at most ten of each kind
existing() { for f in "$@"; do [ ! -e "$f" ] || printf '%s\n' "$f"; done; }
found() { find "$@" ! -path 'tests/data/*' ! -path include/bnsl/version.h 2>/dev/null | sort; } # from folders that may be absent

programs=$(existing Makefile configure.ac bootstrap .ci/run)
code=$(found include libbnsl tools bindings tests bench examples \( -name '*.[ch]' -o -name '*.h.in' -o -name '*.py' -o -name '*.f90' -o -name '*.cc' -o -name '*.sh' \))
man=$(found man -name '*.[1-9]')
text=$(existing README NEWS CONTRIBUTING bench/README bindings/python/README examples/README pkgconfig/bnsl.pc.in config.mk.in .clang-format .gitignore libbnsl/libbnsl.map)

# shellcheck disable=SC2086 # lists of names without blanks
{
    grep -L 'SPDX-License-Identifier: GPL-3.0-or-later' $programs $code $man | complain 'no licence line'
    printf '%s\n' $code | grep -E '^(libbnsl|tools|bindings)/' | grep -v /_ffi.py | xargs wc -l | awk '$2 != "total" && $1 > 700 { print $2, "has", $1 }' | complain 'more than 700 lines'
    # Scripts have lines of awk, and two files are generated.
    printf '%s\n' $code | grep -v -E '[.]sh$|/_ffi.py|tests/abi/frozen.c' |
        xargs awk 'length($0) > 150 { print FILENAME ":" FNR }' | complain 'more than 150 columns'
    grep -n "$(printf '\t')" $code $text | complain 'a tab'
    grep -n -E '[[:blank:]]$' $programs $code $man $text | complain 'a trailing blank'
    grep -n -E '(^|[^A-Za-z])(TO''DO|FIX''ME|XX''X)([^A-Za-z]|$)' $programs $code $man $text | complain 'unfinished'
    grep -n -E '(^|[^A-Za-z0-9_.~$})])/(work|home|root|Users)/' $programs $code $man $text | complain 'a path of one machine'
} || true
cat "$report"
[ ! -s "$report" ] || exit 1
echo "ok sources"
