// Rows of a matrix, shared out among the threads of a warp or a block: 16 bytes at a time where a row's address allows
// it. Device code only.
#pragma once

#include <math.h>
#include <stdint.h>

namespace atl {
namespace cuda {

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffu;

// Threads of a block, unless a kernel says otherwise.
constexpr int kThreads = 256;

// Elements that are loaded and stored together.
template <class T, int N>
struct alignas(N * sizeof(T)) Pack {
    T v[N];
};

// The 16 bytes that one thread moves at once.
template <class T>
struct Wide {
    static constexpr int kSize = static_cast<int>(16 / sizeof(T));
    typedef Pack<T, kSize> type;
};

__device__ __forceinline__ bool is_wide(const void* address) { return reinterpret_cast<uintptr_t>(address) % 16 == 0; }

// Calls f(element) for `count` elements from `first` on; this is thread `thread` of `threads` (at least Wide<T>::kSize)
// that share them out. Any address that suits T will do: the elements before the first and after the last 16-byte
// border are taken one by one.
template <class T, class F>
__device__ __forceinline__ void for_each(const T* __restrict__ first, int64_t count, int thread, int threads, F f) {
    constexpr int width = Wide<T>::kSize;
    const int64_t past = static_cast<int64_t>(reinterpret_cast<uintptr_t>(first) % 16 / sizeof(T));
    int64_t head = past == 0 ? 0 : width - past;
    if (head > count) head = count;
    if (thread < head) f(first[thread]);
    const int64_t packs = (count - head) / width;
    const typename Wide<T>::type* __restrict__ body = reinterpret_cast<const typename Wide<T>::type*>(first + head);
    int64_t i = thread;
    // Several loads are under way before the first is used: it is their number that memory's delay is hidden by.
    constexpr int batch = 4;
    for (; i + (batch - 1) * threads < packs; i += batch * threads) {
        typename Wide<T>::type pack[batch];
#pragma unroll
        for (int b = 0; b < batch; ++b) pack[b] = body[i + b * threads];
#pragma unroll
        for (int b = 0; b < batch; ++b)
#pragma unroll
            for (int j = 0; j < width; ++j) f(pack[b].v[j]);
    }
    for (; i < packs; i += threads) {
        const typename Wide<T>::type pack = body[i];
#pragma unroll
        for (int j = 0; j < width; ++j) f(pack.v[j]);
    }
    const int64_t tail = head + packs * width + thread;
    if (tail < count) f(first[tail]);
}

// The sum over a warp, in every lane, added in the same order in every run.
__device__ __forceinline__ double warp_sum(double v) {
#pragma unroll
    for (int step = kWarp / 2; step > 0; step /= 2) v += __shfl_xor_sync(kAllLanes, v, step);
    return v;
}

// The sum over a block of whole warps, in every thread, added in the same order in every run.
__device__ __forceinline__ double block_sum(double v) {
    __shared__ double sums[kWarp];
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    v = warp_sum(v);
    __syncthreads();  // what an earlier call left is read
    if (lane == 0) sums[threadIdx.x / kWarp] = v;
    __syncthreads();
    return warp_sum(lane < static_cast<int>(blockDim.x) / kWarp ? sums[lane] : 0.0);
}

// The largest over a warp, in every lane; NaNs are passed over.
template <class T>
__device__ __forceinline__ T warp_max(T v) {
#pragma unroll
    for (int step = kWarp / 2; step > 0; step /= 2) v = fmax(v, __shfl_xor_sync(kAllLanes, v, step));
    return v;
}

}  // namespace cuda
}  // namespace atl
