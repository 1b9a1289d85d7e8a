#include "atl/normalize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/guard.h"
#include "common/layout.h"
#include "common/parallel.h"

namespace {

using atl::LayoutView;

LayoutView checked(const atl_normalize* spec) {
    atl::require(spec != nullptr, "normalize is NULL");
    atl::require(spec->eps >= 0, "eps must be >= 0");
    atl::require(spec->scale >= ATL_NORMALIZE_NO_SCALE && spec->scale <= ATL_NORMALIZE_CHANNEL_SCALE, "unknown kind of scale");
    return LayoutView(spec->n, spec->c, spec->spatial, spec->layout);
}

// The scale of one channel.
struct Scale {
    const float* values;
    atl_normalize_scale kind;
    float operator()(int64_t channel) const {
        return kind == ATL_NORMALIZE_NO_SCALE ? 1.0f : values[kind == ATL_NORMALIZE_SHARED_SCALE ? 0 : channel];
    }
};

// Calls body(offset, channel, place) for each element of one sample, in the order in which they lie.
template <class Body>
void for_each(const LayoutView& view, const Body& body) {
    int64_t offset = 0;
    for (int64_t g = 0; g < view.groups; ++g)
        for (int64_t s = 0; s < view.spatial; ++s)
            for (int64_t b = 0; b < view.block; ++b) body(offset++, g * view.block + b, s);
}

// Samples that make a second thread worth its while.
int64_t grain(const LayoutView& view) { return atl::kElementGrain / std::max<int64_t>(1, view.groups * view.block * view.spatial) + 1; }

}  // namespace

extern "C" atl_status atl_normalize_forward(const atl_normalize* spec, const float* x, const float* scale, float* y, float* inverse) {
    return atl::guard([&] {
        const LayoutView view = checked(spec);
        if (view.count() == 0) return;
        atl::require(x != nullptr && y != nullptr && inverse != nullptr, "an array is NULL");
        atl::require(scale != nullptr || spec->scale == ATL_NORMALIZE_NO_SCALE, "the scale is NULL");
        const Scale scale_of{scale, spec->scale};
        const int64_t sample = view.count() / view.n, norms = spec->across_spatial ? 1 : view.spatial, step = spec->across_spatial ? 0 : 1;
        atl::parallel_for(view.n, grain(view), [&](int64_t begin, int64_t end) {
            std::vector<double> sums(static_cast<size_t>(norms));
            for (int64_t i = begin; i < end; ++i) {
                const float* from = x + i * sample;
                float *to = y + i * sample, *inv = inverse + i * norms;
                std::fill(sums.begin(), sums.end(), static_cast<double>(spec->eps));
                for_each(view, [&](int64_t at, int64_t, int64_t s) { sums[s * step] += static_cast<double>(from[at]) * from[at]; });
                for (int64_t s = 0; s < norms; ++s) inv[s] = sums[s] == 0 ? 0.0f : static_cast<float>(1 / std::sqrt(sums[s]));
                for_each(view, [&](int64_t at, int64_t c, int64_t s) { to[at] = from[at] * inv[s * step] * scale_of(c); });
            }
        });
    });
}

extern "C" atl_status atl_normalize_backward(
    const atl_normalize* spec, const float* x, const float* scale, const float* inverse, const float* dy, float* dx, float* dscale) {
    return atl::guard([&] {
        const LayoutView view = checked(spec);
        if (view.count() == 0) return;
        atl::require(x != nullptr && inverse != nullptr && dy != nullptr, "an array is NULL");
        atl::require(scale != nullptr || spec->scale == ATL_NORMALIZE_NO_SCALE, "the scale is NULL");
        atl::require(dscale == nullptr || spec->scale != ATL_NORMALIZE_NO_SCALE, "there is no scale to have a gradient");
        const Scale scale_of{scale, spec->scale};
        const int64_t sample = view.count() / view.n, norms = spec->across_spatial ? 1 : view.spatial, step = spec->across_spatial ? 0 : 1;
        if (dscale != nullptr) {
            // Each channel is summed by one thread, in the samples' order.
            std::vector<double> sums(static_cast<size_t>(spec->c));
            atl::parallel_for(view.groups, 1, [&](int64_t begin, int64_t end) {
                for (int64_t i = 0; i < view.n; ++i)
                    for (int64_t g = begin; g < end; ++g)
                        for (int64_t s = 0; s < view.spatial; ++s)
                            for (int64_t b = 0; b < view.block; ++b) {
                                const int64_t at = i * sample + (g * view.spatial + s) * view.block + b;
                                sums[g * view.block + b] += static_cast<double>(dy[at]) * x[at] * inverse[i * norms + s * step];
                            }
            });
            for (int64_t c = 0; c < spec->c; ++c)
                if (spec->scale == ATL_NORMALIZE_CHANNEL_SCALE)
                    dscale[c] += static_cast<float>(sums[c]);
                else if (c > 0)
                    sums[0] += sums[c];
            if (spec->scale == ATL_NORMALIZE_SHARED_SCALE) dscale[0] += static_cast<float>(sums[0]);
        }
        if (dx == nullptr) return;
        atl::parallel_for(view.n, grain(view), [&](int64_t begin, int64_t end) {
            std::vector<double> dots(static_cast<size_t>(norms));
            for (int64_t i = begin; i < end; ++i) {
                const float *from = x + i * sample, *gradient = dy + i * sample, *inv = inverse + i * norms;
                float* to = dx + i * sample;
                std::fill(dots.begin(), dots.end(), 0.0);
                for_each(view, [&](int64_t at, int64_t c, int64_t s) {
                    dots[s * step] += static_cast<double>(from[at]) * inv[s * step] * gradient[at] * scale_of(c);
                });
                for_each(view, [&](int64_t at, int64_t c, int64_t s) {
                    const float unit = from[at] * inv[s * step];
                    to[at] = (gradient[at] * scale_of(c) - unit * static_cast<float>(dots[s * step])) * inv[s * step];
                });
            }
        });
    });
}
