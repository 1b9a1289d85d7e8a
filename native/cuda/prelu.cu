// PReLU with a slope for each channel of an n x channels x spatial array.
#include "cuda/channel_sums.cuh"

// y = x > 0 ? x : slope x; y may be x. kept, if it is there, takes x.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_prelu_forward(int64_t count, int64_t channels,
    int64_t spatial, const float* x, const float* slope, float* y, ATL_OPTIONAL float* kept) {
    using namespace atl::cuda;
    // Without a copy, and where it is begun at an address as good as that of x, elements move 16 bytes at a time.
    if (kept == nullptr) {
        map_channels<1>(count, channels, spatial, {{x}}, y,
            [=](const float(&v)[1], int64_t c) { return (v[0] > 0 ? 1.0f : slope[c]) * v[0]; });
        return;
    }
    if (spatial % 4 == 0 && is_wide(x) && is_wide(y) && is_wide(kept)) {
        for_indices(count / 4, [=](int64_t pack) {
            const int64_t row = quotient(4 * pack, spatial);
            const float below = slope[row - quotient(row, channels) * channels];
            Pack<float, 4> v = reinterpret_cast<const Pack<float, 4>*>(x)[pack];
            reinterpret_cast<Pack<float, 4>*>(kept)[pack] = v;
#pragma unroll
            for (int j = 0; j < 4; ++j) v.v[j] *= v.v[j] > 0 ? 1.0f : below;
            reinterpret_cast<Pack<float, 4>*>(y)[pack] = v;
        });
        return;
    }
    for_indices(count, [=](int64_t i) {
        const int64_t row = quotient(i, spatial);
        const float v = x[i], below = slope[row - quotient(row, channels) * channels];
        kept[i] = v;
        y[i] = (v > 0 ? 1.0f : below) * v;
    });
}

// dx = dy (x > 0 ? 1 : slope); dx may be dy.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_prelu_backward(
    int64_t count, int64_t channels, int64_t spatial, const float* x, const float* slope, const float* dy, float* dx) {
    atl::cuda::map_channels<2>(count, channels, spatial, {{x, dy}}, dx,
        [=](const float(&v)[2], int64_t c) { return (v[0] > 0 ? 1.0f : slope[c]) * v[1]; });
}

// The same, where dx is there, and the parts of the sums of dy x over the elements with x <= 0.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_prelu_backward_parts(int64_t n, int64_t channels, int64_t spatial, int64_t slices, const float* x,
        const float* slope, const float* dy, ATL_OPTIONAL float* dx, double* parts) {
    atl::cuda::sum_channels<1>(n, channels, spatial, slices, parts, [=](int64_t i, int64_t c, float(&terms)[1]) {
        const float v = x[i], gradient = dy[i];
        if (dx != nullptr) dx[i] = (v > 0 ? 1.0f : slope[c]) * gradient;
        terms[0] = v > 0 ? 0.0f : v * gradient;
    });
}
