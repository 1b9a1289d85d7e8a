// Dropout: element i stays where word position + i of the Philox stream `key` is not below a threshold.
#include "common/philox.h"
#include "cuda/maps.cuh"

// y = scale x where the element stays, else 0; y may be x. A thread draws four words at once and treats the elements
// that they belong to.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_dropout(
    int64_t count, uint64_t threshold, float scale, uint64_t key, uint64_t position, const float* x, float* y) {
    const uint64_t first = position / 4, end = position + static_cast<uint64_t>(count), blocks = (end + 3) / 4 - first;
    atl::cuda::for_indices(static_cast<int64_t>(blocks), [=](int64_t block) {
        uint32_t words[4];
        const uint64_t counter = first + static_cast<uint64_t>(block);
        atl::philox(counter, key, words);
#pragma unroll
        for (int w = 0; w < 4; ++w) {
            const uint64_t word = 4 * counter + static_cast<uint64_t>(w);
            if (word < position || word >= end) continue;
            const uint64_t i = word - position;
            y[i] = words[w] >= threshold ? scale * x[i] : 0.0f * x[i];
        }
    });
}
