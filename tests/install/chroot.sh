#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The README's two commands in a fresh, bare Debian 12 that has nothing but git: as root, a second time, as another user than
# the clone's owner, and from another folder. Needs root, debootstrap and a network; takes some minutes. Not part of make check.
# The new system gets this machine's package sources and certificates, so that it works behind the same mirrors.
# Usage: tests/install/chroot.sh [SRCDIR [FOLDER]]      (FOLDER: kept and used again; default: a temporary one)
set -eu
src=$(CDPATH='' cd -- "${1:-$(dirname -- "$0")/../..}" && pwd)
root=${2:-$(mktemp -d)}
chmod 755 "$root"
keep=${2:-}
step() { printf '== %s (%s s)\n' "$*" "$(($(date +%s) - start))"; }
start=$(date +%s)
inside() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        ${http_proxy+http_proxy="$http_proxy"} ${https_proxy+https_proxy="$https_proxy"} "$@"
}
finish() {
    ! mountpoint -q "$root/proc" || umount "$root/proc"
    [ -n "$keep" ] || rm -rf --one-file-system "$root"
}
[ "$(id -u)" -eq 0 ] || {
    echo "chroot.sh: must be run as root" >&2
    exit 1
}
git -C "$src" rev-parse --quiet --verify HEAD >/dev/null || {
    echo "chroot.sh: $src has no commit to clone" >&2
    exit 1
}
trap finish EXIT

if [ ! -e "$root/var/lib/dpkg/info/git.list" ]; then
    step "a bare Debian 12"
    debootstrap --variant=minbase --include=ca-certificates,git bookworm "$root" >"$root.log" 2>&1 || {
        tail -n 20 "$root.log" >&2
        exit 1
    }
    rm -f "$root.log"
    cp -a /etc/apt/. "$root/etc/apt/"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$root"/var/lib/apt/lists/*
fi
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"

step "clone"
rm -rf "$root/origin" "$root/clone" "$root/elsewhere" "$root/others"
git clone --quiet --bare --no-hardlinks "$src" "$root/origin"
inside git clone --quiet /origin /clone
inside mkdir /elsewhere

step "./bootstrap demo"
inside sh -c 'cd /clone && ./bootstrap demo'
step "./bootstrap demo once more, called from another folder"
inside sh -c 'cd /elsewhere && /clone/bootstrap demo'
step "./bootstrap check"
inside sh -c 'cd /clone && ./bootstrap check'
step "./bootstrap demo as a user in somebody else's clone"
inside sh -c 'id user >/dev/null 2>&1 || useradd --create-home user'
inside git clone --quiet /origin /others
inside sh -c 'chown -R nobody /others && chmod -R a+rwX /others'
inside su user -s /bin/sh -c 'cd /others && ./bootstrap demo'
step "done"
