#!/bin/sh
# Installs the built library into a folder, and compiles and runs a program outside of the tree against it: through
# find_package and pkg-config, where it was installed and after the folder has moved; and with a single copy of the
# library's file, as the managed projects make one. Where there is no pkg-config, the rest is tested, and the result is
# 77. usage: package_test.sh BUILD VERSION
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1
version=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*"
    exit 1
}

# Runs a command quietly, unless it fails.
quietly() { "$@" > "$work/log" 2>&1 || { cat "$work/log"; fail "$*"; }; }

# Runs a program, which must print the version.
runs() {
    found=$("$@" 2>&1) || fail "$*: $found"
    [ "$found" = "atl $version" ] || fail "$* printed '$found', expected 'atl $version'"
}

# The consumer against what is installed in $1.
consume() {
    quietly cmake -S "$here/consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$1"
    quietly cmake --build "$work/consumer"
    runs "$work/consumer/consumer"
    rm -rf "$work/consumer"
    [ -n "$pkg_config" ] || return 0
    export PKG_CONFIG_PATH="$1/$lib/pkgconfig"
    found=$(pkg-config --modversion atl)
    [ "$found" = "$version" ] || fail "atl.pc has the version $found, expected $version"
    # As a shell reads it: a prefix with blanks is quoted.
    eval "set -- \"\$1\" $(pkg-config --cflags --libs atl)"
    prefix=$1
    shift
    quietly cc -std=c99 -Wall -Wextra -pedantic "$here/consumer/main.c" -o "$work/by_pkg_config" "$@"
    runs env LD_LIBRARY_PATH="$prefix/$lib" "$work/by_pkg_config"
}

pkg_config=$(command -v pkg-config || true)
quietly cmake --install "$build" --prefix "$work/a prefix"
lib=$(cd "$work/a prefix" && find . -name 'libatl.so' -exec dirname {} \; | sed 's|^\./||')
[ -n "$lib" ] || fail "no libatl.so was installed"
link=$(readlink "$work/a prefix/$lib/libatl.so" || true)
[ "$link" = "libatl.so.${version%.*}" ] || fail "libatl.so leads to '$link', expected libatl.so.${version%.*}"
[ -f "$work/a prefix/$lib/libatl.so.$version" ] || fail "no libatl.so.$version was installed"
consume "$work/a prefix"
mv "$work/a prefix" "$work/moved"
consume "$work/moved"

# A project that asks for another version gets none.
sed "s/find_package(atl [0-9.]* /find_package(atl 9.9 /" "$here/consumer/CMakeLists.txt" > "$work/CMakeLists.txt"
mkdir "$work/other"
cp "$here/consumer/main.c" "$work/CMakeLists.txt" "$work/other"
if cmake -S "$work/other" -B "$work/other/build" -DCMAKE_PREFIX_PATH="$work/moved" > "$work/log" 2>&1; then
    fail 'version 9.9 was found'
fi
grep -q "$version" "$work/log" || { cat "$work/log"; fail "the message does not name the version $version"; }

# A copy follows the links, and the program that opens it by its path needs no other name.
mkdir "$work/copy"
cp "$build/libatl.so" "$work/copy/"
[ ! -L "$work/copy/libatl.so" ] || fail "the copy is a link"
quietly cc "$here/consumer/main.c" -o "$work/by_path" -I"$work/moved/include" "$work/copy/libatl.so"
mv "$work/copy/libatl.so" "$work/copy/libatl.so.${version%.*}"
runs env LD_LIBRARY_PATH="$work/copy" "$work/by_path"

[ -n "$pkg_config" ] || { echo 'skipped in part: no pkg-config'; exit 77; }
