#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The programs in the EXAMPLES of the manual's section 3: each page has one, which compiles without a warning and runs.
# Usage: tests/install/man_examples.sh [SRCDIR [BUILDDIR]]
set -u
export LC_ALL=C
src=$(CDPATH='' cd -- "${1:-$(dirname -- "$0")/../..}" && pwd)
build=$(CDPATH='' cd -- "${2:-$src}" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

config() { sed -n "s/^$1 *:= *//p" "$build/config.mk"; }
cc=$(config CC)
flags="$(config CFLAGS) $(config LDFLAGS)"
if [ -e "$build/libbnsl.so" ]; then
    libs="-L$build -lbnsl -Wl,-rpath,$build"
else
    libs="$build/libbnsl.a $(config OPENMP_CFLAGS) $(config DEPS_LIBS)"
fi

# The literal display of EXAMPLES, without mdoc's escapes.
program() {
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh ERRORS/p' "$1" | sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.[BE]d/d;p;}' | sed 's/\\&//g; s/\\-/-/g; s/\\e/\\/g'
}

# shellcheck disable=SC2086 # words of flags
check() { # page
    program "$1" >"$tmp/example.c"
    grep -q '^int main(' "$tmp/example.c" || {
        echo "no program in EXAMPLES"
        return 1
    }
    ${cc:-cc} -std=c11 -Wall -Werror "-I$src/include" "-I$build/include" -o "$tmp/example" $flags "$tmp/example.c" $libs -lm &&
        (cd "$tmp" && ./example)
}

for page in "$src"/man/man3/*.3; do
    name=man3/$(basename "$page")
    if check "$page" >"$tmp/log" 2>&1; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        tail -n 30 "$tmp/log"
        echo "FAIL $name"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
