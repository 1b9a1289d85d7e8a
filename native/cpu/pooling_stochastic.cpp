#include <algorithm>

#include "common/philox.h"
#include "cpu/pooling_geometry.h"

namespace {

using atl::PoolingGeometry;
using atl::PoolingPlane;

// Calls visit(x offset, place) for each pixel of a window, row by row.
template <class Visit>
void for_each_pixel(const PoolingGeometry& g, const PoolingPlane& plane, int64_t oh, int64_t ow, const Visit& visit) {
    for (int64_t h = g.row_begin(oh); h < g.row_end(oh); ++h)
        for (int64_t w = g.column_begin(ow); w < g.column_end(ow); ++w)
            visit((h * g.width + w) * plane.step, static_cast<int32_t>(h * g.width + w));
}

// Calls body(oh, ow, lane, y offset) for each output of a plane.
template <class Body>
void for_each_output(const PoolingGeometry& g, const PoolingPlane& plane, const Body& body) {
    for (int64_t oh = 0; oh < g.out_height; ++oh)
        for (int64_t ow = 0; ow < g.out_width; ++ow)
            for (int64_t l = 0; l < plane.lanes; ++l) body(oh, ow, l, (oh * g.out_width + ow) * plane.step + l);
}

float window_sum(const PoolingGeometry& g, const PoolingPlane& plane, int64_t oh, int64_t ow, const float* x) {
    float sum = 0;
    for_each_pixel(g, plane, oh, ow, [&](int64_t at, int32_t) { sum += x[at]; });
    return sum;
}

}  // namespace

extern "C" atl_status atl_pooling_draw_forward(
    const atl_pooling* p, uint64_t key, uint64_t position, const float* x, float* y, int32_t* places) {
    return atl::guard([&] {
        const PoolingGeometry g(p);
        g.require_arrays(x, y);
        atl::require(g.is_empty() || places != nullptr, "places is NULL");
        g.for_each_plane([&](const PoolingPlane& plane) {
            for_each_output(g, plane, [&](int64_t oh, int64_t ow, int64_t l, int64_t o) {
                const float* in = x + plane.in + l;
                const int64_t index =
                    ((plane.sample * g.channels + plane.channel + l) * g.out_height + oh) * g.out_width + ow;
                // In (0, 1], so that a value of 0 is never drawn unless all are 0.
                const float u =
                    static_cast<float>((atl::philox_word(position + static_cast<uint64_t>(index), key) >> 8) + 1)
                    * (1.0f / 16777216.0f);
                const float threshold = u * window_sum(g, plane, oh, ow, in);
                float sum = 0, drawn = 0;
                int32_t place = -1;
                for_each_pixel(g, plane, oh, ow, [&](int64_t at, int32_t here) {
                    sum += in[at];
                    if (place < 0 && sum >= threshold) {
                        place = here;
                        drawn = in[at];
                    }
                });
                y[plane.out + o] = drawn;
                places[plane.out + o] = place;
            });
        });
    });
}

extern "C" atl_status atl_pooling_expectation_forward(const atl_pooling* p, const float* x, float* y) {
    return atl::guard([&] {
        const PoolingGeometry g(p);
        g.require_arrays(x, y);
        g.for_each_plane([&](const PoolingPlane& plane) {
            for_each_output(g, plane, [&](int64_t oh, int64_t ow, int64_t l, int64_t o) {
                const float* in = x + plane.in + l;
                float sum = 0, squares = 0;
                for_each_pixel(g, plane, oh, ow, [&](int64_t at, int32_t) {
                    sum += in[at];
                    squares += in[at] * in[at];
                });
                y[plane.out + o] = sum > 0 ? squares / sum : 0;
            });
        });
    });
}

extern "C" atl_status atl_pooling_expectation_backward(
    const atl_pooling* p, const float* x, const float* y, const float* dy, float* dx) {
    return atl::guard([&] {
        const PoolingGeometry g(p);
        g.require_arrays(x, y);
        g.require_arrays(dx, dy);
        g.for_each_plane([&](const PoolingPlane& plane) {
            float* to = dx + plane.in;
            for (int64_t i = 0; i < g.height * g.width; ++i)
                std::fill(to + i * plane.step, to + i * plane.step + plane.lanes, 0.0f);
            for_each_output(g, plane, [&](int64_t oh, int64_t ow, int64_t l, int64_t o) {
                const float* in = x + plane.in + l;
                const float sum = window_sum(g, plane, oh, ow, in);
                if (!(sum > 0)) return;
                const float slope = dy[plane.out + o] / sum, mean = y[plane.out + o];
                for_each_pixel(
                    g, plane, oh, ow, [&](int64_t at, int32_t) { to[at + l] += slope * (2 * in[at] - mean); });
            });
        });
    });
}
