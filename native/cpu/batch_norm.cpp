#include "atl/batch_norm.h"

#include <cmath>

#include "common/channels.h"

namespace {

std::vector<float> inverse_deviations(int64_t c, float eps, const float* variance) {
    std::vector<float> inverse(static_cast<size_t>(c));
    for (int64_t i = 0; i < c; ++i)
        inverse[static_cast<size_t>(i)] = static_cast<float>(1.0 / std::sqrt(static_cast<double>(variance[i]) + eps));
    return inverse;
}

// Where channel c's first element lies.
int64_t first_element(const atl::ChannelView& v, int64_t c) { return c / v.block * v.spatial * v.block + c % v.block; }

}  // namespace

extern "C" atl_status atl_batch_norm_statistics(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x, float* mean, float* variance) {
    return atl::guard([&] {
        const atl::ChannelView v(n, c, spatial, layout);
        atl::require(
            v.count() > 0 && x != nullptr && mean != nullptr && variance != nullptr, "no elements or an array is NULL");
        // One pass: sums of the distances from one element of the channel and of their squares. That element lies among
        // the values, so the difference of the two means loses no more than a few bits, however far the values are from
        // 0.
        std::vector<float> origin(static_cast<size_t>(c));
        for (int64_t i = 0; i < c; ++i) origin[static_cast<size_t>(i)] = x[first_element(v, i)];
        std::vector<double> sums(static_cast<size_t>(2 * c));
        const float* from = origin.data();
        atl::channel_sums<2>(
            v,
            [=](int64_t i, int64_t channel) {
                const float d = x[i] - from[channel];
                return std::array<float, 2>{d, d * d};
            },
            sums.data());
        const double count = static_cast<double>(v.count() / c);
        for (int64_t i = 0; i < c; ++i) {
            const double shift = sums[static_cast<size_t>(i)] / count,
                         square = sums[static_cast<size_t>(c + i)] / count;
            mean[i] = static_cast<float>(from[i] + shift);
            variance[i] = static_cast<float>(std::fmax(0.0, square - shift * shift));
        }
    });
}

extern "C" atl_status atl_batch_norm_forward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, float eps,
    const float* x, const float* mean, const float* variance, float* y) {
    return atl::guard([&] {
        const atl::ChannelView v(n, c, spatial, layout);
        if (v.count() == 0) return;
        atl::require(x != nullptr && mean != nullptr && variance != nullptr && y != nullptr, "an array is NULL");
        const std::vector<float> inverses = inverse_deviations(c, eps, variance);
        const float* inverse = inverses.data();
        atl::channel_map(v, [=](int64_t i, int64_t channel) { y[i] = (x[i] - mean[channel]) * inverse[channel]; });
    });
}

extern "C" atl_status atl_batch_norm_backward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, float eps,
    const float* x, const float* mean, const float* variance, const float* dy, float* dx) {
    return atl::guard([&] {
        const atl::ChannelView v(n, c, spatial, layout);
        if (v.count() == 0) return;
        atl::require(x != nullptr && mean != nullptr && variance != nullptr && dy != nullptr && dx != nullptr,
            "an array is NULL");
        const std::vector<float> inverses = inverse_deviations(c, eps, variance);
        const float* inverse = inverses.data();
        std::vector<double> sums(static_cast<size_t>(2 * c));
        atl::channel_sums<2>(
            v,
            [=](int64_t i, int64_t channel) {
                return std::array<float, 2>{dy[i], dy[i] * ((x[i] - mean[channel]) * inverse[channel])};
            },
            sums.data());
        const double count = static_cast<double>(v.count() / c);
        std::vector<float> means(sums.size());
        for (size_t i = 0; i < sums.size(); ++i) means[i] = static_cast<float>(sums[i] / count);
        const float *mean_dy = means.data(), *mean_dy_y = means.data() + c;
        atl::channel_map(v, [=](int64_t i, int64_t channel) {
            const float y = (x[i] - mean[channel]) * inverse[channel];
            dx[i] = (dy[i] - mean_dy[channel] - y * mean_dy_y[channel]) * inverse[channel];
        });
    });
}

extern "C" atl_status atl_batch_norm_backward_global(int64_t n, int64_t c, int64_t spatial, atl_layout layout,
    float eps, const float* variance, const float* dy, float* dx) {
    return atl::guard([&] {
        const atl::ChannelView v(n, c, spatial, layout);
        if (v.count() == 0) return;
        atl::require(variance != nullptr && dy != nullptr && dx != nullptr, "an array is NULL");
        const std::vector<float> inverses = inverse_deviations(c, eps, variance);
        const float* inverse = inverses.data();
        atl::channel_map(v, [=](int64_t i, int64_t channel) { dx[i] = dy[i] * inverse[channel]; });
    });
}
