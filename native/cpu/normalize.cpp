#include "atl/normalize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/guard.h"
#include "common/layout.h"
#include "common/parallel.h"

namespace {

using atl::LayoutView;

struct Geometry : atl_normalize {
    Geometry(const atl_normalize* spec, const float* values)
        : atl_normalize(checked(spec)),
          view(n, c, spatial, spatial == 1 ? ATL_LAYOUT_CHANNELS_LAST : layout),
          scales(static_cast<size_t>(c), 1.0f) {
        atl::require(scale == ATL_NORMALIZE_NO_SCALE || values != nullptr || view.count() == 0, "the scale is NULL");
        sample = view.n == 0 ? 0 : view.count() / view.n;
        norms = across_spatial != 0 ? 1 : spatial;
        if (scale == ATL_NORMALIZE_NO_SCALE || view.count() == 0) return;
        for (int64_t i = 0; i < c; ++i)
            scales[static_cast<size_t>(i)] = values[scale == ATL_NORMALIZE_SHARED_SCALE ? 0 : i];
    }

    // Samples that make a second thread worth its while.
    int64_t grain() const { return atl::kElementGrain / std::max<int64_t>(1, sample) + 1; }

    // Calls run(offset, channel, place) for each run of `length()` neighbours of one sample: the places of a channel,
    // or the channels of a place that lie together.
    template <class Run>
    void for_each_run(const Run& run) const {
        for (int64_t g = 0; g < view.groups; ++g) {
            if (view.block == 1) {
                run(g * spatial, g, int64_t{0});
                continue;
            }
            for (int64_t s = 0; s < spatial; ++s) run((g * spatial + s) * view.block, g * view.block, s);
        }
    }

    bool by_place() const { return view.block == 1; }
    int64_t length() const { return by_place() ? spatial : view.block; }

    // sums[norm] += term(offset, channel, place) over one sample.
    template <class Term>
    void sum(double* sums, const Term& term) const {
        const int64_t count = length();
        const bool across = across_spatial != 0;
        for_each_run([&](int64_t at, int64_t channel, int64_t place) {
            if (by_place() && !across) {
#pragma omp simd
                for (int64_t s = 0; s < count; ++s) sums[s] += static_cast<double>(term(at + s, channel, s));
                return;
            }
            if (by_place()) {
                double part = 0;
#pragma omp simd reduction(+ : part)
                for (int64_t s = 0; s < count; ++s) part += static_cast<double>(term(at + s, channel, int64_t{0}));
                sums[0] += part;
                return;
            }
            // The channels of one place are few enough for a sum in float.
            const int64_t norm = across ? 0 : place;
            float part = 0;
#pragma omp simd reduction(+ : part)
            for (int64_t l = 0; l < count; ++l) part += term(at + l, channel + l, norm);
            sums[norm] += static_cast<double>(part);
        });
    }

    // Calls item(offset, channel, norm) for each element of one sample, in runs that become vector code.
    template <class Item>
    void map(const Item& item) const {
        const int64_t count = length(), across = across_spatial != 0 ? 0 : 1;
        for_each_run([&](int64_t at, int64_t channel, int64_t place) {
            if (by_place()) {
#pragma omp simd
                for (int64_t s = 0; s < count; ++s) item(at + s, channel, s * across);
            } else {
#pragma omp simd
                for (int64_t l = 0; l < count; ++l) item(at + l, channel + l, place * across);
            }
        });
    }

    LayoutView view;
    std::vector<float> scales;
    int64_t sample, norms;

private:
    static const atl_normalize& checked(const atl_normalize* spec) {
        atl::require(spec != nullptr, "normalize is NULL");
        atl::require(spec->eps >= 0, "eps must be >= 0");
        atl::require(spec->scale >= ATL_NORMALIZE_NO_SCALE && spec->scale <= ATL_NORMALIZE_CHANNEL_SCALE,
            "unknown kind of scale");
        atl::require(spec->norm == ATL_NORMALIZE_L2 || spec->norm == ATL_NORMALIZE_L1, "unknown norm");
        return *spec;
    }
};

inline float sign(float value) { return static_cast<float>(value > 0) - static_cast<float>(value < 0); }

// Each channel is summed by one thread, in the samples' order.
void add_scale_gradient(const Geometry& g, const float* x, const float* inverse, const float* dy, float* dscale) {
    std::vector<double> sums(static_cast<size_t>(g.c));
    const int64_t groups = g.by_place() ? g.view.groups : 1, step = g.across_spatial != 0 ? 0 : 1;
    atl::parallel_for(groups, 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = 0; i < g.n; ++i) {
            const float *from = x + i * g.sample, *gradient = dy + i * g.sample, *inv = inverse + i * g.norms;
            if (!g.by_place()) {
                double* sum = sums.data();
                g.map([&](int64_t at, int64_t channel, int64_t norm) {
                    sum[channel] += static_cast<double>(gradient[at]) * from[at] * inv[norm];
                });
                continue;
            }
            for (int64_t channel = begin; channel < end; ++channel) {
                double sum = 0;
#pragma omp simd reduction(+ : sum)
                for (int64_t s = 0; s < g.spatial; ++s)
                    sum += static_cast<double>(gradient[channel * g.spatial + s]) * from[channel * g.spatial + s]
                        * inv[s * step];
                sums[static_cast<size_t>(channel)] += sum;
            }
        }
    });
    if (g.scale == ATL_NORMALIZE_CHANNEL_SCALE) {
        for (int64_t channel = 0; channel < g.c; ++channel)
            dscale[channel] += static_cast<float>(sums[static_cast<size_t>(channel)]);
        return;
    }
    double all = 0;
    for (double sum : sums) all += sum;
    dscale[0] += static_cast<float>(all);
}

