// Batch normalisation of an n x channels x spatial array.
#include "atl/batch_norm.h"
#include "cuda/channel_sums.cuh"

// The parts of the sums, over each channel, of the distances from its first element and of their squares. That element
// lies among the values, so the difference of the two means loses no more than a few bits, however far the values are
// from 0.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_batch_norm_statistics_parts(atl_batch_norm of, int64_t slices, const float* x, double* parts) {
    atl::cuda::sum_channels<2>(of.n, of.c, of.spatial, slices, parts, [=](int64_t i, int64_t c, float(&terms)[2]) {
        const float d = x[i] - x[c * of.spatial];
        terms[0] = d;
        terms[1] = d * d;
    });
}

// The batch's mean and 1 / sqrt(variance + eps) of each channel, and what is stored: sums of means times `share`, of
// variances times `variance_share` and of weights `share`, which fade by `fraction`.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_batch_norm_statistics(atl_batch_norm of, int64_t slices, const float* x, const double* parts, float* mean,
        float* inverse, float* stored_mean, float* stored_variance, float* stored_weight) {
    using namespace atl::cuda;
    const double count = static_cast<double>(of.n) * static_cast<double>(of.spatial);
    // With a fraction of 0 what was stored does not matter.
    const auto fade = [=](float stored) { return of.fraction == 0 ? 0.0f : of.fraction * stored; };
    for_indices(of.c, [=](int64_t c) {
        const double shift = sum_of_parts(2, 0, c, of.c, of.spatial, slices, parts) / count;
        const double square = sum_of_parts(2, 1, c, of.c, of.spatial, slices, parts) / count;
        const float m = static_cast<float>(x[c * of.spatial] + shift),
                    v = static_cast<float>(fmax(0.0, square - shift * shift));
        mean[c] = m;
        inverse[c] = static_cast<float>(1.0 / sqrt(static_cast<double>(v) + of.eps));
        stored_mean[c] = fade(stored_mean[c]) + of.share * m;
        stored_variance[c] = fade(stored_variance[c]) + of.variance_share * v;
        if (c == 0) stored_weight[0] = fade(stored_weight[0]) + of.share;
    });
}

// The same from what is stored.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_batch_norm_stored(atl_batch_norm of,
    const float* stored_mean, const float* stored_variance, const float* stored_weight, float* mean, float* inverse) {
    const float sum = stored_weight[0], factor = sum == 0 ? 0.0f : 1 / sum;
    atl::cuda::for_indices(of.c, [=](int64_t c) {
        mean[c] = factor * stored_mean[c];
        inverse[c] = static_cast<float>(1.0 / sqrt(static_cast<double>(factor * stored_variance[c]) + of.eps));
    });
}

// y = (x - mean[c]) inverse[c]; y may be x.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_batch_norm_forward(atl_batch_norm of, const float* x, const float* mean, const float* inverse, float* y) {
    atl::cuda::map_channels<1>(of.n * of.c * of.spatial, of.c, of.spatial, {{x}}, y,
        [=](const float(&v)[1], int64_t c) { return (v[0] - mean[c]) * inverse[c]; });
}

// The parts of the sums of dy and of dy y over each channel.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_batch_norm_backward_parts(atl_batch_norm of,
    int64_t slices, const float* x, const float* mean, const float* inverse, const float* dy, double* parts) {
    atl::cuda::sum_channels<2>(of.n, of.c, of.spatial, slices, parts, [=](int64_t i, int64_t c, float(&terms)[2]) {
        terms[0] = dy[i];
        terms[1] = dy[i] * ((x[i] - mean[c]) * inverse[c]);
    });
}

// Their means: mean_dy and, `c` further, mean_dy_y.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_batch_norm_backward_means(atl_batch_norm of, int64_t slices, const double* parts, float* means) {
    const double count = static_cast<double>(of.n) * static_cast<double>(of.spatial);
    atl::cuda::for_indices(2 * of.c, [=](int64_t i) {
        const int t = i < of.c ? 0 : 1;
        means[i] =
            static_cast<float>(atl::cuda::sum_of_parts(2, t, i - t * of.c, of.c, of.spatial, slices, parts) / count);
    });
}

// dx = (dy - mean_dy - y mean_dy_y) inverse; dx may be dy.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_batch_norm_backward(atl_batch_norm of,
    const float* x, const float* mean, const float* inverse, const float* means, const float* dy, float* dx) {
    atl::cuda::map_channels<2>(
        of.n * of.c * of.spatial, of.c, of.spatial, {{x, dy}}, dx, [=](const float(&v)[2], int64_t c) {
            const float y = (v[0] - mean[c]) * inverse[c];
            return (v[1] - means[c] - y * means[of.c + c]) * inverse[c];
        });
}
