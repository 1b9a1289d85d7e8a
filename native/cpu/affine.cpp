#include "atl/affine.h"

#include "common/channels.h"

namespace {

// Adds the sums of dy x and of dy to what is wanted of dscale and dshift.
template <int Terms>
void add_sums(const std::vector<double>& sums, int64_t c, float* const (&targets)[Terms]) {
    for (int t = 0; t < Terms; ++t)
        for (int64_t channel = 0; channel < c; ++channel)
            targets[t][channel] += static_cast<float>(sums[static_cast<size_t>(t * c + channel)]);
}

// The sums of Terms values of f; where dx is wanted it is written in the same pass, before which f has read.
template <int Terms, class F>
void sums_and_dx(const atl::ChannelView& v, const float* scale, const float* dy, float* dx, const F& f, double* sums) {
    if (dx == nullptr) {
        atl::channel_sums<Terms>(v, f, sums);
    } else if (scale == nullptr) {
        atl::channel_sums<Terms>(
            v,
            [&](int64_t i, int64_t c) {
                const auto terms = f(i, c);
                dx[i] = dy[i];
                return terms;
            },
            sums);
    } else {
        atl::channel_sums<Terms>(
            v,
            [&](int64_t i, int64_t c) {
                const auto terms = f(i, c);
                dx[i] = scale[c] * dy[i];
                return terms;
            },
            sums);
    }
}

}  // namespace

extern "C" atl_status atl_affine_forward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x,
    const float* scale, const float* shift, float* y) {
    return atl::guard([&] {
        const atl::ChannelView v(n, c, spatial, layout);
        atl::require(v.count() == 0 || (x != nullptr && y != nullptr), "an array is NULL");
        if (scale != nullptr && shift != nullptr)
            atl::channel_map(v, [=](int64_t i, int64_t channel) { y[i] = scale[channel] * x[i] + shift[channel]; });
        else if (scale != nullptr)
            atl::channel_map(v, [=](int64_t i, int64_t channel) { y[i] = scale[channel] * x[i]; });
        else if (shift != nullptr)
            atl::channel_map(v, [=](int64_t i, int64_t channel) { y[i] = x[i] + shift[channel]; });
        else throw atl::Error(ATL_INVALID_ARGUMENT, "neither a scale nor a shift");
    });
}

extern "C" atl_status atl_affine_backward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x,
    const float* scale, const float* dy, float* dx, float* dscale, float* dshift) {
    return atl::guard([&] {
        const atl::ChannelView v(n, c, spatial, layout);
        atl::require(v.count() == 0 || (dy != nullptr && (dscale == nullptr || x != nullptr)), "an array is NULL");
        std::vector<double> sums(static_cast<size_t>(2 * c));
        if (dscale != nullptr && dshift != nullptr) {
            sums_and_dx<2>(
                v, scale, dy, dx,
                [=](int64_t i, int64_t) {
                    return std::array<float, 2>{dy[i] * x[i], dy[i]};
                },
                sums.data());
            add_sums<2>(sums, c, {dscale, dshift});
        } else if (dscale != nullptr) {
            sums_and_dx<1>(
                v, scale, dy, dx, [=](int64_t i, int64_t) { return std::array<float, 1>{dy[i] * x[i]}; }, sums.data());
            add_sums<1>(sums, c, {dscale});
        } else if (dshift != nullptr) {
            sums_and_dx<1>(
                v, scale, dy, dx, [=](int64_t i, int64_t) { return std::array<float, 1>{dy[i]}; }, sums.data());
            add_sums<1>(sums, c, {dshift});
        } else if (dx != nullptr && scale != nullptr) {
            atl::channel_map(v, [=](int64_t i, int64_t channel) { dx[i] = scale[channel] * dy[i]; });
        } else if (dx != nullptr && dx != dy) {
            atl::channel_map(v, [=](int64_t i, int64_t) { dx[i] = dy[i]; });
        }
    });
}
