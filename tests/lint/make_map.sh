#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the linker's version script: every function that the public headers declare with BNSL_API, sorted.
# Usage: tests/lint/make_map.sh [SRCDIR] > libbnsl/libbnsl.map     (or: make map-update)
set -eu
src=${1:-$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)}
export LC_ALL=C
printf 'LIBBNSL_0.1 {\n  global:\n'
sed -n 's/^BNSL_API .*[ *]\(bnsl_[A-Za-z0-9_]*\)(.*/\1/p' "$src"/include/bnsl/*.h | sort -u | sed 's/.*/    &;/'
printf '  local: *;\n};\n'
