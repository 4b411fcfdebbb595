#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual: well-formed pages that refer to each other; a page for each command with each of its options; a page for each public header with each
# of its functions, and no function that does not exist; the same functions in the Python binding.
# Usage: [SRCDIR=...] [BUILDDIR=...] tests/lint/man.sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
src=${SRCDIR:-$here/../..}
bnsl=${BUILDDIR:-$src}/bnsl
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
: >"$tmp/report"
complain() { printf 'FAIL man: %s\n' "$*" >>"$tmp/report"; }
command -v mandoc >/dev/null || {
    echo "man: skipped, mandoc is not installed"
    exit 0
}

mandoc -T lint -W warning "$src"/man/man*/*.[1-9] >"$tmp/lint" || true
sed 's/^mandoc: /FAIL man: /' "$tmp/lint" >>"$tmp/report"

# No page refers to one that there is not.
sed -n 's/^\.Xr \([A-Za-z0-9_-]*\) \([1-9]\).*/\1.\2/p' "$src"/man/man*/*.[1-9] | sort -u | grep '^bnsl' | while read -r page; do
    [ -e "$src/man/man${page##*.}/$page" ] || complain "there is no page $page, to which others refer"
done

# Commands and options, as the program itself lists them.
plain() { mandoc -T ascii "$1" | sed "s/.$(printf '\b')//g"; }
listed() { "$bnsl" "$@" --help | sed -n '/^[a-z ]*options:$/q; s/^  \([a-z][a-z]*\( [a-z][a-z]*\)*\)\(  .*\)*$/\1/p'; }
check_options() { # page, command...
    page=$1
    shift
    "$bnsl" "$@" --help | sed -n 's/^  \(-o, \)\{0,1\}\(--[A-Za-z-]*\).*/\2/p' | grep -v -x -e --help | while read -r option; do
        grep -q -e "$option\([^A-Za-z-]\|$\)" "$tmp/page" || complain "$page does not describe $option of bnsl $*"
    done
}
[ -e "$src/man/man1/bnsl.1" ] || complain "there is no man/man1/bnsl.1"
for command in $(listed); do
    page=man/man1/bnsl-$command.1
    [ -e "$src/$page" ] || {
        complain "there is no $page"
        continue
    }
    grep -q "^\.It Ic $command\$" "$src/man/man1/bnsl.1" || complain "man/man1/bnsl.1 does not list $command"
    grep -q "^\.Xr bnsl-$command 1" "$src/man/man1/bnsl.1" || complain "man/man1/bnsl.1 does not refer to bnsl-$command(1)"
    plain "$src/$page" >"$tmp/page"
    if "$bnsl" "$command" --help | grep -q "^usage: bnsl $command COMMAND"; then
        listed "$command" | while read -r _ subcommand; do check_options "$page" "$command" "$subcommand"; done
    else
        check_options "$page" "$command"
    fi
done

# Headers and functions.
sh "$here/make_map.sh" "$src" | sed -n 's/^    \(bnsl_.*\);$/\1/p' >"$tmp/declared"
cat "$src"/man/man3/*.3 2>/dev/null | sed -n 's/^\.F[on] "\{0,1\}\([A-Za-z_0-9]*\).*/\1/p' | sort -u >"$tmp/described"
missing=$(comm -23 "$tmp/declared" "$tmp/described" | tr '\n' ' ')
unknown=$(comm -13 "$tmp/declared" "$tmp/described" | grep '^bnsl_' | tr '\n' ' ') || true
[ -z "$missing" ] || complain "no page in section 3 describes $missing"
[ -z "$unknown" ] || complain "no header declares what section 3 describes: $unknown"
for header in "$src"/include/bnsl/*.h; do
    module=${header##*/} module=${module%.h}
    case $module in bnsl | version) continue ;; esac
    [ -e "$src/man/man3/bnsl_$module.3" ] || complain "there is no man/man3/bnsl_$module.3"
done

# The version of checkpoints.
version=$(sed -n 's/^enum { VERSION = \([0-9]*\),.*/\1/p' "$src/libbnsl/md/checkpoint.c")
grep -q "^u32 *version, $version\$" "$src/man/man5/bnsl-assembly.5" ||
    complain "man/man5/bnsl-assembly.5 has another version of checkpoints than checkpoint.c, $version"

# The Python binding, where there is one.
ffi=$src/bindings/python/bnsl/_ffi.py
if [ -e "$ffi" ]; then
    grep -o "['\"]bnsl_[a-z0-9_A-Z]*['\"]" "$ffi" | tr -d "\"'" | sort -u >"$tmp/bound"
    unbound=$(comm -23 "$tmp/declared" "$tmp/bound" | tr '\n' ' ')
    [ -z "$unbound" ] || complain "bindings/python/bnsl/_ffi.py lacks $unbound"
fi

if [ -s "$tmp/report" ]; then
    head -n 40 "$tmp/report"
    exit 1
fi
echo "ok man"
