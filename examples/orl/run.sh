#!/bin/sh
# From folders of photos to a table of TAR@FAR and a page with everything on the ORL faces: 30 people are trained on, the 10 others verified.
# Usage, from anywhere: examples/orl/run.sh ORL [ITERATIONS]. ORL has a folder s1 … s40 for each person. Everything goes to build/orl.
set -eu
[ $# -ge 1 ] && [ -d "$1" ] || { echo "usage: $0 ORL_FOLDER [ITERATIONS]" >&2; exit 2; }
faces=$(cd "$1" && pwd)
iterations=${2:-200}
cd "$(dirname "$0")/../.."
mkdir -p build/orl
# People trained on, and people verified.
find "$faces" -name '*.pgm' | sed -n 's|.*/\(s[0-9]*\)/[^/]*$|& \1|p' | sort > build/orl/all.txt
grep -E ' s([1-9]|[12][0-9]|30)$' build/orl/all.txt > build/orl/train_list.txt
grep -E ' s(3[1-9]|40)$' build/orl/all.txt | cut -d' ' -f1 > build/orl/verify_list.txt
sed "s/^max_iter:.*/max_iter: $iterations/" examples/orl/face_solver.prototxt > build/orl/face_solver.prototxt

atl import build/orl/train_list.txt -raw -gray -overwrite -out build/orl/train_lmdb
rm -rf build/orl/run
atl train -solver build/orl/face_solver.prototxt -run build/orl/run
rm -f build/orl/verify.npy
atl extract build/orl/verify_list.txt -model examples/orl/face_deploy.prototxt -weights "build/orl/face_iter_$iterations.caffemodel" -mirror concat \
  -out build/orl/verify.npy
atl verify build/orl/verify.npy -all -identity folder -json build/orl/verify.json -roc build/orl/roc.csv \
  -run build/orl/run -images build/orl/verify_list.txt
atl report build/orl/run
