#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What holds for the whole program: version, help, wrong use, exit statuses, files that are not overwritten.
. "$SRCDIR/tests/cli/lib.sh"

# Names in a list of commands: lines "  name   text" or a name alone on its line.
names_in() { sed -n 's/^  \([a-z][a-z]*\( [a-z][a-z]*\)*\)\(  .*\)\{0,1\}$/\1/p' "$1"; }

run "$BNSL" --version
expect_status "--version" 0
expect_equal "--version is one line" "$(grep -c '^bnsl [0-9]*\.[0-9]*\.[0-9]*$' out)" 1
run "$BNSL" --help
expect_status "--help" 0
names_in out >commands
expect_equal "--help lists the commands" "$(grep -cxE 'assemble|lattice|order|potential|render|saxs|sq|steinhardt|convert|demo' commands)" 10

run "$BNSL"
expect_status "no command" 2
run "$BNSL" latice
expect_status "unknown command" 2
expect_error "unknown command: the nearest" "'lattice'"
run "$BNSL" --versoin
expect_status "unknown option of the program" 2
expect_error "unknown option of the program: the nearest" "--version"

# Every command and subcommand: help, and an unknown option.
while read -r command; do
    run "$BNSL" $command --help
    expect_status "$command --help" 0
    expect_line "$command --help says how it is used" "usage: bnsl $command "
    if grep -q "^usage: bnsl $command COMMAND" out; then
        names_in out >>subcommands
    else
        echo "$command" >>subcommands
    fi
done <commands
while read -r command; do
    run "$BNSL" $command --help
    expect_status "$command: help" 0
    expect_line "$command: help has --quiet" "--quiet"
    expect_equal "$command: lines of help" "$(awk 'length($0) > 110' out)" ""
    first=$(sed -n 's/^  --\([a-z][a-z-]*\).*/\1/p' out | awk 'length($0) >= 4' | head -n 1)
    run "$BNSL" $command "--${first}x" 1
    expect_status "$command: unknown option" 2
    expect_error "$command: unknown option: the nearest" "the nearest known one is --$first"
    expect_equal "$command: wrong use prints nothing on stdout" "$(cat out)" ""
    expect_error "$command: messages name the command" "bnsl $command: "
    name=$(echo "$command" | tr ' ' '-')
    page=$SRCDIR/man/man1/bnsl-${name%%-*}.1
    expect_file "$command: manual page" "$page"
    # Every long option of the help is in the manual page, or in that of the program when it is a common one.
    missing=$("$BNSL" $command --help | sed -n 's/^  \(-o, \)\{0,1\}--\([a-z][A-Za-z0-9-]*\).*/\2/p' | while read -r option; do
        grep -qs "Fl -$option\b" "$page" "$SRCDIR/man/man1/bnsl.1" || echo "$option"
    done)
    expect_equal "$command: options in the manual" "$missing" ""
done <subcommands

# Numbers and their ranges; = and -- work.
run "$BNSL" lattice AlB2 --a nonsense
expect_status "no number" 2
expect_error "no number: what" "'nonsense' is not a number"
run "$BNSL" lattice AlB2 --a -1
expect_status "out of range" 2
expect_error "out of range: what is allowed" "> 0"
run "$BNSL" lattice AlB2
expect_status "a required option" 2
expect_error "a required option is named" "--a "
run "$BNSL" lattice --a 1
expect_status "a missing argument" 2
run "$BNSL" lattice AlB2 fcc --a 1
expect_status "an argument too many" 2
run "$BNSL" lattice --a=1 --quiet -- AlB2
expect_status "= and --" 0

# A decimal comma in the environment changes nothing.
run env LC_ALL=de_DE.UTF-8 "$BNSL" lattice AlB2 --a 1.5 --json
expect_status "another locale" 0
expect_json_close "another locale: numbers" a 1.5 1e-15

# Failures: one line, status 1, nothing on stdout.
run "$BNSL" order no-such-file.gsd --json
expect_status "a file that is not there" 1
expect_one_line "a file that is not there: one line"
expect_error "a file that is not there: named" "no-such-file.gsd"
expect_equal "a failing command prints no JSON" "$(cat out)" ""
run "$BNSL" lattice NoSuch --a 1
expect_equal "an unknown structure fails" "$([ "$status" = 1 ] || [ "$status" = 2 ] && echo yes)" yes
expect_error "an unknown structure: the known ones" "NaZn13"
run sh -c '"$BNSL" lattice AlB2 --a 1 --json >/dev/full'
if [ -c /dev/full ]; then expect_status "a full disk under stdout" 1; fi

# Files.
run "$BNSL" lattice AlB2 --a 1 --repeat 2,2,2 -o cell.xyz
expect_status "-o" 0
expect_file "-o: the file" cell.xyz
cp cell.xyz before.xyz
run "$BNSL" lattice AlB2 --a 2 --repeat 2,2,2 -o cell.xyz
expect_status "nothing is overwritten" 1
expect_error "nothing is overwritten: --force is named" "--force"
expect_equal "nothing is overwritten: the old file" "$(cmp cell.xyz before.xyz && echo same)" same
run "$BNSL" lattice AlB2 --a 2 --repeat 2,2,2 -o cell.xyz --force
expect_status "--force" 0
expect_equal "--force: a new file" "$(cmp -s cell.xyz before.xyz || echo new)" new
run "$BNSL" lattice AlB2 --a 1 -o no-such-folder/cell.xyz
expect_status "no such folder" 1
expect_error "no such folder: named" "no-such-folder"
mkdir folder.xyz
run "$BNSL" lattice AlB2 --a 1 -o folder.xyz
expect_status "a folder is no file" 1
expect_equal "nothing is left behind" "$(ls | grep -E 'part-|tmp')" ""
finish
