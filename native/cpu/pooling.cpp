#include "atl/pooling.h"

#include <cfloat>
#include <type_traits>
#include <vector>

#include "cpu/pooling_geometry.h"

namespace {

using atl::PoolingGeometry;
using atl::PoolingPlane;

// A row of outputs is visited window place by window place, so that the innermost loops run over neighbouring outputs
// (plain) or over the channels that lie together (the other layouts) and become vector code. Calls visit(x offset, y
// offset, count, place) for each run of outputs of row `oh` that have a window place inside the image; the offsets and
// the place (row * width + column) are those of the run's first output.
template <class Visit>
void for_each_place(const PoolingGeometry& g, const PoolingPlane& plane, int64_t oh, const Visit& visit) {
    for (int64_t h = g.row_begin(oh); h < g.row_end(oh); ++h)
        for (int64_t kw = 0; kw < g.kernel_w; ++kw) {
            const int64_t first = g.first_column(kw), last = g.last_column(kw);
            if (last < 0) break;
            if (first > last) {
                // On to the next column that lies inside: a window may be far larger than the image.
                kw = g.pad_w - last * g.stride_w - 1;
                continue;
            }
            const int64_t w = first * g.stride_w - g.pad_w + kw;
            visit((h * g.width + w) * plane.step, (oh * g.out_width + first) * plane.step, last - first + 1,
                h * g.width + w);
        }
}

// body(lanes) with the number of channels that lie together as a constant where it is a common one.
template <class Body>
void with_lanes(int64_t lanes, const Body& body) {
    switch (lanes) {
        case 16: return body(std::integral_constant<int64_t, 16>());
        case 8: return body(std::integral_constant<int64_t, 8>());
        default: return body(lanes);
    }
}

// body(stride) with the stride as a constant where it is a common one.
template <class Body>
void with_stride(int64_t stride, const Body& body) {
    switch (stride) {
        case 1: return body(std::integral_constant<int64_t, 1>());
        case 2: return body(std::integral_constant<int64_t, 2>());
        default: return body(stride);
    }
}

// Calls item(output offset, input offset, number in the run) for each lane of each output of a run that for_each_place
// found. No two calls touch the same element of what they write.
template <class Item>
void run_over(const PoolingGeometry& g, const PoolingPlane& plane, int64_t count, const Item& item) {
    const int64_t out_step = plane.step, in_step = plane.step * g.stride_w;
    if (plane.step == 1) {
        with_stride(g.stride_w, [&](auto stride) {
#pragma omp simd
            for (int64_t i = 0; i < count; ++i) item(i, i * stride, i);
        });
    } else {
        with_lanes(plane.lanes, [&](auto lanes) {
            for (int64_t i = 0; i < count; ++i) {
#pragma omp simd
                for (int64_t l = 0; l < lanes; ++l) item(i * out_step + l, i * in_step + l, i);
            }
        });
    }
}

// Sets every output of a row of a plane.
template <class T>
void fill_row(const PoolingGeometry& g, const PoolingPlane& plane, T* row, T value) {
    if (plane.lanes == plane.step) return std::fill(row, row + g.out_width * plane.step, value);
    for (int64_t i = 0; i < g.out_width; ++i)
        std::fill(row + i * plane.step, row + i * plane.step + plane.lanes, value);
}

// In the plain layout a window wider than the row of outputs is long, and there are few of them: it is visited as a
// whole.
bool windows_are_long(const PoolingGeometry& g, const PoolingPlane& plane) {
    return plane.step == 1 && g.kernel_w > g.out_width;
}

// The largest of each window of a row of outputs, and where it lies (the first of equals) if `places` are wanted.
template <bool Places>
void max_row(
    const PoolingGeometry& g, const PoolingPlane& plane, int64_t oh, const float* x, float* y, int32_t* places) {
    fill_row(g, plane, y + oh * g.out_width * plane.step, -FLT_MAX);
    if (Places) fill_row(g, plane, places + oh * g.out_width * plane.step, int32_t{-1});
    const int32_t stride = static_cast<int32_t>(g.stride_w);
    for_each_place(g, plane, oh, [&](int64_t from, int64_t to, int64_t count, int64_t place) {
        const float* in = x + from;
        float* out = y + to;
        int32_t* at = Places ? places + to : nullptr;
        const int32_t first = static_cast<int32_t>(place);
        run_over(g, plane, count, [=](int64_t o, int64_t i, int64_t column) {
            const bool larger = in[i] > out[o];
            if (Places) at[o] = larger ? first + static_cast<int32_t>(column) * stride : at[o];
            out[o] = larger ? in[i] : out[o];
        });
    });
}

// The same in the plain layout: the largest of the window's rows in each column first, which lie side by side, and then
// of the columns.
template <bool Places>
void max_plain_row(
    const PoolingGeometry& g, int64_t oh, const float* x, float* y, int32_t* places, float* values, int32_t* rows) {
    const int32_t width = static_cast<int32_t>(g.width);
    std::fill(values, values + width, -FLT_MAX);
    if (Places) std::fill(rows, rows + width, int32_t{-1});
    for (int64_t h = g.row_begin(oh); h < g.row_end(oh); ++h) {
        const float* line = x + h * width;
        const int32_t first = static_cast<int32_t>(h) * width;
#pragma omp simd
        for (int32_t w = 0; w < width; ++w) {
            const bool larger = line[w] > values[w];
            if (Places) rows[w] = larger ? first + w : rows[w];
            values[w] = larger ? line[w] : values[w];
        }
    }
    float* row = y + oh * g.out_width;
    int32_t* row_places = Places ? places + oh * g.out_width : nullptr;
    std::fill(row, row + g.out_width, -FLT_MAX);
    if (Places) std::fill(row_places, row_places + g.out_width, int32_t{-1});
    for (int64_t kw = 0; kw < g.kernel_w; ++kw) {
        const int64_t first = g.first_column(kw);
        const int32_t count = static_cast<int32_t>(g.last_column(kw) - first + 1);
        const float* in = values + first * g.stride_w - g.pad_w + kw;
        const int32_t* in_places = Places ? rows + (in - values) : nullptr;
        float* out = row + first;
        int32_t* at = Places ? row_places + first : nullptr;
        with_stride(g.stride_w, [=](auto wide) {
            const int32_t stride = static_cast<int32_t>(wide);
#pragma omp simd
            for (int32_t o = 0; o < count; ++o) {
                const float value = in[o * stride];
                if (Places) {
                    const int32_t place = in_places[o * stride];
                    const bool better = (value > out[o]) | ((value == out[o]) & (place < at[o]));
                    at[o] = better ? place : at[o];
                    out[o] = better ? value : out[o];
                } else {
                    out[o] = value > out[o] ? value : out[o];
                }
            }
        });
    }
}

// One whole window of a plain array: its largest value, and where.
void max_window(const PoolingGeometry& g, int64_t oh, int64_t ow, const float* x, float& largest, int32_t& place) {
    largest = -FLT_MAX;
    place = -1;
    for (int64_t h = g.row_begin(oh); h < g.row_end(oh); ++h)
        for (int64_t w = g.column_begin(ow); w < g.column_end(ow); ++w)
            if (x[h * g.width + w] > largest) {
                largest = x[h * g.width + w];
                place = static_cast<int32_t>(h * g.width + w);
            }
}

std::vector<float> shares_of(const PoolingGeometry& g) {
    std::vector<float> shares(static_cast<size_t>(g.out_height * g.out_width));
    for (int64_t i = 0; i < g.out_height * g.out_width; ++i)
        shares[static_cast<size_t>(i)] = 1 / g.area(i / g.out_width, i % g.out_width);
    return shares;
}

// shares[i] = 1 / the area of window i.
void average_row(
    const PoolingGeometry& g, const PoolingPlane& plane, int64_t oh, const float* x, float* y, const float* shares) {
    float* row = y + oh * g.out_width * plane.step;
    const float* share = shares + oh * g.out_width;
    if (windows_are_long(g, plane)) {
        for (int64_t ow = 0; ow < g.out_width; ++ow) {
            float sum = 0;
            for (int64_t h = g.row_begin(oh); h < g.row_end(oh); ++h) {
                const float* line = x + h * g.width;
                const int64_t begin = g.column_begin(ow), end = g.column_end(ow);
#pragma omp simd reduction(+ : sum)
                for (int64_t w = begin; w < end; ++w) sum += line[w];
            }
            row[ow] = sum * share[ow];
        }
        return;
    }
    fill_row(g, plane, row, 0.0f);
    for_each_place(g, plane, oh, [&](int64_t from, int64_t to, int64_t count, int64_t) {
        const float* in = x + from;
        float* out = y + to;
        run_over(g, plane, count, [in, out](int64_t o, int64_t i, int64_t) { out[o] += in[i]; });
    });
    if (plane.step == 1) {
        for (int64_t ow = 0; ow < g.out_width; ++ow) row[ow] *= share[ow];
        return;
    }
    for (int64_t ow = 0; ow < g.out_width; ++ow) {
#pragma omp simd
        for (int64_t l = 0; l < plane.lanes; ++l) row[ow * plane.step + l] *= share[ow];
    }
}

void zero_plane(const PoolingGeometry& g, const PoolingPlane& plane, float* dx) {
    if (plane.lanes == plane.step) return std::fill(dx, dx + g.height * g.width * plane.step, 0.0f);
    for (int64_t i = 0; i < g.height * g.width; ++i)
        std::fill(dx + i * plane.step, dx + i * plane.step + plane.lanes, 0.0f);
}

void average_plane_gradient(
    const PoolingGeometry& g, const PoolingPlane& plane, const float* dy, float* dx, const float* shares) {
    zero_plane(g, plane, dx);
    for (int64_t oh = 0; oh < g.out_height; ++oh)
        for_each_place(g, plane, oh, [&](int64_t from, int64_t to, int64_t count, int64_t) {
            float* out = dx + from;
            const float *in = dy + to, *share = shares + to / plane.step;
            run_over(g, plane, count, [=](int64_t o, int64_t i, int64_t column) { out[i] += in[o] * share[column]; });
        });
}

// Scattering one by one costs about 2 cycles an output; comparing all places of a small window costs less where
// channels lie together.
constexpr int64_t kComparedPlaces = 16;

void places_plane_gradient(
    const PoolingGeometry& g, const PoolingPlane& plane, const float* dy, const int32_t* places, float* dx) {
    zero_plane(g, plane, dx);
    if (plane.step > 1 && g.kernel_h * g.kernel_w <= kComparedPlaces) {
        const int32_t stride = static_cast<int32_t>(g.stride_w);
        for (int64_t oh = 0; oh < g.out_height; ++oh)
            for_each_place(g, plane, oh, [&](int64_t from, int64_t to, int64_t count, int64_t place) {
                float* out = dx + from;
                const float* in = dy + to;
                const int32_t* at = places + to;
                const int32_t first = static_cast<int32_t>(place);
                run_over(g, plane, count, [=](int64_t o, int64_t i, int64_t column) {
                    out[i] += at[o] == first + static_cast<int32_t>(column) * stride ? in[o] : 0.0f;
                });
            });
        return;
    }
    for (int64_t i = 0; i < g.out_height * g.out_width; ++i)
        for (int64_t l = 0; l < plane.lanes; ++l) {
            const int32_t at = places[i * plane.step + l];
            if (at >= 0) dx[at * plane.step + l] += dy[i * plane.step + l];
        }
}

}  // namespace

