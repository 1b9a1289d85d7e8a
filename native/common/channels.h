// Loops over N x C x spatial arrays that treat each channel alike, in every layout: maps with constants of the channel,
// and sums over each channel. Sums are taken in an order that only the shape decides, so they do not depend on the
// number of threads.
#pragma once

#include <array>
#include <vector>

#include "common/layout.h"
#include "common/parallel.h"

namespace atl {

// An array as n x groups x spatial x block. Without spatial extent all layouts are one, and rows of channels are the
// longest runs.
struct ChannelView {
    int64_t n, groups, spatial, block;

    ChannelView(int64_t n_, int64_t c, int64_t spatial_, atl_layout layout) {
        const LayoutView view(n_, c, spatial_, layout);
        const bool rows = spatial_ == 1;
        n = rows ? 1 : view.n;
        groups = rows ? std::min<int64_t>(1, c) : view.groups;
        spatial = rows ? view.n : view.spatial;
        block = rows ? std::max<int64_t>(1, c) : view.block;
    }
    int64_t channels() const { return groups * block; }
    int64_t count() const { return n * groups * spatial * block; }
};

namespace detail {

constexpr int kLanes = 16;

template <int Block, class F>
void map_positions(const ChannelView& v, int64_t begin, int64_t end, const F& f) {
    const int64_t block = Block > 0 ? Block : v.block;
    for (int64_t p = begin; p < end;) {
        const int64_t row = p / v.spatial, stop = std::min(end, (row + 1) * v.spatial), c = row % v.groups * block;
        for (; p < stop; ++p) {
#pragma omp simd
            for (int64_t lane = 0; lane < block; ++lane) f(p * block + lane, c + lane);
        }
    }
}

}  // namespace detail

// Calls f(element, channel) for every element; f may write at the element's place of several arrays.
template <class F>
void channel_map(const ChannelView& v, const F& f) {
    if (v.count() == 0) return;
    if (v.block == 1) {
        parallel_for(v.n * v.groups, std::max<int64_t>(1, kElementGrain / v.spatial), [&](int64_t begin, int64_t end) {
            for (int64_t row = begin; row < end; ++row) {
                const int64_t c = row % v.groups, first = row * v.spatial;
#pragma omp simd
                for (int64_t s = 0; s < v.spatial; ++s) f(first + s, c);
            }
        });
        return;
    }
    const int64_t positions = v.n * v.groups * v.spatial;
    if (positions == 1) {
        parallel_for(v.block, kElementGrain, [&](int64_t begin, int64_t end) {
#pragma omp simd
            for (int64_t lane = begin; lane < end; ++lane) f(lane, lane);
        });
        return;
    }
    parallel_for(positions, std::max<int64_t>(1, kElementGrain / v.block), [&](int64_t begin, int64_t end) {
        if (v.block == 16) detail::map_positions<16>(v, begin, end, f);
        else if (v.block == 8) detail::map_positions<8>(v, begin, end, f);
        else detail::map_positions<0>(v, begin, end, f);
    });
}

namespace detail {

// A function of its own, so that its variables are not the vectorised loop's, which the compiler would keep in memory.
template <int Terms, class F>
inline void add_lane(const F& f, int64_t element, int64_t channel, int64_t lane, float (&parts)[Terms][kLanes]) {
    const std::array<float, Terms> terms = f(element, channel);
    for (int t = 0; t < Terms; ++t) parts[t][lane] += terms[t];
}

// Adds f(element + p stride + lane, channel) over `positions` values of p, in float, to the doubles sums[term][lane].
// All lanes belong to one channel (SameChannel) or each to one of its own.
template <int Terms, bool SameChannel, int Width, class F>
inline void add_positions(const F& f, int64_t element, int64_t stride, int64_t channel, int64_t positions,
    int64_t width, double (&sums)[Terms][kLanes]) {
    const int64_t lanes = Width > 0 ? Width : width;
    float parts[Terms][kLanes] = {};
    for (int64_t p = 0; p < positions; ++p) {
#pragma omp simd
        for (int64_t lane = 0; lane < lanes; ++lane)
            add_lane<Terms>(f, element + p * stride + lane, SameChannel ? channel : channel + lane, lane, parts);
    }
    for (int t = 0; t < Terms; ++t)
        for (int lane = 0; lane < kLanes; ++lane) sums[t][lane] += parts[t][lane];
}

// The same over any number of positions: floats are added up over few of them only, then in double.
template <int Terms, bool SameChannel, int Width, class F>
void add_all_positions(const F& f, int64_t element, int64_t stride, int64_t channel, int64_t positions, int64_t width,
    double (&sums)[Terms][kLanes]) {
    constexpr int64_t kFlush = 64;
    for (int64_t first = 0; first < positions; first += kFlush)
        add_positions<Terms, SameChannel, Width>(
            f, element + first * stride, stride, channel, std::min(kFlush, positions - first), width, sums);
}

}  // namespace detail

// sums[t * C + c] = the sum of f(element, channel)[t] over the elements of channel c. f may also write at the element's
// place.
template <int Terms, class F>
void channel_sums(const ChannelView& v, const F& f, double* sums) {
    constexpr int64_t kSegment = 4096, kLanes = detail::kLanes;  // positions of a row that are summed in one go
    const int64_t channels = v.channels();
    std::fill(sums, sums + Terms * channels, 0.0);
    if (v.count() == 0) return;
    const bool plain = v.block == 1;
    const int64_t tiles = plain ? 1 : (v.block + kLanes - 1) / kLanes, units = v.groups * tiles;
    const int64_t row_segments = (v.spatial + kSegment - 1) / kSegment, segments = v.n * row_segments;

    const auto run = [&](int64_t unit, int64_t segment, double* out) {
        const int64_t group = unit / tiles, first_lane = unit % tiles * kLanes,
                      width = std::min(kLanes, v.block - first_lane);
        const int64_t begin = segment % row_segments * kSegment, end = std::min(v.spatial, begin + kSegment);
        const int64_t row = (segment / row_segments * v.groups + group) * v.spatial;
        double lanes[Terms][detail::kLanes] = {};
        if (plain) {
            const int64_t whole = (end - begin) / kLanes, rest = (end - begin) % kLanes;
            detail::add_all_positions<Terms, true, detail::kLanes>(f, row + begin, kLanes, group, whole, kLanes, lanes);
            if (rest > 0) detail::add_positions<Terms, true, 0>(f, row + end - rest, 0, group, 1, rest, lanes);
        } else {
            const int64_t element = (row + begin) * v.block + first_lane, channel = group * v.block + first_lane;
            if (width == kLanes)
                detail::add_all_positions<Terms, false, detail::kLanes>(
                    f, element, v.block, channel, end - begin, width, lanes);
            else if (width == 8)
                detail::add_all_positions<Terms, false, 8>(f, element, v.block, channel, end - begin, width, lanes);
            else detail::add_all_positions<Terms, false, 0>(f, element, v.block, channel, end - begin, width, lanes);
        }
        for (int t = 0; t < Terms; ++t) {
            double* sum = out + t * channels + (plain ? group : group * v.block + first_lane);
            for (int64_t lane = 0; lane < (plain ? kLanes : width); ++lane) sum[plain ? 0 : lane] += lanes[t][lane];
        }
    };

    const int64_t unit_elements = v.count() / units;
    if (units >= 8 || segments == 1) {
        parallel_for(units, std::max<int64_t>(1, kElementGrain / std::max<int64_t>(1, unit_elements)),
            [&](int64_t begin, int64_t end) {
                for (int64_t unit = begin; unit < end; ++unit)
                    for (int64_t segment = 0; segment < segments; ++segment) run(unit, segment, sums);
            });
        return;
    }
    // Few channels: the segments are summed apart, then added in order, which gives the same sums as above.
    std::vector<double> parts(static_cast<size_t>(segments * Terms * channels), 0.0);
    const int64_t item_elements = std::max<int64_t>(1, v.count() / (units * segments));
    parallel_for(
        units * segments, std::max<int64_t>(1, kElementGrain / item_elements), [&](int64_t begin, int64_t end) {
            for (int64_t item = begin; item < end; ++item)
                run(item % units, item / units, parts.data() + item / units * Terms * channels);
        });
    for (int64_t segment = 0; segment < segments; ++segment)
        for (int64_t i = 0; i < Terms * channels; ++i)
            sums[i] += parts[static_cast<size_t>(segment * Terms * channels + i)];
}

}  // namespace atl
