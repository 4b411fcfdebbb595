#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The README tells the truth: its example commands run in order in an empty folder, and its C program compiles without a
# warning and prints what the README says.
. "$SRCDIR/tests/cli/lib.sh"
build=$(dirname -- "$BNSL")
PATH=$build:$PATH
readme=$SRCDIR/README

sed -n 's/^    \(bnsl .*\)$/\1/p' "$readme" >commands
expect_equal "README has examples" "$(awk 'END { print (NR >= 6) }' commands)" 1
[ -n "$(sed -n 's/^CAIRO_LIBS *:= *//p' "$build/config.mk")" ] || sed -i '/^bnsl render/d; s/ -o [^ ]*[.]png//g' commands # a build without pictures
grep -q '^IMAGE_CFLAGS.*HAVE_PNG' "$build/config.mk" || sed -i '/^bnsl tem/d' commands # nor one that reads PNG
ln -s "$SRCDIR/tests" tests # in which the README's reader is
while read -r line; do
    run sh -c "$line"
    expect_status "$line" 0
done <commands

# Its program, and the lines after "prints" that it is said to print.
sed -n '/^    #include/,/^    }$/s/^    //p' "$readme" >program.c
# shellcheck disable=SC2046 # words of flags
run ${CC:-cc} -std=c11 -pedantic -Wall -Wextra -Werror -I"$build/include" -I"$SRCDIR/include" -o program program.c -L"$build" -Wl,-rpath,"$build" \
    $(PKG_CONFIG_PATH=$build/pkgconfig pkg-config --static --libs bnsl)
expect_status "the C program compiles" 0
run ./program
expect_status "the C program runs" 0
expect_equal "the C program prints what README says" "$(cat out)" "$(sed -n '/^prints$/,/^and is built/s/^    //p; /^and is built/q' "$readme")"
finish