extern "C" atl_status atl_pooling_max_forward(const atl_pooling* p, const float* x, float* y, int32_t* places) {
    return atl::guard([&] {
        const PoolingGeometry g(p);
        g.require_arrays(x, y);
        g.for_each_row([&](const PoolingPlane& plane, int64_t oh) {
            const float* in = x + plane.in;
            float* out = y + plane.out;
            if (windows_are_long(g, plane)) {
                int32_t place = -1;
                for (int64_t o = oh * g.out_width; o < (oh + 1) * g.out_width; ++o) {
                    max_window(g, oh, o - oh * g.out_width, in, out[o], place);
                    if (places != nullptr) places[plane.out + o] = place;
                }
                return;
            }
            if (plane.step > 1)
                return places != nullptr ? max_row<true>(g, plane, oh, in, out, places + plane.out)
                                         : max_row<false>(g, plane, oh, in, out, nullptr);
            thread_local std::vector<float> values;
            thread_local std::vector<int32_t> rows;
            values.resize(static_cast<size_t>(g.width));
            rows.resize(static_cast<size_t>(g.width));
            if (places != nullptr) max_plain_row<true>(g, oh, in, out, places + plane.out, values.data(), rows.data());
            else max_plain_row<false>(g, oh, in, out, nullptr, values.data(), nullptr);
        });
    });
}

