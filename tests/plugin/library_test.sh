#!/bin/sh
# The shared library of native/caffe (linking-into-caffe.md, way 2), configured and built with its own CMakeLists.txt against a tree made of the stand-in's
# headers: without a GPU, or with nvcc for the architectures that it names. What Caffe's headers would need of other libraries is not needed here, so
# their find modules say that they are there.
#     library_test.sh cpu | cuda NVCC HOST_COMPILER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
device=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/caffe
mkdir -p "$root/include" "$root/lib" "$work/modules"
cp -r "$here/standin/caffe" "$root/include/"
cp "$here"/../native/*.h "$root/include/"
# The layer's parameters must be in the schema; whether Caffe has a GPU is read from its library.
grep -q exact_gradient "$root/include/caffe/proto/caffe.pb.h"
if [ "$device" = cuda ]; then echo 'extern "C" void caffe_gpu_gemm() {}'; else echo 'extern "C" void caffe_cpu_gemm() {}'; fi > "$work/caffe.cpp"
c++ -shared -fPIC -o "$root/lib/libcaffe.so" "$work/caffe.cpp"
echo 'set(Boost_FOUND TRUE)' > "$work/modules/FindBoost.cmake"
printf 'set(Protobuf_FOUND TRUE)\nadd_library(protobuf::libprotobuf INTERFACE IMPORTED)\n' > "$work/modules/FindProtobuf.cmake"

options=
[ "$device" = cpu ] || options="-DCMAKE_CUDA_COMPILER=$2 -DCMAKE_CUDA_HOST_COMPILER=$3"
# shellcheck disable=SC2086
cmake -S "$here/../../native/caffe" -B "$work/build" -DCAFFE_ROOT="$root" -DCMAKE_MODULE_PATH="$work/modules" -DGLOG_INCLUDE_DIR="$work" \
    -DGFLAGS_INCLUDE_DIR="$work" -DGLOG_LIBRARY="$root/lib/libcaffe.so" \
    -DCMAKE_CXX_FLAGS="${ATL_WARNINGS-} -Wno-unknown-pragmas" \
    $options > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake --build "$work/build" --verbose > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }

library=$work/build/libatl_caffe.so
nm -DC "$library" | grep -q 'caffe::MarginInnerProductLayer<double>::Forward_gpu' || { echo "the library lacks the layer"; exit 1; }
if [ "$device" = cuda ]; then
    for architecture in 70 80 90; do
        grep -q "code=\[*\"*[^ ]*sm_$architecture" "$work/log" || { cat "$work/log"; echo "nothing was compiled for sm_$architecture"; exit 1; }
    done
    nm -C "$library" | grep -q 'MarginForwardSemihard<double>' || { echo "the library lacks the kernels"; exit 1; }
fi
echo "built $(basename "$library") ($device)"
