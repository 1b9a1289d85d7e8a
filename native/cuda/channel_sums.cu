// Sums over channels for whoever adds them to a gradient, and the addition of a number for each channel.
#include "cuda/channel_sums.cuh"

// y[n][c][s] += bias[c].
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_channel_add(int64_t count, int64_t channels, int64_t spatial, const float* bias, float* y) {
    atl::cuda::map_channels<1>(
        count, channels, spatial, {{y}}, y, [=](const float(&v)[1], int64_t c) { return v[0] + bias[c]; });
}

// The parts of the sums of dy over each channel.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_channel_sum_parts(
    int64_t n, int64_t channels, int64_t spatial, int64_t slices, const float* dy, double* parts) {
    atl::cuda::sum_channels<1>(
        n, channels, spatial, slices, parts, [=](int64_t i, int64_t, float(&terms)[1]) { terms[0] = dy[i]; });
}

// first[c] += the sum of the first term over channel c, second[c] += that of the last, where they are there.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_channel_sums_add(int32_t terms, int64_t channels,
    int64_t spatial, int64_t slices, const double* parts, ATL_OPTIONAL float* first, ATL_OPTIONAL float* second) {
    atl::cuda::for_indices(channels, [=](int64_t c) {
        if (first != nullptr)
            first[c] += static_cast<float>(atl::cuda::sum_of_parts(terms, 0, c, channels, spatial, slices, parts));
        if (second != nullptr)
            second[c] +=
                static_cast<float>(atl::cuda::sum_of_parts(terms, terms - 1, c, channels, spatial, slices, parts));
    });
}
