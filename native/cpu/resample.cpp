#include "atl/resample.h"

#include <algorithm>
#include <vector>

#include "common/guard.h"
#include "common/layout.h"
#include "common/parallel.h"

namespace {

using atl::LayoutView;

// What one row (or column) of the output is made of: (1 - share) of `first` and `share` of `second`.
struct Taps {
    int64_t first, second;
    float share;
};

std::vector<Taps> taps_of(atl_resample_method method, int64_t begin, int64_t extent, int64_t out) {
    std::vector<Taps> taps(static_cast<size_t>(out));
    const float step = out > 1 ? static_cast<float>(extent - 1) / static_cast<float>(out - 1) : 0.0f;
    for (int64_t i = 0; i < out; ++i) {
        Taps& t = taps[static_cast<size_t>(i)];
        if (method == ATL_RESAMPLE_NEAREST) {
            t = {begin + i * extent / out, begin + i * extent / out, 0.0f};
            continue;
        }
        const float at = step * static_cast<float>(i);
        const int64_t first = std::min(static_cast<int64_t>(at), extent - 1);
        t = {begin + first, begin + std::min(first + 1, extent - 1), at - static_cast<float>(first)};
    }
    return taps;
}

// The channels of one image that are worked on together: `lanes` of them side by side, `step` floats from one pixel to
// the next.
struct Plane {
    int64_t in, out, lanes, step;
};

struct Geometry : atl_resample {
    explicit Geometry(const atl_resample* r) : atl_resample(checked(r)), view(n, c, in_height * in_width, layout) {
        atl::require(height >= 1 && width >= 1 && out_height >= 1 && out_width >= 1, "no window, or no output");
        atl::require(top <= in_height - height && left <= in_width - width, "a window beyond the image");
        atl::checked_product("n x c x out_height x out_width", {n, c, out_height, out_width});
        atl::checked_product("height x out_height", {height, out_height});
        atl::checked_product("width x out_width", {width, out_width});
        atl::require(method == ATL_RESAMPLE_NEAREST || method == ATL_RESAMPLE_BILINEAR, "unknown method");
        rows = taps_of(method, top, height, out_height);
        columns = taps_of(method, left, width, out_width);
    }

    void require_arrays(const float* x, const float* y) const {
        atl::require(view.count() == 0 || (x != nullptr && y != nullptr), "an array is NULL");
    }

    // Channels-last is cut along the channels, so that one image has work for all threads.
    int64_t cuts() const {
        return layout == ATL_LAYOUT_CHANNELS_LAST ? std::max<int64_t>(1, (c + kCut - 1) / kCut) : view.groups;
    }
    int64_t planes() const { return view.count() == 0 ? 0 : n * cuts(); }

    Plane plane(int64_t i) const {
        const bool last = layout == ATL_LAYOUT_CHANNELS_LAST;
        const int64_t group = last ? i / cuts() : i, channel = last ? i % cuts() * kCut : 0;
        return {group * in_height * in_width * view.block + channel,
            group * out_height * out_width * view.block + channel, last ? std::min(kCut, c - channel) : view.block,
            view.block};
    }

    LayoutView view;
    std::vector<Taps> rows, columns;

private:
    static constexpr int64_t kCut = 64;

    static const atl_resample& checked(const atl_resample* r) {
        atl::require(r != nullptr, "resample is NULL");
        atl::require(r->in_height >= 0 && r->in_width >= 0 && r->top >= 0 && r->left >= 0, "a negative size");
        atl::checked_product("in_height x in_width", {r->in_height, r->in_width});
        return *r;
    }
};

void sample_row(const Geometry& g, const Plane& p, int64_t oh, const float* x, float* y) {
    const Taps r = g.rows[static_cast<size_t>(oh)];
    const float *upper = x + r.first * g.in_width * p.step, *lower = x + r.second * g.in_width * p.step;
    float* out = y + oh * g.out_width * p.step;
    const float bottom = r.share, top = 1 - r.share;
    if (p.step == 1) {
        if (g.method == ATL_RESAMPLE_NEAREST) {
            for (int64_t w = 0; w < g.out_width; ++w) out[w] = upper[g.columns[static_cast<size_t>(w)].first];
            return;
        }
        for (int64_t w = 0; w < g.out_width; ++w) {
            const Taps t = g.columns[static_cast<size_t>(w)];
            const float right = t.share, left = 1 - t.share;
            out[w] = top * (left * upper[t.first] + right * upper[t.second])
                + bottom * (left * lower[t.first] + right * lower[t.second]);
        }
        return;
    }
    for (int64_t w = 0; w < g.out_width; ++w) {
        const Taps t = g.columns[static_cast<size_t>(w)];
        float* to = out + w * p.step;
        if (g.method == ATL_RESAMPLE_NEAREST) {
            std::copy_n(upper + t.first * p.step, p.lanes, to);
            continue;
        }
        const float right = t.share, left = 1 - t.share;
        const float *a = upper + t.first * p.step, *b = upper + t.second * p.step, *d = lower + t.first * p.step,
                    *e = lower + t.second * p.step;
#pragma omp simd
        for (int64_t l = 0; l < p.lanes; ++l)
            to[l] = top * (left * a[l] + right * b[l]) + bottom * (left * d[l] + right * e[l]);
    }
}

// The taps of a pixel may be one and the same place, so each is added apart.
void add_row(const Geometry& g, const Plane& p, int64_t oh, const float* dy, float* dx) {
    const Taps r = g.rows[static_cast<size_t>(oh)];
    float *upper = dx + r.first * g.in_width * p.step, *lower = dx + r.second * g.in_width * p.step;
    const float* from = dy + oh * g.out_width * p.step;
    for (int64_t w = 0; w < g.out_width; ++w, from += p.step) {
        const Taps t = g.columns[static_cast<size_t>(w)];
        const auto add = [&](float* row, int64_t column, float share) {
            if (share == 0) return;
            float* to = row + column * p.step;
#pragma omp simd
            for (int64_t l = 0; l < p.lanes; ++l) to[l] += share * from[l];
        };
        add(upper, t.first, (1 - r.share) * (1 - t.share));
        add(upper, t.second, (1 - r.share) * t.share);
        add(lower, t.first, r.share * (1 - t.share));
        add(lower, t.second, r.share * t.share);
    }
}

}  // namespace

extern "C" atl_status atl_resample_forward(const atl_resample* resample, const float* x, float* y) {
    return atl::guard([&] {
        const Geometry g(resample);
        g.require_arrays(x, y);
        const int64_t grain = atl::kElementGrain / std::max<int64_t>(1, g.out_width * g.view.block) + 1;
        atl::parallel_for(g.planes() * g.out_height, grain, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                const Plane p = g.plane(i / g.out_height);
                sample_row(g, p, i % g.out_height, x + p.in, y + p.out);
            }
        });
    });
}

extern "C" atl_status atl_resample_backward(const atl_resample* resample, const float* dy, float* dx) {
    return atl::guard([&] {
        const Geometry g(resample);
        g.require_arrays(dx, dy);
        const int64_t grain = atl::kElementGrain / std::max<int64_t>(1, g.out_height * g.out_width * g.view.block) + 1;
        atl::parallel_for(g.planes(), grain, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                const Plane p = g.plane(i);
                for (int64_t at = 0; at < g.in_height * g.in_width; ++at)
                    std::fill_n(dx + p.in + at * p.step, p.lanes, 0.0f);
                for (int64_t oh = 0; oh < g.out_height; ++oh) add_row(g, p, oh, dy + p.out, dx + p.in);
            }
        });
    });
}
