#!/bin/sh
# What runs before the processor is checked has instructions of every x86-64 alone: the objects that hold the check,
# what the library runs when it is loaded, and the functions that it exports, up to their own check. usage:
# baseline_test.sh LIBRARY OBJECT...
set -eu
command -v objdump > /dev/null || { echo 'skipped: no objdump'; exit 77; }
library=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# AVX and its kin begin with v; the others are BMI, LZCNT and POPCNT. verr and verw are as old as the processor itself.
newer='v[a-z0-9]+|andn|bextr|bls[a-z]+|bzhi|mulx|pdep|pext|rorx|sarx|shlx|shrx|[lt]zcnt|popcnt|movbe|crc32|pshufb'
newer() { grep -E "[[:space:]]($newer)[[:space:]]" | grep -vE '[[:space:]]ver[rw][[:space:]]'; }
found() { objdump -d --no-show-raw-insn "$@" | newer; }

if found "$@" > "$work/found"; then
    head "$work/found"
    echo 'FAILED: the check of the processor uses instructions that not every x86-64 has'
    exit 1
fi
# The rest of the library has them, or the search finds nothing.
found "$library" > "$work/found" || { echo 'FAILED: no newer instruction was found in the whole library'; exit 1; }

# The exported functions leave the work to others, which may have them.
objdump -d --no-show-raw-insn "$library" \
    | awk '/^[0-9a-f]+ </ { inside = $0 ~ /<atl_[a-z0-9_]*>:$/ } inside' > "$work/exported"
[ "$(grep -c '>:$' "$work/exported")" -gt 100 ] || { echo 'FAILED: the exported functions were not found'; exit 1; }
if newer < "$work/exported" > "$work/found"; then
    head "$work/found"
    echo 'FAILED: an exported function uses such instructions before it can have asked for the processor'
    exit 1
fi

# Initializers of other files would run on a processor that lacks what they are compiled for, before anybody can ask.
nm "$library" | grep '_GLOBAL__sub_I' | grep -v processor > "$work/found" || true
if [ -s "$work/found" ]; then
    cat "$work/found"
    echo 'FAILED: the library runs more than the check when it is loaded'
    exit 1
fi
nm "$library" | grep -q '_GLOBAL__sub_I.*processor' || {
    echo 'FAILED: nothing looks at the processor when the library is loaded'
    exit 1
}
