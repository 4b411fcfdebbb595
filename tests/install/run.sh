#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs into an empty folder, builds and runs programs against what lies there (a consumer that calls into each dependency, and the
# examples, in C, C++ and Fortran), uninstalls, and looks for leftovers.
# Usage: tests/install/run.sh [SRCDIR [BUILDDIR [MAKE]]]
set -u
src=$(CDPATH='' cd -- "${1:-$(dirname -- "$0")/../..}" && pwd)
build=${2:-$src}
make=${3:-make}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
dest=$tmp/dest
label=install/
# shellcheck source=tests/install/lib.sh
. "$src/tests/install/lib.sh"

check install "$make" -s --no-print-directory -C "$build" install "DESTDIR=$dest"

# The description as it would read if the folder were the root of the system.
pc=$(find "$dest" -name bnsl.pc)
mkdir "$tmp/pc"
sed "s|^\([a-z_]*\)=/|\1=$dest/|" "$pc" >"$tmp/pc/bnsl.pc"
pc() { PKG_CONFIG_PATH=$tmp/pc "$(config PKG_CONFIG)" "$@" bnsl; }
cc=$(config CC)
cxx=${CXX:-c++}
cflags=$(pc --cflags)
LD_LIBRARY_PATH=$(pc --variable=libdir)
export LD_LIBRARY_PATH

# shellcheck disable=SC2086 # words of flags, and a compiler that may have some
{
    build_and_run() { # kind, libraries, compiler...
        kind=$1 libs=$2
        shift 2
        check "$kind: compiles" "$@" -pedantic -Wall -Wextra -Werror $cflags -o "$tmp/consumer" "$src/tests/install/consumer.c" -x none $libs -lm
        check "$kind: runs" "$tmp/consumer"
        rm -f "$tmp/consumer"
    }
    if [ "$(config enable_shared)" = yes ]; then
        build_and_run "shared, C11" "$(pc --libs)" $cc -std=c11
        if command -v "$cxx" >/dev/null; then build_and_run "shared, C++17" "$(pc --libs)" "$cxx" -x c++ -std=c++17; fi
    fi
    if [ "$(config enable_static)" = yes ]; then # where both are installed, the linker would take the shared one
        static=$(pc --static --libs | sed 's/-lbnsl/-l:libbnsl.a/')
        build_and_run "static, C11" "$static" $cc -std=c11
        if command -v "$cxx" >/dev/null; then build_and_run "static, C++17" "$static" "$cxx" -x c++ -std=c++17; fi
    fi
}
command -v "$cxx" >/dev/null || echo "install: no C++ compiler, C++17 is skipped"

# The examples print what tests/install/examples/NAME.out says, where there is such a file; the others check themselves.
# shellcheck disable=SC2086
example() { # name, compiler and sources...
    title=$1 expected=$src/tests/install/examples/$1.out
    shift
    check "example $title: compiles" "$@" $cflags -o "$tmp/example" $(pc ${link_static:+--static} --libs) -lm
    check "example $title: runs" sh -c '"$1" >"$2"' sh "$tmp/example" "$tmp/printed"
    [ ! -e "$expected" ] || check "example $title: prints what it should" diff "$expected" "$tmp/printed"
    rm -f "$tmp/example" "$tmp/printed"
}
link_static=
[ "$(config enable_shared)" = yes ] || link_static=yes
strict="-pedantic -Wall -Wextra -Werror"
fc=${FC:-gfortran}
# shellcheck disable=SC2086
{
    for source in "$src"/examples/*.c; do
        example "$(basename "$source" .c)" $cc -O2 -std=c11 -D_POSIX_C_SOURCE=200809L $strict "$source" -lpthread
    done
    if command -v "$cxx" >/dev/null; then
        for source in "$src"/examples/*.cc; do
            for standard in c++11 c++17; do example "$(basename "$source" .cc)" "$cxx" -O2 -std=$standard $strict "$source"; done
        done
    fi
    if command -v "$fc" >/dev/null; then
        example structure "$fc" -std=f2008 -J "$tmp" $strict "$src/examples/bnsl.f90" "$src/examples/structure.f90"
    else
        echo "install: no Fortran compiler, its example is skipped"
    fi
}

# The lines for CMake in examples/README.
cmake_example() {
    mkdir "$tmp/cmake" && cp "$src/examples/classify.c" "$tmp/cmake/program.c" && {
        echo 'cmake_minimum_required(VERSION 3.13)'
        echo 'project(example C)'
        echo 'add_executable(program program.c)'
        sed -n 's/^    \(find_package\|pkg_check\|target_link\)/\1/p' "$src/examples/README"
        echo 'target_link_libraries(program PRIVATE m)'
    } >"$tmp/cmake/CMakeLists.txt" && PKG_CONFIG_PATH=$tmp/pc cmake -S "$tmp/cmake" -B "$tmp/cmake/b" && cmake --build "$tmp/cmake/b" && "$tmp/cmake/b/program"
}
if [ "$(config enable_shared)" = yes ]; then
    if command -v cmake >/dev/null; then check "CMake" cmake_example; else echo "install: no CMake, its lines are skipped"; fi
fi
check "program" "$(find "$dest" -type f -name bnsl -perm -100)" --version
# shellcheck disable=SC2016 # expanded by the inner shell
check "manual pages" sh -c 'cd "$1/man" && for page in man*/*.[1-9]; do [ -n "$(find "$2" -path "*/$page*")" ] || { echo "$page is not installed"; exit 1; }; done' sh "$src" "$dest"

# The Python package by itself, which finds the library by its soname.
if [ "$(config enable_shared)" = yes ]; then
    for python in "${PYTHON:-python3}" /usr/bin/python3 none; do "$python" -c 'import numpy' 2>/dev/null && break; done
    if [ "$python" = none ]; then
        echo "install: no python3 with numpy, its package is skipped"
    else
        packages=/python
        check "python: installs" "$make" -s --no-print-directory -C "$build" install-python "DESTDIR=$dest" pythondir=$packages
        check "python: loads the library by its soname" env -u BNSL_LIBRARY PYTHONDONTWRITEBYTECODE=1 "PYTHONPATH=$dest$packages" "$python" -c \
            'import bnsl; path = bnsl.library_info().path; assert path.startswith("libbnsl.so."), path; bnsl.Lattice("AlB2").supercell(2)'
        check "python: uninstalls" "$make" -s --no-print-directory -C "$build" uninstall-python "DESTDIR=$dest" pythondir=$packages
    fi
fi

check uninstall "$make" -s --no-print-directory -C "$build" uninstall "DESTDIR=$dest"
check "nothing left" test -z "$(find "$dest" ! -type d)"
echo "install: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
