#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The Python package: _ffi.py is that of the headers, the readable layer calls every function of them or says why not, and every file compiles.
# Usage: [SRCDIR=...] tests/lint/python.sh
set -eu
src=${SRCDIR:-$(dirname -- "$0")/../..}
python=${PYTHON:-python3}
command -v "$python" >/dev/null || {
    echo "python: skipped, there is no $python"
    exit 0
}
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
generate=$src/bindings/python/generate_ffi.py
{
    "$python" "$generate" --check "$src" || true
    "$python" "$generate" --missing "$src" || true
    find "$src/bindings" "$src/tests" "$src/examples" -name '*.py' 2>/dev/null | sort | "$python" -c '
import ast, sys
for name in sys.stdin.read().split():
    try:
        ast.parse(open(name, encoding="utf-8").read(), name, feature_version=(3, 9))
    except SyntaxError as error:
        print(f"{name}: {error}")
    for number, line in enumerate(open(name, encoding="utf-8"), 1):
        if len(line) > 151 and not name.endswith("_ffi.py"):
            print(f"{name}:{number}: a line of {len(line) - 1} characters")
' || true
} >"$tmp" 2>&1
[ -s "$tmp" ] || { echo "ok python" && exit 0; }
sed 's/^/FAIL python: /' "$tmp"
exit 1
