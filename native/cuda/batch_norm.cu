// Batch normalisation of an n x channels x spatial array.
#include "cuda/channel_sums.cuh"

// The parts of the sums, over each channel, of the distances from its first element and of their squares. That element
// lies among the values, so the difference of the two means loses no more than a few bits, however far the values are
// from 0.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_batch_norm_statistics_parts(
    int64_t n, int64_t channels, int64_t spatial, int64_t slices, const float* x, double* parts) {
    atl::cuda::sum_channels<2>(n, channels, spatial, slices, parts, [=](int64_t i, int64_t c, float(&terms)[2]) {
        const float d = x[i] - x[c * spatial];
        terms[0] = d;
        terms[1] = d * d;
    });
}

// The batch's mean and 1 / sqrt(variance + eps) of each channel, and what is stored: sums of means times `share`, of
// variances times `variance_share` and of weights `share`, which fade by `fraction`.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_batch_norm_statistics(int64_t n, int64_t channels, int64_t spatial, int64_t slices, float eps, float fraction,
        float share, float variance_share, const float* x, const double* parts, float* mean, float* inverse,
        float* stored_mean, float* stored_variance, float* stored_weight) {
    using namespace atl::cuda;
    const double count = static_cast<double>(n) * static_cast<double>(spatial);
    // With fraction 0 what was stored does not matter.
    const auto fade = [=](float stored) { return fraction == 0 ? 0.0f : fraction * stored; };
    for_indices(channels, [=](int64_t c) {
        const double shift = sum_of_parts(2, 0, c, channels, spatial, slices, parts) / count;
        const double square = sum_of_parts(2, 1, c, channels, spatial, slices, parts) / count;
        const float m = static_cast<float>(x[c * spatial] + shift),
                    v = static_cast<float>(fmax(0.0, square - shift * shift));
        mean[c] = m;
        inverse[c] = static_cast<float>(1.0 / sqrt(static_cast<double>(v) + eps));
        stored_mean[c] = fade(stored_mean[c]) + share * m;
        stored_variance[c] = fade(stored_variance[c]) + variance_share * v;
        if (c == 0) stored_weight[0] = fade(stored_weight[0]) + share;
    });
}

// The same from what is stored.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_batch_norm_stored(int64_t channels, float eps,
    const float* stored_mean, const float* stored_variance, const float* stored_weight, float* mean, float* inverse) {
    const float sum = stored_weight[0], factor = sum == 0 ? 0.0f : 1 / sum;
    atl::cuda::for_indices(channels, [=](int64_t c) {
        mean[c] = factor * stored_mean[c];
        inverse[c] = static_cast<float>(1.0 / sqrt(static_cast<double>(factor * stored_variance[c]) + eps));
    });
}

// y = (x - mean[c]) inverse[c]; y may be x.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_batch_norm_forward(int64_t count,
    int64_t channels, int64_t spatial, const float* x, const float* mean, const float* inverse, float* y) {
    atl::cuda::map_channels<1>(count, channels, spatial, {{x}}, y,
        [=](const float(&v)[1], int64_t c) { return (v[0] - mean[c]) * inverse[c]; });
}

// The parts of the sums of dy and of dy y over each channel.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_batch_norm_backward_parts(int64_t n, int64_t channels, int64_t spatial, int64_t slices, const float* x,
        const float* mean, const float* inverse, const float* dy, double* parts) {
    atl::cuda::sum_channels<2>(n, channels, spatial, slices, parts, [=](int64_t i, int64_t c, float(&terms)[2]) {
        terms[0] = dy[i];
        terms[1] = dy[i] * ((x[i] - mean[c]) * inverse[c]);
    });
}

// Their means: mean_dy and, `channels` further, mean_dy_y.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_batch_norm_backward_means(
    int64_t n, int64_t channels, int64_t spatial, int64_t slices, const double* parts, float* means) {
    const double count = static_cast<double>(n) * static_cast<double>(spatial);
    atl::cuda::for_indices(2 * channels, [=](int64_t i) {
        const int t = i < channels ? 0 : 1;
        means[i] = static_cast<float>(
            atl::cuda::sum_of_parts(2, t, i - t * channels, channels, spatial, slices, parts) / count);
    });
}

// dx = (dy - mean_dy - y mean_dy_y) inverse; dx may be dy.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_batch_norm_backward(int64_t count, int64_t channels, int64_t spatial, const float* x, const float* mean,
        const float* inverse, const float* means, const float* dy, float* dx) {
    atl::cuda::map_channels<2>(count, channels, spatial, {{x, dy}}, dx, [=](const float(&v)[2], int64_t c) {
        const float y = (v[0] - mean[c]) * inverse[c];
        return (v[1] - means[c] - y * means[channels + c]) * inverse[c];
    });
}