// One sample. Direction(x, inverse) is the derivative of the norm.
template <class Direction>
void sample_gradient(const Geometry& g, const float* x, const float* inverse, const float* dy, const float* dnorms,
    float* dx, double* dots, float* shares, const Direction& direction) {
    const float* scales = g.scales.data();
    std::fill(dots, dots + g.norms, 0.0);
    g.sum(dots,
        [=](int64_t at, int64_t channel, int64_t norm) { return x[at] * inverse[norm] * dy[at] * scales[channel]; });
    // dx = factor t + share direction, with the norm's own gradient in the share.
    const bool fixed = g.fix_gradient != 0;
    for (int64_t i = 0; i < g.norms; ++i)
        shares[i] = static_cast<float>(-dots[i]) * (fixed ? 1.0f : inverse[i]) + (dnorms == nullptr ? 0.0f : dnorms[i]);
    g.map([=](int64_t at, int64_t channel, int64_t norm) {
        dx[at] =
            dy[at] * scales[channel] * (fixed ? 1.0f : inverse[norm]) + direction(x[at], inverse[norm]) * shares[norm];
    });
}

}  // namespace

extern "C" atl_status atl_normalize_forward(
    const atl_normalize* normalize, const float* x, const float* scale, float* y, float* inverse, float* norms) {
    return atl::guard([&] {
        const Geometry g(normalize, scale);
        if (g.view.count() == 0) return;
        atl::require(x != nullptr && y != nullptr && inverse != nullptr, "an array is NULL");
        atl::parallel_for(g.n, g.grain(), [&](int64_t begin, int64_t end) {
            std::vector<double> sums(static_cast<size_t>(g.norms));
            const float* scales = g.scales.data();
            for (int64_t i = begin; i < end; ++i) {
                const float* from = x + i * g.sample;
                float *to = y + i * g.sample, *inv = inverse + i * g.norms;
                std::fill(sums.begin(), sums.end(), static_cast<double>(g.eps));
                if (g.norm == ATL_NORMALIZE_L2)
                    g.sum(sums.data(), [=](int64_t at, int64_t, int64_t) { return from[at] * from[at]; });
                else g.sum(sums.data(), [=](int64_t at, int64_t, int64_t) { return std::fabs(from[at]); });
                for (int64_t k = 0; k < g.norms; ++k) {
                    const double norm = g.norm == ATL_NORMALIZE_L2 ? std::sqrt(sums[static_cast<size_t>(k)])
                                                                   : sums[static_cast<size_t>(k)];
                    inv[k] = norm == 0 ? 0.0f : static_cast<float>(1 / norm);
                    if (norms != nullptr) norms[i * g.norms + k] = static_cast<float>(norm);
                }
                g.map([=](int64_t at, int64_t channel, int64_t norm) {
                    to[at] = from[at] * inv[norm] * scales[channel];
                });
            }
        });
    });
}

extern "C" atl_status atl_normalize_backward(const atl_normalize* normalize, const float* x, const float* scale,
    const float* inverse, const float* dy, const float* dnorms, float* dx, float* dscale) {
    return atl::guard([&] {
        const Geometry g(normalize, scale);
        if (g.view.count() == 0) return;
        atl::require(x != nullptr && inverse != nullptr && dy != nullptr, "an array is NULL");
        atl::require(dscale == nullptr || g.scale != ATL_NORMALIZE_NO_SCALE, "there is no scale to have a gradient");
        if (dscale != nullptr) add_scale_gradient(g, x, inverse, dy, dscale);
        if (dx == nullptr) return;
        atl::parallel_for(g.n, g.grain(), [&](int64_t begin, int64_t end) {
            std::vector<double> dots(static_cast<size_t>(g.norms));
            std::vector<float> shares(static_cast<size_t>(g.norms));
            for (int64_t i = begin; i < end; ++i) {
                const float *from = x + i * g.sample, *inv = inverse + i * g.norms, *gradient = dy + i * g.sample;
                const float* of_norms = dnorms == nullptr ? nullptr : dnorms + i * g.norms;
                if (g.norm == ATL_NORMALIZE_L2)
                    sample_gradient(g, from, inv, gradient, of_norms, dx + i * g.sample, dots.data(), shares.data(),
                        [](float value, float inverse_norm) { return value * inverse_norm; });
                else
                    sample_gradient(g, from, inv, gradient, of_norms, dx + i * g.sample, dots.data(), shares.data(),
                        [](float value, float) { return sign(value); });
            }
        });
    });
}
