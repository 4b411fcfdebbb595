#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/abi/frozen.c names everything that the public headers declare; that it compiles is checked by the build itself.
# Usage: [SRCDIR=...] [BUILDDIR=...] [CC=cc] tests/lint/frozen.sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
src=${SRCDIR:-$here/../..}
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
sh "$here/../abi/make_frozen.sh" "$src" "${BUILDDIR:-$src}" >"$tmp"
cmp -s "$tmp" "$src/tests/abi/frozen.c" && echo "ok frozen" && exit 0
echo "FAIL frozen: tests/abi/frozen.c is not that of the headers; if the change is meant: make frozen, and a line in NEWS:"
diff "$src/tests/abi/frozen.c" "$tmp" | head -n 20
exit 1