extern "C" atl_status atl_pooling_average_forward(const atl_pooling* p, const float* x, float* y) {
    return atl::guard([&] {
        const PoolingGeometry g(p);
        g.require_arrays(x, y);
        const std::vector<float> shares = shares_of(g);
        g.for_each_row([&](const PoolingPlane& plane, int64_t oh) {
            average_row(g, plane, oh, x + plane.in, y + plane.out, shares.data());
        });
    });
}

extern "C" atl_status atl_pooling_average_backward(const atl_pooling* p, const float* dy, float* dx) {
    return atl::guard([&] {
        const PoolingGeometry g(p);
        g.require_arrays(dx, dy);
        const std::vector<float> shares = shares_of(g);
        g.for_each_plane([&](const PoolingPlane& plane) {
            average_plane_gradient(g, plane, dy + plane.out, dx + plane.in, shares.data());
        });
    });
}

extern "C" atl_status atl_pooling_places_backward(
    const atl_pooling* p, const float* dy, const int32_t* places, float* dx) {
    return atl::guard([&] {
        const PoolingGeometry g(p);
        g.require_arrays(dx, dy);
        atl::require(g.is_empty() || places != nullptr, "places is NULL");
        g.for_each_plane([&](const PoolingPlane& plane) {
            places_plane_gradient(g, plane, dy + plane.out, places + plane.out, dx + plane.in);
        });
    });
}

extern "C" atl_status atl_pooling_mask(int64_t count, const int32_t* places, float* mask) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(count >= 0 && (count == 0 || (places != nullptr && mask != nullptr)),
            "count is negative or an array is NULL");
        atl::parallel_for(count, atl::kElementGrain, [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) mask[i] = static_cast<float>(places[i]);
        });
    });
}
