// Positions of an outer x channels x inner array of scores, and their labels. Device code only.
#pragma once

#include "maps.cuh"

namespace atl {
namespace cuda {

// Where a position's first channel lies.
__device__ __forceinline__ int64_t first_of(int64_t position, int64_t channels, int64_t inner) {
    const int64_t outer = quotient(position, inner);
    return outer * channels * inner + (position - outer * inner);
}

// The label at a position where it counts, else -1.
__device__ __forceinline__ int64_t label_of(float label, int64_t channels, int32_t has_ignored, int32_t ignored) {
    if (!(label > -1 && label < static_cast<float>(channels))) return -1;
    const int64_t whole = static_cast<int64_t>(label);
    return has_ignored != 0 && whole == ignored ? -1 : whole;
}

}  // namespace cuda
}  // namespace atl
