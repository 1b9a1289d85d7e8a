// Sums over the channels of an n x channels x spatial array, in two steps whose order only the shape decides: every
// block sums a slice of a channel in double precision into `parts`, and a second kernel adds the parts up. Device code
// only.
#pragma once

#include "maps.cuh"

namespace atl {
namespace cuda {

// Below so many places a channel's row is too short for a warp: the array is then seen as n rows of channels x spatial
// columns, which blocks sum over n with neighbouring columns in neighbouring threads. The host knows this number, too.
constexpr int kFewPlaces = 32;

// Adds f(element, channel, terms), which may also write at the element's place, over a slice of the positions of a
// channel or column: parts[(slice * Terms + t) * columns + column], with columns = channels, or channels * spatial
// where spatial < kFewPlaces.
template <int Terms, class F>
__device__ __forceinline__ void sum_channels(
    int64_t n, int64_t channels, int64_t spatial, int64_t slices, double* parts, F f) {
    if (spatial < kFewPlaces) {
        __shared__ double shared[Terms][kThreads];
        const int64_t columns = channels * spatial, tiles = (columns + kWarp - 1) / kWarp;
        const int lane = static_cast<int>(threadIdx.x) % kWarp, row = static_cast<int>(threadIdx.x) / kWarp,
                  rows = static_cast<int>(blockDim.x) / kWarp;
        for (int64_t unit = blockIdx.x; unit < tiles * slices; unit += gridDim.x) {
            const int64_t slice = quotient(unit, tiles), column = (unit - slice * tiles) * kWarp + lane;
            double sums[Terms] = {};
            if (column < columns) {
                const int64_t channel = quotient(column, spatial);
                for (int64_t i = n * slice / slices + row; i < n * (slice + 1) / slices; i += rows) {
                    float terms[Terms];
                    f(i * columns + column, channel, terms);
#pragma unroll
                    for (int t = 0; t < Terms; ++t) sums[t] += static_cast<double>(terms[t]);
                }
            }
            __syncthreads();
#pragma unroll
            for (int t = 0; t < Terms; ++t) shared[t][threadIdx.x] = sums[t];
            __syncthreads();
            if (row == 0 && column < columns)
#pragma unroll
                for (int t = 0; t < Terms; ++t) {
                    double sum = 0;
                    for (int r = 0; r < rows; ++r) sum += shared[t][r * kWarp + lane];
                    parts[(slice * Terms + t) * columns + column] = sum;
                }
        }
        return;
    }
    const int64_t positions = n * spatial;
    for (int64_t unit = blockIdx.x; unit < channels * slices; unit += gridDim.x) {
        const int64_t slice = quotient(unit, channels), channel = unit - slice * channels;
        double sums[Terms] = {};
        for (int64_t i = positions * slice / slices + threadIdx.x; i < positions * (slice + 1) / slices;
             i += blockDim.x) {
            const int64_t image = quotient(i, spatial);
            float terms[Terms];
            f((image * channels + channel) * spatial + (i - image * spatial), channel, terms);
#pragma unroll
            for (int t = 0; t < Terms; ++t) sums[t] += static_cast<double>(terms[t]);
        }
#pragma unroll
        for (int t = 0; t < Terms; ++t) {
            const double sum = block_sum(sums[t]);
            if (threadIdx.x == 0) parts[(slice * Terms + t) * channels + channel] = sum;
        }
    }
}

// The sum of term t of a channel, from the parts of sum_channels.
__device__ __forceinline__ double sum_of_parts(
    int terms, int t, int64_t channel, int64_t channels, int64_t spatial, int64_t slices, const double* parts) {
    const int64_t per = spatial < kFewPlaces ? spatial : 1, columns = channels * per;
    double sum = 0;
    for (int64_t slice = 0; slice < slices; ++slice)
        for (int64_t j = 0; j < per; ++j) sum += parts[(slice * terms + t) * columns + channel * per + j];
    return sum;
}

}  // namespace cuda
}  // namespace atl
