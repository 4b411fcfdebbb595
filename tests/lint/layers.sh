#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The #include rule. A file of a module includes its own folder's headers, core_internal.h, and public headers of its own
# or a lower layer; a public header includes <stdint.h>, <stddef.h> and public headers of lower layers alone; the program,
# the benchmarks and the examples see the library as any other user would, through its public headers.
# Usage: [SRCDIR=...] tests/lint/layers.sh
set -eu
cd "${SRCDIR:-$(dirname -- "$0")/../..}"
export LC_ALL=C

# shellcheck disable=SC2046 # none of these names has blanks
awk '
function bad(why) { printf "FAIL layers: %s:%d: %s\n", FILENAME, FNR, why; failed = 1 }
function exists(path,   line, found) { found = (getline line < path) >= 0; close(path); return found }
BEGIN { # module, layer in tenths; box stands below the other modules of layer 1: a supercell is a box
    n = split("version 0  core 1  box 10  potential 11  lattice 11  neighbor 20  md 30  order 30  saxs 30  io 30  free_energy 40", word, " ")
    for (i = 1; i < n; i += 2) layer[word[i]] = word[i + 1]
}
FNR == 1 {
    split(FILENAME, part, "/")
    kind = part[1]
    folder = FILENAME; sub(/\/[^\/]*$/, "", folder)
    module = kind == "include" ? part[3] : part[2]; sub(/\.h.*$/, "", module)
    umbrella = kind == "include" && module == "bnsl"
    if ((kind == "libbnsl" || kind == "include") && !umbrella && !(module in layer)) bad("module " module " has no layer in tests/lint/layers.sh")
}
/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
    quoted = $0 ~ /include[ \t]*"/
    name = $0; sub(/^[^<"]*[<"]/, "", name); sub(/[>"].*$/, "", name)
    public = name ~ /^bnsl\//
    other = name; sub(/^bnsl\//, "", other); sub(/\.h$/, "", other)
    below = (other in layer) && layer[other] < layer[module]
    if (public && quoted) bad("write <" name ">")
    if (kind == "include") {
        if (public && !umbrella && !below) bad(module ".h includes " name ", which is not of a lower layer")
        if (!public && name != "stdint.h" && name != "stddef.h") bad("a public header includes " name)
    } else if (kind == "libbnsl") {
        if (public && other != module && !below) bad(module " includes " name ", which is not of a lower layer")
        if (quoted && name != "core_internal.h" && !exists(folder "/" name)) bad("\"" name "\" is not a header of " module)
        if (FILENAME ~ /\.h$/ && (name ~ /^gsl\// || name ~ /^fftw3/)) bad("a header includes " name)
    } else if (quoted && name ~ /_internal\.h$/ && !exists(folder "/" name)) bad("includes the internal header " name)
}
END { if (!failed) print "ok layers"; exit failed }
' $(find include/bnsl libbnsl tools bench examples \( -name '*.[ch]' -o -name '*.cc' -o -name '*.h.in' \) 2>/dev/null | sort)
