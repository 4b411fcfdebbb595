# SPDX-License-Identifier: GPL-3.0-or-later
# What run.sh and man_examples.sh share; $build is the folder of the build, $label goes before the names.
# shellcheck shell=sh
passed=0 failed=0

config() { sed -n "s/^$1 *:= *//p" "$build/config.mk"; }
check() { # name, command...: runs it and counts it; its output is shown only when it fails
    check_name=$label$1
    shift
    if "$@" >"$tmp/log" 2>&1; then
        echo "ok $check_name"
        passed=$((passed + 1))
    else
        tail -n 30 "$tmp/log"
        echo "FAIL $check_name: $*"
        failed=$((failed + 1))
    fi
}
