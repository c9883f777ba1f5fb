#!/usr/bin/env bash
# Installs to a folder of its own and builds samples/embed from there, with find_package and with pkg-config: it must run, and
# must need neither curl nor SQLite.
# usage: embed.sh BUILD_DIR COMPILER FLAGS
set -euo pipefail
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
build=$1 compiler=$2 flags=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
heavy='curl|sqlite|ssl|spdlog|libfmt'

fail() {
    echo "embed: $*" >&2
    exit 1
}
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "failed: $*"; }; }

# EXAMPLE: reads a sample, and needs only light libraries.
check() {
    local said
    said=$("$1" "$source_dir/samples/postfix/mailbox-full.eml") || fail "$1 ended with $?"
    [[ $said == *"bounce: "* && $said == *"soft quota-issues mailbox-full"* ]] || fail "$1 said: $said"
    ! ldd "$1" | grep -E "$heavy" || fail "$1 needs more than the core does"
}

quietly cmake --install "$build" --prefix "$prefix"
quietly "$prefix/bin/nixie" --version
ldd "$prefix/bin/nixie" | grep curl >/dev/null || fail "the program needs no curl, so ldd shows nothing here"
for file in lib/systemd/system/nixie.service share/nixie/nixie.toml share/nixie/rules/40-mailbox.toml share/doc/nixie/LICENSE; do
    [[ -s $prefix/$file ]] || fail "not installed: $file"
done

# Each public header stands alone.
for header in "$prefix"/include/nixie/*.hpp; do
    echo "#include <nixie/$(basename "$header")>" >"$work/header.cpp"
    quietly "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Werror -I "$prefix/include" "$work/header.cpp"
done

quietly cmake -G Ninja -S "$prefix/share/doc/nixie/examples/embed" -B "$work/embed" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags"
quietly cmake --build "$work/embed"
check "$work/embed/embed"

pc=$(dirname "$(find "$prefix" -name nixie.pc)")
read -ra packaged <<<"$(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs nixie)"
! grep -E "$heavy" <<<"${packaged[*]}" || fail "nixie.pc names more than the core needs"
read -ra given <<<"$flags"
quietly "$compiler" -std=c++20 "${given[@]}" "$source_dir/samples/embed/main.cpp" "${packaged[@]}" \
    -Wl,-rpath,"$(dirname "$pc")" -o "$work/packaged"
check "$work/packaged"
