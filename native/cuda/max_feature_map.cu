// The larger of the halves of each row, an element a thread: neighbouring threads read neighbouring elements.
#include "cuda/maps.cuh"

// y[r, i] = max(x[r, i], x[r, half + i]).
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_max_feature_map_forward(int64_t rows, int64_t half, const float* x, float* y) {
    atl::cuda::for_indices(rows * half, [=](int64_t i) {
        const int64_t first = i + atl::cuda::quotient(i, half) * half;
        const float a = x[first], b = x[first + half];
        y[i] = a > b ? a : b;
    });
}

// dx is dy where x is the larger, of equals in the second half, and 0 elsewhere.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_max_feature_map_backward(int64_t rows, int64_t half, const float* x, const float* dy, float* dx) {
    atl::cuda::for_indices(rows * half, [=](int64_t i) {
        const int64_t first = i + atl::cuda::quotient(i, half) * half;
        const bool is_first = x[first] > x[first + half];
        dx[first] = is_first ? dy[i] : 0.0f;
        dx[first + half] = is_first ? 0.0f : dy[i];
    });
}
