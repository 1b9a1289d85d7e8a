// Loops over arrays of any size that all threads of a grid share out, 16 bytes at a time where the addresses allow it.
// Device code only.
#pragma once

#include "rows.cuh"

// Marks a kernel's address that may be null.
#define ATL_OPTIONAL

namespace atl {
namespace cuda {

__device__ __forceinline__ int64_t thread_of_grid() {
    return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ __forceinline__ int64_t threads_of_grid() { return static_cast<int64_t>(gridDim.x) * blockDim.x; }

// a / b for a >= 0 and b > 0: in 32 bits where both fit, which takes a fraction of the time.
__device__ __forceinline__ int64_t quotient(int64_t a, int64_t b) {
    return ((a | b) >> 32) == 0 ? static_cast<int64_t>(static_cast<uint32_t>(a) / static_cast<uint32_t>(b)) : a / b;
}

// Calls f(i) for 0 <= i < count.
template <class F>
__device__ __forceinline__ void for_indices(int64_t count, F f) {
    for (int64_t i = thread_of_grid(); i < count; i += threads_of_grid()) f(i);
}

// The arrays that a map reads.
template <int N>
struct Inputs {
    const float* from[N];

    __device__ __forceinline__ bool are_wide() const {
        bool wide = true;
#pragma unroll
        for (int k = 0; k < N; ++k) wide = wide && is_wide(from[k]);
        return wide;
    }
};

// Calls f(v, i) with v[k] = x.from[k][i] for 4 neighbours; writes what it gives.
template <int N, class F>
__device__ __forceinline__ void map_pack(int64_t pack, const Inputs<N>& x, float* y, F f) {
    Pack<float, 4> in[N], out;
#pragma unroll
    for (int k = 0; k < N; ++k) in[k] = reinterpret_cast<const Pack<float, 4>*>(x.from[k])[pack];
#pragma unroll
    for (int j = 0; j < 4; ++j) {
        float v[N];
#pragma unroll
        for (int k = 0; k < N; ++k) v[k] = in[k].v[j];
        out.v[j] = f(v, 4 * pack + j);
    }
    reinterpret_cast<Pack<float, 4>*>(y)[pack] = out;
}

template <int N, class F>
__device__ __forceinline__ void map_one(int64_t i, const Inputs<N>& x, float* y, F f) {
    float v[N];
#pragma unroll
    for (int k = 0; k < N; ++k) v[k] = x.from[k][i];
    y[i] = f(v, i);
}

// y[i] = f(v, i) with v[k] = x.from[k][i]; y may be one of the inputs.
template <int N, class F>
__device__ __forceinline__ void map(int64_t count, const Inputs<N>& x, float* y, F f) {
    const int64_t packs = x.are_wide() && is_wide(y) ? count / 4 : 0;
    for_indices(packs, [&](int64_t pack) { map_pack(pack, x, y, f); });
    for_indices(count - 4 * packs, [&](int64_t i) { map_one(4 * packs + i, x, y, f); });
}

// y[i] = f(v, c) where element i of an n x channels x spatial array belongs to channel c; y may be one of the inputs.
template <int N, class F>
__device__ __forceinline__ void map_channels(
    int64_t count, int64_t channels, int64_t spatial, const Inputs<N>& x, float* y, F f) {
    if (spatial % 4 == 0 && x.are_wide() && is_wide(y)) {
        for_indices(count / 4, [&](int64_t pack) {
            const int64_t row = quotient(4 * pack, spatial), c = row - quotient(row, channels) * channels;
            map_pack(pack, x, y, [&](const float(&v)[N], int64_t) { return f(v, c); });
        });
        return;
    }
    for_indices(count, [&](int64_t i) {
        const int64_t row = quotient(i, spatial), c = row - quotient(row, channels) * channels;
        map_one(i, x, y, [&](const float(&v)[N], int64_t) { return f(v, c); });
    });
}

}  // namespace cuda
}  // namespace atl
