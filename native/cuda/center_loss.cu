// The centre loss (Wen et al., ECCV 2016): the distances of m samples of k features to the centres of their classes.
#include "cuda/labels.cuh"

namespace {

// v, or its sign.
__device__ __forceinline__ float distance_slope(int32_t absolute, float v) {
    return absolute == 0 ? v : v > 0 ? 1.0f : v < 0 ? -1.0f : 0.0f;
}

}  // namespace

// parts[i] = |x_i - c_y|^2, or |x_i - c_y|_1 where `absolute`; a block a sample.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_center_loss_parts(int64_t m, int64_t n, int64_t k,
    int32_t absolute, const float* x, const float* labels, const float* centers, double* parts) {
    for (int64_t i = blockIdx.x; i < m; i += gridDim.x) {
        const int64_t y = atl::cuda::label_of(labels[i], n, 0, 0);
        double sum = 0;
        for (int64_t j = threadIdx.x; y >= 0 && j < k; j += blockDim.x) {
            const float d = x[i * k + j] - centers[y * k + j];
            sum += static_cast<double>(absolute == 0 ? d * d : fabsf(d));
        }
        sum = atl::cuda::block_sum(sum);
        if (threadIdx.x == 0) parts[i] = sum;
    }
}

// dx_i = factor (x_i - c_y), or factor times the signs.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_center_loss_backward(int64_t m, int64_t n,
    int64_t k, int32_t absolute, float factor, const float* x, const float* labels, const float* centers, float* dx) {
    atl::cuda::for_indices(m * k, [=](int64_t at) {
        const int64_t i = atl::cuda::quotient(at, k), y = atl::cuda::label_of(labels[i], n, 0, 0);
        dx[at] = y < 0 ? 0.0f : factor * distance_slope(absolute, x[at] - centers[y * k + at - i * k]);
    });
}

// dcenters_y += sum (c_y - x_i) / (1 + how many) over the samples of each class, or the same of the signs. A block a
// sample, and the first sample of a class works for all of them, in their order: each row has one writer.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_center_loss_update(int64_t m, int64_t n,
    int64_t k, int32_t absolute, const float* x, const float* labels, const float* centers, float* dcenters) {
    using namespace atl::cuda;
    for (int64_t i = blockIdx.x; i < m; i += gridDim.x) {
        const int64_t y = label_of(labels[i], n, 0, 0);
        int earlier = 0;
        double later = 0;
        for (int64_t j = threadIdx.x; y >= 0 && j < m; j += blockDim.x) {
            const bool same = label_of(labels[j], n, 0, 0) == y;
            earlier |= same && j < i ? 1 : 0;
            later += same && j >= i ? 1 : 0;
        }
        if (__syncthreads_or(earlier) || y < 0) continue;
        const float factor = 1.0f / static_cast<float>(block_sum(later) + 1);
        for (int64_t c = threadIdx.x; c < k; c += blockDim.x) {
            const float center = centers[y * k + c];
            float sum = 0;
            for (int64_t j = i; j < m; ++j)
                if (label_of(labels[j], n, 0, 0) == y) sum += factor * distance_slope(absolute, center - x[j * k + c]);
            dcenters[y * k + c] += sum;
        }
    }
}
