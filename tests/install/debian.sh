#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian packages: built and tested in a fresh Debian 12, looked at by lintian, installed into another one that has nothing of the
# build's, used there (the program and its demonstration, the manual, pkg-config, Python, the packages' own tests), and removed; nothing may be
# left. Needs root, debootstrap and a network; takes some ten minutes. Not part of make check.
# Usage: tests/install/debian.sh [SRCDIR [FOLDER]]      (FOLDER: keeps the two systems and the packages; default: a temporary one)
set -eu
src=$(CDPATH='' cd -- "${1:-$(dirname -- "$0")/../..}" && pwd)
top=${2:-$(mktemp -d)}
keep=${2:-}
mkdir -p "$top"
chmod 755 "$top"
start=$(date +%s)
step() { printf '== %s (%s s)\n' "$*" "$(($(date +%s) - start))"; }
die() {
    echo "debian.sh: $*" >&2
    exit 1
}
inside() { # system, command...
    root=$top/$1
    shift
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        ${http_proxy+http_proxy="$http_proxy"} ${https_proxy+https_proxy="$https_proxy"} "$@"
}
finish() {
    for system in build clean; do
        ! mountpoint -q "$top/$system/proc" || umount "$top/$system/proc"
    done
    [ -n "$keep" ] || rm -rf --one-file-system "$top"
}
quietly() { "$@" >"$top/log" 2>&1 || { tail -n 40 "$top/log" >&2; die "failed: $*"; }; }
[ "$(id -u)" -eq 0 ] || die "must be run as root"
trap finish EXIT

# Two copies of a bare Debian 12 with this machine's package sources and certificates, so that it works behind the same mirrors.
if [ ! -e "$top/bare/etc/debian_version" ]; then
    step "a bare Debian 12"
    quietly debootstrap --variant=minbase --include=ca-certificates bookworm "$top/bare"
    cp -a /etc/apt/. "$top/bare/etc/apt/"
    cp /etc/ssl/certs/ca-certificates.crt "$top/bare/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$top"/bare/var/lib/apt/lists/*
    cp /etc/resolv.conf /etc/hosts "$top/bare/etc/"
    quietly inside bare apt-get update
fi
for system in build clean; do
    rm -rf --one-file-system "${top:?}/$system"
    cp -a "$top/bare" "$top/$system"
    mount -t proc proc "$top/$system/proc"
done

step "build dependencies"
mkdir -p "$top/build/src/bnsl"
(cd "$src" && { git ls-files --cached --others --exclude-standard 2>/dev/null || find . -type f; } | tar cf - -T -) | tar xf - -C "$top/build/src/bnsl"
quietly inside build apt-get install -y --no-install-recommends build-essential debhelper lintian fonts-dejavu-core
quietly inside build apt-get build-dep -y --no-install-recommends /src/bnsl
step "dpkg-buildpackage with its tests"
quietly inside build sh -c 'cd /src/bnsl && dpkg-buildpackage -us -uc -b'
grep -E '^(unit|cli): ' "$top/log"
step "lintian"
inside build sh -c 'cd /src && lintian --fail-on error --info --display-info bnsl_*.changes' >"$top/lintian" 2>&1 || {
    cat "$top/lintian" >&2
    die "lintian has errors"
}
grep -E '^[EWI]: ' "$top/lintian" || echo "lintian: nothing"

step "installation into a clean system"
quietly inside clean apt-get install -y --no-install-recommends man-db pkg-config fonts-dejavu-core gcc g++ gfortran libc6-dev
mkdir "$top/clean/packages"
cp "$top"/build/src/*.deb "$top/clean/packages"
rm -f "$top"/clean/packages/*dbgsym*
listing() { # every file with its size, but for logs, caches, and the package system's own state
    (cd "$top/clean" && find . -path ./proc -prune -o -path ./packages -prune -o -path ./tmp -prune -o -path ./var/lib/dpkg -prune -o -path ./var/lib/apt -prune -o \
        -path ./var/log -prune -o -path ./var/cache -prune -o -name __pycache__ -prune -o ! -type d -printf '%p %s\n' -o -type d -printf '%p/\n' | sort)
}
# What the packages depend on is there before, so that what is left afterwards is theirs.
inside clean sh -c 'apt-get install -y --no-install-recommends -s /packages/*.deb 2>/dev/null' | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
    grep -v -x -E 'libbnsl0|libbnsl-dev|bnsl-tools|python3-bnsl' >"$top/dependencies" || true
# shellcheck disable=SC2046 # a list of names
[ ! -s "$top/dependencies" ] || quietly inside clean apt-get install -y --no-install-recommends $(cat "$top/dependencies")
listing >"$top/before"
quietly inside clean sh -c 'apt-get install -y --no-install-recommends /packages/*.deb'
step "use"
mkdir -p "$top/clean/tmp/use"
inside clean sh -c 'cd /tmp/use && bnsl demo --seed 1 --quiet' | tail -n 5
for page in bnsl bnsl_order bnsl_md_run bnsl-model; do
    inside clean man "$page" | grep -q . || die "man $page shows nothing"
done
[ -n "$(inside clean pkg-config --cflags --libs bnsl)" ] || die "pkg-config knows no bnsl"
if [ -e "$src/debian/python3-bnsl.install" ]; then
    inside clean python3 -c 'import bnsl; print("python3-bnsl:", bnsl.__file__)'
fi
mkdir -p "$top/clean/tmp/source/tests" "$top/clean/tmp/auto"
cp -r "$src/examples" "$top/clean/tmp/source/"
cp -r "$src/tests/install" "$top/clean/tmp/source/tests/"
cp -r "$src/debian" "$top/clean/tmp/source/"
for test in $(sed -n 's/^Tests: //p' "$src/debian/tests/control"); do
    rm -rf "$top/clean/tmp/auto" && mkdir "$top/clean/tmp/auto"
    quietly inside clean sh -c "cd /tmp/source && AUTOPKGTEST_TMP=/tmp/auto ./debian/tests/$test"
    echo "ok autopkgtest $test"
done
step "removal"
quietly inside clean sh -c 'apt-get purge -y libbnsl0 $(dpkg-query -W -f "\${Package}\n" | grep -x -E "libbnsl-dev|bnsl-tools|python3-bnsl")'
listing >"$top/after"
diff "$top/before" "$top/after" >"$top/left" || {
    cat "$top/left" >&2
    die "removal leaves something"
}
step "done: nothing left"
