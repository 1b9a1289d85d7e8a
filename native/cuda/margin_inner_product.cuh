// The kernels of the margin inner product, as device functions over T = float or double;
// native/cuda/margin_inner_product.cu makes the kernels of the fatbin of them, a Caffe build its own. What they compute
// is stated in native/include/atl/margin_inner_product.h, and by native/margin/margin.h.
//
// The products are not in here. One training step is
//     normalize_rows            W
//     (BLAS)                    logits = x W^T
//     forward, or forward_semihard
//     (BLAS)                    dw += dlogits^T x,  dx = dlogits W
//     backward                  dx
//     replace_rows              W, with a triplet bank
// all on one stream. Everything beside the products moves O(M K), N K once, and with semi-hard mining M N once; nothing
// of M x N is stored but the logits.
//
// Blocks have one dimension, of a multiple of 32 threads (at most kThreads; forward_semihard kMiningThreads); any grid
// will do, since every kernel goes on in steps of the grid. Sums are taken in double precision and in a fixed order, so
// a launch gives the same bits in every run. Labels have been checked by who launches, and k < 2^31; a label outside
// [0, n) leaves logits and W alone and gives the sample no gradient.
#pragma once

#include "../margin/margin.h"
#include "rows.cuh"

namespace atl {
namespace cuda {

// Threads of a block that looks for semi-hard samples.
constexpr int kMiningThreads = 512;

// The class of a sample, or -1 where it has none.
template <class T>
__device__ __forceinline__ int64_t class_of(T label, int64_t n) {
    return label >= T(0) && label < static_cast<T>(n) ? static_cast<int64_t>(label) : -1;
}

template <class T, int N>
__device__ __forceinline__ double squares_of(const Pack<T, N>& pack) {
    double sum = 0;
#pragma unroll
    for (int j = 0; j < N; ++j) sum += static_cast<double>(pack.v[j]) * pack.v[j];
    return sum;
}

// One warp scales a row of `items` packs to unit length. Where the row has up to 64 bytes a lane (512 floats) it stays
// in registers between the two passes; the rest of a longer one is read again, mostly from cache.
template <class T, int N>
__device__ __forceinline__ void normalize_row(int items, Pack<T, N>* row, int lane) {
    constexpr int kept = static_cast<int>(64 / sizeof(Pack<T, N>));
    Pack<T, N> keep[kept];
    double sum = 0;
#pragma unroll
    for (int c = 0; c < kept; ++c) keep[c] = lane + c * kWarp < items ? row[lane + c * kWarp] : Pack<T, N>();
#pragma unroll
    for (int c = 0; c < kept; ++c) sum += squares_of(keep[c]);
    for (int i = lane + kept * kWarp; i < items; i += kWarp) sum += squares_of(row[i]);
    const T scale = margin::unit_scale<T>(warp_sum(sum));
    if (scale == T(1)) return;
#pragma unroll
    for (int c = 0; c < kept; ++c) {
#pragma unroll
        for (int j = 0; j < N; ++j) keep[c].v[j] *= scale;
        if (lane + c * kWarp < items) row[lane + c * kWarp] = keep[c];
    }
    for (int i = lane + kept * kWarp; i < items; i += kWarp) {
        Pack<T, N> pack = row[i];
#pragma unroll
        for (int j = 0; j < N; ++j) pack.v[j] *= scale;
        row[i] = pack;
    }
}

// Every row of w (n x k) gets unit length; a warp a row. Rows that have it already are read but not written.
template <class T>
__device__ __forceinline__ void normalize_rows(int64_t n, int64_t k, T* w) {
    constexpr int width = Wide<T>::kSize;
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    const int64_t warps = blockDim.x / kWarp, step = warps * gridDim.x;
    const bool wide = k % width == 0 && is_wide(w);
    for (int64_t row = warps * blockIdx.x + threadIdx.x / kWarp; row < n; row += step) {
        T* first = w + row * k;
        if (wide) normalize_row(static_cast<int>(k / width), reinterpret_cast<typename Wide<T>::type*>(first), lane);
        else normalize_row(static_cast<int>(k), reinterpret_cast<Pack<T, 1>*>(first), lane);
    }
}

// What a sample's logits are decided by.
template <class T>
struct Facts {
    double squares;  // |x|^2
    T before;        // the largest logit below the label
    T after;         // the largest logit above it
};

// One thread puts the margin on the label's logit and writes the sample's state.
template <class T>
__device__ __forceinline__ void finish_sample(
    margin::Type type, bool mines, int64_t m, int64_t i, T lambda, const Facts<T>& facts, T* at_label, T* state) {
    const T norm = static_cast<T>(sqrt(facts.squares));
    T dot = T(0);
    bool keeps = false;
    if (at_label != nullptr) {
        dot = *at_label;
        const T with_margin = margin::label_logit(type, lambda, dot, norm);
        keeps = margin::gives_gradient(type, norm);
        if (keeps && mines)
            keeps = margin::keeps_gradient(type, margin::label_wins(with_margin, facts.before, facts.after),
                margin::label_wins(dot, facts.before, facts.after));
        *at_label = with_margin;
    }
    state[i] = norm;
    state[m + i] = dot;
    state[2 * m + i] = keeps ? T(1) : T(0);
}

// The margin on plain logits x W^T (m x n), without mining; a warp a sample.
template <class T>
__device__ __forceinline__ void forward(
    margin::Type type, int64_t m, int64_t n, int64_t k, T lambda, const T* x, const T* label, T* logits, T* state) {
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    const int64_t warps = blockDim.x / kWarp, step = warps * gridDim.x;
    for (int64_t i = warps * blockIdx.x + threadIdx.x / kWarp; i < m; i += step) {
        Facts<T> facts = {0, T(-INFINITY), T(-INFINITY)};
        for_each(x + i * k, k, lane, kWarp, [&](T v) { facts.squares += static_cast<double>(v) * v; });
        facts.squares = warp_sum(facts.squares);
        if (lane != 0) continue;
        const int64_t y = class_of(label[i], n);
        finish_sample(type, false, m, i, lambda, facts, y < 0 ? nullptr : logits + i * n + y, state);
    }
}

// Joins the facts of all threads of a block; every thread gets the result. Two calls need a barrier between them.
template <class T>
__device__ __forceinline__ Facts<T> join_block(Facts<T> facts) {
    __shared__ double squares[kWarp];
    __shared__ T before[kWarp], after[kWarp];
    const int lane = static_cast<int>(threadIdx.x) % kWarp, warp = static_cast<int>(threadIdx.x) / kWarp;
    facts.squares = warp_sum(facts.squares);
    facts.before = warp_max(facts.before);
    facts.after = warp_max(facts.after);
    if (lane == 0) {
        squares[warp] = facts.squares;
        before[warp] = facts.before;
        after[warp] = facts.after;
    }
    __syncthreads();
    const bool has = lane < static_cast<int>(blockDim.x) / kWarp;
    facts.squares = warp_sum(has ? squares[lane] : 0.0);
    facts.before = warp_max(has ? before[lane] : T(-INFINITY));
    facts.after = warp_max(has ? after[lane] : T(-INFINITY));
    return facts;
}

// The margin on plain logits x W^T (m x n), and which samples are semi-hard; a block a sample, which reads its logits
// once.
template <class T>
__device__ __forceinline__ void forward_semihard(
    margin::Type type, int64_t m, int64_t n, int64_t k, T lambda, const T* x, const T* label, T* logits, T* state) {
    const int thread = static_cast<int>(threadIdx.x), threads = static_cast<int>(blockDim.x);
    for (int64_t i = blockIdx.x; i < m; i += gridDim.x) {
        const int64_t y = class_of(label[i], n);
        T* row = logits + i * n;
        Facts<T> facts = {0, T(-INFINITY), T(-INFINITY)};
        for_each(x + i * k, k, thread, threads, [&](T v) { facts.squares += static_cast<double>(v) * v; });
        if (y >= 0) {
            for_each(row, y, thread, threads, [&](T v) { facts.before = fmax(facts.before, v); });
            for_each(row + y + 1, n - y - 1, thread, threads, [&](T v) { facts.after = fmax(facts.after, v); });
        }
        facts = join_block(facts);
        if (thread == 0) finish_sample(type, true, m, i, lambda, facts, y < 0 ? nullptr : row + y, state);
        __syncthreads();
    }
}

// dx = keeps ? dx + row w + sample x : 0, for one sample; a block shares the packs out.
template <class T, int N>
__device__ __forceinline__ void finish_gradient(int64_t items, bool keeps, T row, T sample,
    const Pack<T, N>* __restrict__ w, const Pack<T, N>* __restrict__ x, Pack<T, N>* __restrict__ dx) {
    for (int64_t i = threadIdx.x; i < items; i += blockDim.x) {
        Pack<T, N> result = Pack<T, N>();
        if (keeps) {
            const Pack<T, N> of_row = w[i], of_sample = x[i];
            result = dx[i];
#pragma unroll
            for (int j = 0; j < N; ++j) result.v[j] += row * of_row.v[j] + sample * of_sample.v[j];
        }
        dx[i] = result;
    }
}

// Adds what the margin changes to the plain gradient dx = dlogits W (m x k), and clears the samples that get none; a
// block a sample.
template <class T>
__device__ __forceinline__ void backward(margin::Type type, bool exact, int64_t m, int64_t n, int64_t k, T lambda,
    const T* x, const T* label, const T* w, const T* state, const T* dlogits, T* dx) {
    constexpr int width = Wide<T>::kSize;
    const bool wide = k % width == 0 && is_wide(x) && is_wide(w) && is_wide(dx);
    for (int64_t i = blockIdx.x; i < m; i += gridDim.x) {
        const int64_t y = class_of(label[i], n);
        const bool keeps = y >= 0 && state[2 * m + i] != T(0);
        if (keeps && type == margin::kSingle) continue;
        T row = T(0), sample = T(0);
        if (keeps) {
            const margin::Coefficients<T> c = margin::label_gradient(type, exact, lambda, state[m + i], state[i]);
            const T g = dlogits[i * n + y];
            row = g * (c.row - T(1));
            sample = g * c.sample;
        }
        const T *of_row = keeps ? w + y * k : w, *of_sample = x + i * k;
        T* to = dx + i * k;
        if (wide)
            finish_gradient(k / width, keeps, row, sample, reinterpret_cast<const typename Wide<T>::type*>(of_row),
                reinterpret_cast<const typename Wide<T>::type*>(of_sample),
                reinterpret_cast<typename Wide<T>::type*>(to));
        else
            finish_gradient(k, keeps, row, sample, reinterpret_cast<const Pack<T, 1>*>(of_row),
                reinterpret_cast<const Pack<T, 1>*>(of_sample), reinterpret_cast<Pack<T, 1>*>(to));
    }
}

// Each sample that the stream draws becomes its class's row of w; a block a sample. Of several drawn samples of one
// class only the last writes, so no two blocks write to one row.
template <class T>
__device__ __forceinline__ void replace_rows(
    int64_t m, int64_t n, int64_t k, const T* x, const T* label, uint64_t key, uint64_t position, T* w) {
    constexpr int width = Wide<T>::kSize;
    const bool wide = k % width == 0 && is_wide(x) && is_wide(w);
    for (int64_t i = blockIdx.x; i < m; i += gridDim.x) {
        const int64_t y = class_of(label[i], n);
        if (y < 0 || !margin::draws_replacement(key, position + static_cast<uint64_t>(i))) continue;
        int later = 0;
        for (int64_t j = i + 1 + threadIdx.x; j < m && !later; j += blockDim.x)
            later = class_of(label[j], n) == y && margin::draws_replacement(key, position + static_cast<uint64_t>(j));
        if (__syncthreads_or(later)) continue;
        const T* from = x + i * k;
        T* to = w + y * k;
        if (wide)
            for (int64_t j = threadIdx.x; j < k / width; j += blockDim.x)
                reinterpret_cast<typename Wide<T>::type*>(to)[j] =
                    reinterpret_cast<const typename Wide<T>::type*>(from)[j];
        else
            for (int64_t j = threadIdx.x; j < k; j += blockDim.x) to[j] = from[j];
    }
}

}  // namespace cuda
}  // namespace atl
