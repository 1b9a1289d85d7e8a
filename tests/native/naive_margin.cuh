// The margin inner product's kernels in their plainest form: one thread a row, every formula written out as it was
// published. The kernels that ship are held against these in double precision, and measured against these on a GPU.
// Shares nothing with native/margin or native/cuda but the random stream.
#pragma once

#include <math.h>
#include <stdint.h>

#include "common/philox.h"

namespace naive {

__device__ inline int64_t thread() { return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; }

template <class T>
__device__ inline T sign(T v) {
    return v > 0 ? T(1) : v < 0 ? T(-1) : T(0);
}

template <class T>
__global__ void normalize_rows(int64_t n, int64_t k, T* w) {
    const int64_t row = thread();
    if (row >= n) return;
    T sum = 0;
    for (int64_t j = 0; j < k; ++j) sum += w[row * k + j] * w[row * k + j];
    const T norm = sqrt(sum);
    for (int64_t j = 0; j < k; ++j) w[row * k + j] = norm == 0 ? w[row * k + j] : w[row * k + j] / norm;
}

// c of the label: 1 for a sample that is too short.
template <class T>
__device__ inline T cosine(T dot, T norm) {
    if (norm <= T(1e-3)) return T(1);
    const T c = dot / norm;
    return c > 1 ? T(1) : c < -1 ? T(-1) : c;
}

// Type: 0 single, 1 double, 2 triple, 3 quadruple.
template <class T>
__device__ inline T margin_logit(int type, T lambda, T dot, T norm) {
    const T c = cosine(dot, norm), s0 = sign(c);
    if (type == 0) return dot;
    if (type == 1) return norm <= T(1e-3) ? T(0) : (lambda * dot + norm * (2 * s0 * c * c - 1)) / (1 + lambda);
    if (type == 2) {
        const T s1 = sign(fabs(c) - T(0.5)), s2 = s0 * (1 + s1) - 2;
        return (lambda * dot + norm * (s1 * (4 * c * c * c - 3 * c) + s2)) / (1 + lambda);
    }
    const T s3 = s0 * sign(2 * c * c - 1), s4 = 2 * s0 + s3 - 3;
    return (lambda * dot + norm * (s3 * (8 * c * c * c * c - 8 * c * c + 1) + s4)) / (1 + lambda);
}

// state: |x|, x.w_y, 1 or 0 for a sample that gets a gradient.
template <class T>
__global__ void forward(int type, bool semihard, int64_t m, int64_t n, int64_t k, T lambda, const T* x, const T* label,
    T* logits, T* state) {
    const int64_t i = thread();
    if (i >= m) return;
    T sum = 0;
    for (int64_t j = 0; j < k; ++j) sum += x[i * k + j] * x[i * k + j];
    const T norm = sqrt(sum);
    const int64_t y = static_cast<int64_t>(label[i]);
    T* row = logits + i * n;
    const T dot = row[y];
    int64_t p = 0, q = 0;
    for (int64_t j = 1; j < n; ++j)
        if (row[j] > row[q]) q = j;
    row[y] = margin_logit(type, lambda, dot, norm);
    for (int64_t j = 1; j < n; ++j)
        if (row[j] > row[p]) p = j;
    bool keeps = !(type == 1 && norm <= T(1e-3));
    if (semihard && p == y) keeps = false;
    if (semihard && q != y && type != 0) keeps = false;
    state[i] = norm;
    state[m + i] = dot;
    state[2 * m + i] = keeps ? T(1) : T(0);
}

// dx holds dlogits W.
template <class T>
__global__ void backward(int type, bool exact, int64_t m, int64_t n, int64_t k, T lambda, const T* x, const T* label,
    const T* w, const T* state, const T* dlogits, T* dx) {
    const int64_t i = thread();
    if (i >= m) return;
    const int64_t y = static_cast<int64_t>(label[i]);
    const T norm = state[i], c = cosine(state[m + i], norm), s0 = sign(c), g = dlogits[i * n + y];
    T a = 0, b = 0;
    if (type == 1) {
        a = 4 * s0 * c;
        b = -(2 * s0 * c * c + 1) / norm;
    } else if (type == 2) {
        const T s1 = sign(fabs(c) - T(0.5)), s2 = s0 * (1 + s1) - 2;
        a = s1 * (12 * c * c - 3);
        b = -(8 * s1 * c * c * c - s2) / norm;
    } else if (type == 3) {
        const T s3 = s0 * sign(2 * c * c - 1), s4 = 2 * s0 + s3 - 3;
        a = s3 * (32 * c * c * c - 16 * c);
        b = -(s3 * (24 * c * c * c * c - 8 * c * c - 1) - s4) / norm;
    }
    if (norm == 0) {
        b = 0;
        if (!exact) a = 0;
    } else if (!exact && type != 0) {
        const T length = sqrt(a * a + b * b);
        a /= length;
        b /= length;
    }
    for (int64_t j = 0; j < k; ++j) {
        const T row = w[y * k + j];
        T d = dx[i * k + j];
        if (type != 0)
            d += -g * row + lambda / (1 + lambda) * g * row + g / (1 + lambda) * (a * row + b * x[i * k + j]);
        dx[i * k + j] = state[2 * m + i] != 0 ? d : T(0);
    }
}

// One thread in all: the order of the samples is what is asked for.
template <class T>
__global__ void replace_rows(int64_t m, int64_t k, const T* x, const T* label, uint64_t key, uint64_t position, T* w) {
    if (thread() != 0) return;
    for (int64_t i = 0; i < m; ++i) {
        const uint64_t digit =
            static_cast<uint64_t>(atl::philox_word(position + static_cast<uint64_t>(i), key)) * 10 >> 32;
        if (digit <= 4) continue;
        for (int64_t j = 0; j < k; ++j) w[static_cast<int64_t>(label[i]) * k + j] = x[i * k + j];
    }
}

}  // namespace naive
