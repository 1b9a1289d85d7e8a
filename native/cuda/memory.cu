// The address arithmetic of memory layouts.
#include "cuda/maps.cuh"

namespace {

// An n x channels x spatial array as n x channels / block x spatial x block.
__device__ __forceinline__ int64_t offset_of(
    int64_t n, int64_t c, int64_t s, int64_t channels, int64_t spatial, int64_t block) {
    const int64_t group = atl::cuda::quotient(c, block);
    return ((n * (channels / block) + group) * spatial + s) * block + (c - group * block);
}

}  // namespace

// y, whose channels lie y_block together, from x, whose lie x_block together (1: plain, channels: channels last).
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_reorder(
    int64_t count, int64_t channels, int64_t spatial, int64_t x_block, const float* x, int64_t y_block, float* y) {
    using namespace atl::cuda;
    for_indices(count, [=](int64_t i) {
        const int64_t place = quotient(i, y_block), lane = i - place * y_block, row = quotient(place, spatial),
                      s = place - row * spatial;
        const int64_t groups = channels / y_block, n = quotient(row, groups), c = (row - n * groups) * y_block + lane;
        y[i] = x[offset_of(n, c, s, channels, spatial, x_block)];
    });
}
