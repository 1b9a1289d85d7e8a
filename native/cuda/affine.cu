// A scale and a shift for each channel of an n x channels x spatial array.
#include "cuda/channel_sums.cuh"

// y = scale[c] x + shift[c], with 1 and 0 for what is not there; y may be x.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_affine_forward(int64_t count, int64_t channels,
    int64_t spatial, const float* x, ATL_OPTIONAL const float* scale, ATL_OPTIONAL const float* shift, float* y) {
    const atl::cuda::Inputs<1> in = {{x}};
    if (scale != nullptr && shift != nullptr)
        atl::cuda::map_channels<1>(
            count, channels, spatial, in, y, [=](const float(&v)[1], int64_t c) { return scale[c] * v[0] + shift[c]; });
    else if (scale != nullptr)
        atl::cuda::map_channels<1>(
            count, channels, spatial, in, y, [=](const float(&v)[1], int64_t c) { return scale[c] * v[0]; });
    else if (shift != nullptr)
        atl::cuda::map_channels<1>(
            count, channels, spatial, in, y, [=](const float(&v)[1], int64_t c) { return v[0] + shift[c]; });
}

// dx = scale[c] dy where dx is there (dx may be dy), and the parts of the sums of dy x (where x is there) and of dy.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_affine_backward_parts(int64_t n, int64_t channels, int64_t spatial, int64_t slices, ATL_OPTIONAL const float* x,
        ATL_OPTIONAL const float* scale, const float* dy, ATL_OPTIONAL float* dx, double* parts) {
    atl::cuda::sum_channels<2>(n, channels, spatial, slices, parts, [=](int64_t i, int64_t c, float(&terms)[2]) {
        const float gradient = dy[i];
        terms[0] = x == nullptr ? 0.0f : x[i] * gradient;
        terms[1] = gradient;
        if (dx != nullptr) dx[i] = scale == nullptr ? gradient : scale[c] * gradient;
    });
}
