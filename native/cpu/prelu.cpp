#include "atl/prelu.h"

#include "common/channels.h"

extern "C" atl_status atl_prelu_forward(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x, const float* slope, float* y) {
    return atl::guard([&] {
        const atl::ChannelView v(n, c, spatial, layout);
        atl::require(v.count() == 0 || (x != nullptr && slope != nullptr && y != nullptr), "an array is NULL");
        atl::channel_map(v, [=](int64_t i, int64_t channel) {
            const float value = x[i], below = slope[channel];
            y[i] = (value > 0 ? 1.0f : below) * value;
        });
    });
}

extern "C" atl_status atl_prelu_backward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, int32_t inverted,
    const float* x, const float* slope, const float* dy, float* dx, float* dslope) {
    return atl::guard([&] {
        const atl::ChannelView v(n, c, spatial, layout);
        if (v.count() == 0) return;
        atl::require(x != nullptr && slope != nullptr && dy != nullptr, "an array is NULL");
        if (dslope == nullptr) {
            if (dx != nullptr)
                atl::channel_map(v, [=](int64_t i, int64_t channel) {
                    const float below = slope[channel];
                    dx[i] = (x[i] > 0 ? 1.0f : below) * dy[i];
                });
            return;
        }
        std::vector<double> sums(static_cast<size_t>(c));
        if (dx == nullptr) {
            atl::channel_sums<1>(
                v, [=](int64_t i, int64_t) { return std::array<float, 1>{x[i] > 0 ? 0.0f : x[i] * dy[i]}; },
                sums.data());
        } else {
            atl::channel_sums<1>(
                v,
                [=](int64_t i, int64_t channel) {
                    const float value = x[i], gradient = dy[i], below = slope[channel];
                    dx[i] = (value > 0 ? 1.0f : below) * gradient;
                    return std::array<float, 1>{value > 0 ? 0.0f : value * gradient};
                },
                sums.data());
        }
        // From y the sum is that of slope x dy, so one division a channel finds what a division an element would.
        for (int64_t channel = 0; channel < c; ++channel) {
            const double sum = sums[static_cast<size_t>(channel)];
            dslope[channel] += static_cast<float>(inverted != 0 ? sum / slope[channel] : sum);
        }
    });
}
