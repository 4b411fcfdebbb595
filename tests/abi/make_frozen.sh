#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints tests/abi/frozen.c: what the public headers promise now, as static assertions. Run it when the interface changes on
# purpose (make frozen), and commit the result with the change.
# Usage: [CC=cc] tests/abi/make_frozen.sh SRCDIR BUILDDIR      (BUILDDIR holds the configured include/bnsl/version.h)
set -eu
src=${1:-$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)}
build=${2:-$src}
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
modules='core box potential lattice neighbor md order saxs io'
for header in "$src"/include/bnsl/*.h; do # in the order of the layers, then those not named here
    m=${header##*/} m=${m%.h}
    case " $modules bnsl version " in *" $m "*) ;; *) modules="$modules $m" ;; esac
done

# Declarations of a header, one a line, without comments, preprocessor lines and line breaks.
declarations() {
    awk '
    { line = line " " $0 }
    $0 !~ /\\$/ { if (line !~ /^ *#/) text = text line; line = "" }
    END {
        while ((i = index(text, "/*")) > 0) { rest = substr(text, i); text = substr(text, 1, i - 1) " " substr(rest, index(rest, "*/") + 2) }
        gsub(/extern "C" \{/, "", text); gsub(/[ \t]+/, " ", text)
        for (i = 1; i <= length(text); i++) {
            c = substr(text, i, 1)
            if (c == "{") depth++
            if (c == "}") depth--
            out = out c
            if (c == ";" && depth <= 0) { sub(/^[ }]*/, "", out); print out; out = "" }
        }
    }' "$1"
}

# C program that prints one section: functions from the text, numbers of constants and layouts from the compiler.
section() {
    awk -v module="$1" '
    function quote(s) { gsub(/"/, "\\\"", s); return s }
    function emit(s) { printf "    puts(\"%s\");\n", quote(s) }
    function trim(s) { gsub(/^ +| +$/, "", s); return s }
    function arguments(s,   n, i, a, out) { # without the names of the parameters
        if (s == "void") return s
        n = split(s, a, ",")
        for (i = 1; i <= n; i++) { a[i] = trim(a[i]); sub(/[A-Za-z_0-9]+$/, "", a[i]); out = out (i > 1 ? ", " : "") trim(a[i]) }
        return out
    }
    BEGIN { emit(""); emit("/* ---- " module " ---- */") }
    /^typedef struct [a-z_0-9]+ \{/ {
        name = $3; body = $0; sub(/^[^{]*\{/, "", body); sub(/\}[^}]*$/, "", body)
        n = split(body, member, ";")
        for (i = 1; i <= n; i++) {
            member[i] = trim(member[i]); if (member[i] == "") continue
            k = split(member[i], item, ",")
            type = item[1]; sub(/ [^ ]*$/, "", type)
            for (j = 1; j <= k; j++) {
                field = trim(item[j]); sub(/^.* /, "", field); sub(/\[[A-Za-z_0-9]+\]$/, "[0]", field)
                printf "    printf(\"FIELD(%s, %s, %s, %%zu);\\n\", offsetof(%s, %s));\n", name, field, type, name, field
            }
        }
        printf "    printf(\"SIZE(%s, %%zu);\\n\", sizeof(%s));\n", name, name
        next
    }
    /^typedef .*\(\*[a-z_0-9]+\)/ {
        name = $0; sub(/^[^*]*\(\*/, "", name); sub(/\).*/, "", name)
        result = $0; sub(/^typedef /, "", result); sub(/ ?\(\*.*/, "", result)
        list = $0; sub(/^[^*]*\(\*[a-z_0-9]+\)\(/, "", list); sub(/\);$/, "", list)
        emit("CALLBACK(" name ", " result ", (" arguments(list) "));")
        next
    }
    /^enum/ {
        body = $0; sub(/^[^{]*\{/, "", body); sub(/\}.*$/, "", body)
        n = split(body, item, ",")
        for (i = 1; i <= n; i++) {
            name = trim(item[i]); sub(/ *=.*/, "", name)
            if (name ~ /^BNSL_[A-Z0-9_]+$/ && name !~ /^BNSL_STATUS_/) printf "    printf(\"VALUE(%s, %%d);\\n\", (int)%s);\n", name, name
        }
        next
    }
    /^BNSL_API / {
        name = $0; sub(/\(.*/, "", name); result = name; sub(/^.*[ *]/, "", name)
        sub(/^BNSL_API /, "", result); result = trim(substr(result, 1, length(result) - length(name)))
        list = $0; sub(/^[^(]*\(/, "", list); sub(/\);$/, "", list)
        emit("FUNCTION(" name ", " result ", (" arguments(list) "));")
    }'
}

{
    printf '#include <stdio.h>\n#include <bnsl/bnsl.h>\nint main(void)\n{\n'
    for m in $modules; do
        declarations "$src/include/bnsl/$m.h" >"$tmp/declarations"
        [ "$m" != core ] || printf '    puts("\\n/* ---- status codes ---- */");\n#define P(name, number, text) puts("VALUE(" #name ", " #number ");");\n    BNSL_STATUS_LIST(P)\n#undef P\n'
        section "$m" <"$tmp/declarations"
    done
    printf '    return 0;\n}\n'
} >"$tmp/print.c"
${CC:-cc} -I"$build/include" -I"$src/include" -o "$tmp/print" "$tmp/print.c"

cat <<'HEAD'
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The binary interface, frozen: this file compiles only while every public constant has its number, every public struct its
 * layout and every public function its type. Written by tests/abi/make_frozen.sh; until 1.0 a change here belongs to the
 * commit that changes the interface, from 1.0 on lines are only added. No struct has padding that a 32-bit compiler would
 * lay out in another way, so the numbers hold everywhere.
 */
#include <stddef.h>

#include <bnsl/bnsl.h>

#define VALUE(name, number) _Static_assert((name) == (number), #name)
#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#define FIELD(type, field, field_type, offset) \
    _Static_assert(offsetof(type, field) == (offset) && _Generic(((type *)0)->field, field_type: 1, default: 0), #type "." #field)
#define FUNCTION(name, result, arguments) _Static_assert(_Generic(&name, result(*) arguments: 1, default: 0), #name)
#define CALLBACK(name, result, arguments) _Static_assert(_Generic((name)0, result(*) arguments: 1, default: 0), #name)
HEAD
"$tmp/print"
