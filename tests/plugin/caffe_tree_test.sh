#!/bin/sh
# The layer and its test inside a real Caffe tree, without CUDA. usage: caffe_tree_test.sh CAFFE_ROOT
#
# Works on a copy: installs, compiles Caffe's core (blobs, memory, mathematics, messages; not the other layers) with the layer and
# test_margin_inner_product_layer.cpp, which has Caffe's own GradientChecker go over the exact gradient, runs it, and takes everything out again.
# Needs what Caffe needs: protoc, glog, gflags, boost, a BLAS. CPPFLAGS, CXXFLAGS, LDFLAGS, LIBS and PROTOC say where they are.
set -eu

[ $# -eq 1 ] || { echo 'usage: caffe_tree_test.sh CAFFE_ROOT' >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
install=$here/../../native/caffe/install.sh
work=${TMPDIR:-/tmp}/atl-caffe-tree.$$
mkdir "$work"
trap 'rm -rf "$work"' EXIT
tree=$work/caffe
mkdir "$tree" "$work/objects"
cp -r "$1/include" "$1/src" "$tree"
if [ -d "$1/.atl-margin" ]; then
    cp -r "$1/.atl-margin" "$tree"
    sh "$install" "$tree" --uninstall
fi
cp -r "$tree" "$work/before"

sh "$install" "$tree" --with-test
sh "$install" "$tree" --with-test | grep -q 'nothing to do'

mkdir -p "$work/generated/caffe/proto"
"${PROTOC:-protoc}" --proto_path="$tree/src/caffe/proto" --cpp_out="$work/generated/caffe/proto" caffe.proto

compile() {
    source=$1
    shift
    # shellcheck disable=SC2086
    ${CXX:-c++} "$@" ${CXXFLAGS--O1} -DCPU_ONLY -I"$tree/include" -I"$work/generated" -I"$tree/src" ${CPPFLAGS:-} -c "$source" \
        -o "$work/objects/$(basename "$source").o"
}
compile "$tree/src/caffe/layers/margin_inner_product_layer.cpp" -std=c++11 -Wall -Wextra 2> "$work/warnings" || { cat "$work/warnings"; exit 1; }
if grep -E '(margin_inner_product|include/atl/).*warning:' "$work/warnings"; then
    echo 'FAILED: the layer compiles with warnings of its own'
    exit 1
fi
for source in blob.cpp common.cpp syncedmem.cpp util/math_functions.cpp test/test_caffe_main.cpp test/test_margin_inner_product_layer.cpp; do
    compile "$tree/src/caffe/$source" -std=c++14 -w
done
compile "$work/generated/caffe/proto/caffe.pb.cc" -std=c++14 -w
compile "$tree/src/gtest/gtest-all.cpp" -std=c++14 -w
# shellcheck disable=SC2086
${CXX:-c++} "$work"/objects/*.o -o "$work/test" ${LDFLAGS:-} ${LIBS--lglog -lgflags -lprotobuf -lboost_thread -lboost_system -lopenblas} -lpthread
"$work/test"

sh "$install" "$tree" --uninstall
diff -r "$work/before" "$tree"
echo 'the tree is as before'
