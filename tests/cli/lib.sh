# SPDX-License-Identifier: GPL-3.0-or-later
# Helpers for the tests of the program; every script starts with: . "$SRCDIR/tests/cli/lib.sh" and ends with: finish
# In the environment: BNSL (the program), JSONGET (tests/jsonget), SRCDIR. The working directory is private and empty.
#
#   run COMMAND...          runs it; afterwards: $status, files out and err
#   ok NAME / bad NAME WHY  counts a result
#   expect_status NAME S    the last run ended with status S
#   expect_line NAME TEXT   a line of out holds the text;  expect_error: of err
#   expect_file NAME FILE   FILE exists and is not empty;  expect_no_file
#   expect_equal NAME A B   two texts are the same
#   expect_close NAME A B R two numbers agree to a relative R
#   expect_one_line NAME    err is one line (what a failing command says)
#   json PATH               prints that part of out, which must be JSON ("reflections.0.q", "frames.#" for the number)
#   expect_json NAME PATH WANTED     that part is the text WANTED
#   expect_json_close NAME PATH WANTED R
#   expect_keys NAME KEY... out has all these keys
export LC_ALL=C
n_passed=0
n_failed=0

ok() { n_passed=$((n_passed + 1)); echo "ok $1"; }
bad() { n_failed=$((n_failed + 1)); echo "FAIL $1: $2"; }
finish() { echo "$n_passed passed, $n_failed failed"; [ "$n_failed" = 0 ]; exit; }

run() {
    status=0
    "$@" >out 2>err </dev/null || status=$?
}

expect_equal() { if [ "x$2" = "x$3" ]; then ok "$1"; else bad "$1" "got '$2', wanted '$3'"; fi; }

expect_status() {
    if [ "$status" = "$2" ]; then ok "$1"; else bad "$1" "exit status $status, wanted $2; stderr: $(head -c 400 err)"; fi
}

expect_line() { if grep -qF -e "$2" out; then ok "$1"; else bad "$1" "no '$2' in: $(head -c 400 out)"; fi; }
expect_error() { if grep -qF -e "$2" err; then ok "$1"; else bad "$1" "no '$2' in: $(head -c 400 err)"; fi; }
expect_one_line() {
    lines=$(wc -l <err)
    if [ "$lines" -eq 1 ]; then ok "$1"; else bad "$1" "$lines lines on stderr: $(head -c 400 err)"; fi
}

expect_file() { if [ -s "$2" ]; then ok "$1"; else bad "$1" "no file $2"; fi; }
expect_no_file() { if [ ! -e "$2" ]; then ok "$1"; else bad "$1" "there is a file $2"; fi; }

# NaN and texts that are no numbers are never close.
expect_close() {
    if awk -v a="$2" -v b="$3" -v r="$4" 'BEGIN {
            number = "^-?[0-9]+[.]?[0-9]*([eE][-+]?[0-9]+)?$"
            if (a !~ number || b !~ number) exit 1
            d = a - b; if (d < 0) d = -d; m = b < 0 ? -b : b; exit !(d <= r * m) }'; then
        ok "$1"
    else
        bad "$1" "got $2, wanted $3 within $4"
    fi
}

json() { "$JSONGET" out "$1"; }
expect_json() { expect_equal "$1" "$(json "$2" 2>&1)" "$3"; }
expect_json_close() { expect_close "$1" "$(json "$2" 2>&1)" "$3" "$4"; }
expect_keys() {
    keys_name=$1
    shift
    missing=
    for key in "$@"; do json "$key" >/dev/null 2>&1 || missing="$missing $key"; done
    expect_equal "$keys_name" "$missing" ""
}
