// Windows and layouts, as all kinds of pooling see them.
#pragma once

#include <algorithm>

#include "atl/pooling.h"
#include "common/layout.h"
#include "common/parallel.h"

namespace atl {

// The channels of one sample that are worked on together: `lanes` of them lie side by side, `step` floats from one
// pixel to the next.
struct PoolingPlane {
    int64_t in, out;  // offsets of the first element in x and in y
    int64_t lanes, step;
    int64_t sample, channel;  // of the first lane
};

struct PoolingGeometry : atl_pooling {
    explicit PoolingGeometry(const atl_pooling* p) : atl_pooling(checked(p)) {
        const LayoutView view(n, channels, height * width, layout);
        block_ = view.block;
        groups_ = view.groups;
        require(out_height >= 1 && out_width >= 1 && stride_h >= 1 && stride_w >= 1, "no output, or a stride below 1");
        checked_product("n x channels x out_height x out_width", {n, channels, out_height, out_width});
        checked_product("out_height x stride_h", {out_height, stride_h});
        checked_product("out_width x stride_w", {out_width, stride_w});
        require(pad_h >= 0 && pad_w >= 0 && pad_h < kernel_h && pad_w < kernel_w,
            "a kernel that is not larger than the padding");
        checked_product("channels x out_width x kernel_h x kernel_w", {channels, out_width, kernel_h, kernel_w});
        require((out_height - 1) * stride_h - pad_h < height && (out_width - 1) * stride_w - pad_w < width,
            "a window outside the image");
        require(height * width < (int64_t{1} << 31), "an image of 2^31 pixels or more");
    }

    bool is_empty() const { return n * channels == 0; }

    void require_arrays(const float* x, const float* y) const {
        require(is_empty() || (x != nullptr && y != nullptr), "an array is NULL");
    }

    // The rows and columns of a window inside the image.
    int64_t row_begin(int64_t oh) const { return std::max<int64_t>(0, oh * stride_h - pad_h); }
    int64_t row_end(int64_t oh) const { return std::min(height, oh * stride_h - pad_h + kernel_h); }
    int64_t column_begin(int64_t ow) const { return std::max<int64_t>(0, ow * stride_w - pad_w); }
    int64_t column_end(int64_t ow) const { return std::min(width, ow * stride_w - pad_w + kernel_w); }

    // The first and last window of a row that have column `kw` of the window inside the image.
    int64_t first_column(int64_t kw) const { return kw >= pad_w ? 0 : (pad_w - kw + stride_w - 1) / stride_w; }
    int64_t last_column(int64_t kw) const {
        const int64_t room = width - 1 + pad_w - kw;
        return room < 0 ? -1 : std::min(out_width - 1, room / stride_w);
    }

    // A window's area, padding at all sides included but clipped where the padded image ends.
    float area(int64_t oh, int64_t ow) const {
        const int64_t top = oh * stride_h - pad_h, left = ow * stride_w - pad_w;
        return static_cast<float>(
            (std::min(top + kernel_h, height + pad_h) - top) * (std::min(left + kernel_w, width + pad_w) - left));
    }

    // Calls body(plane, output row) in parallel over rows.
    template <class Body>
    void for_each_row(const Body& body) const {
        const int64_t work = out_width * kernel_h * kernel_w * block_;
        parallel_for(n * groups_ * out_height, std::max<int64_t>(1, kElementGrain / std::max<int64_t>(1, work)),
            [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i)
                    body(
                        plane(i / out_height, groups_, block_, height * width, out_height * out_width), i % out_height);
            });
    }

    // Calls body(plane) in parallel over planes, none of which shares a lane of an input pixel with another.
    template <class Body>
    void for_each_plane(const Body& body) const {
        if (is_empty()) return;
        // Channels-last is cut along the channels where there are fewer samples than threads.
        const int64_t lines = (channels + kLine - 1) / kLine, wanted = (omp_get_max_threads() + n - 1) / n;
        const int64_t cut = (lines + wanted - 1) / wanted * kLine;
        const int64_t cuts = layout == ATL_LAYOUT_CHANNELS_LAST ? (channels + cut - 1) / cut : groups_;
        parallel_for(n * cuts, 1, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                PoolingPlane p;
                if (layout == ATL_LAYOUT_CHANNELS_LAST) {
                    p = plane(i / cuts, 1, block_, height * width, out_height * out_width);
                    p.channel = i % cuts * cut;
                    p.in += p.channel;
                    p.out += p.channel;
                    p.lanes = std::min(cut, channels - p.channel);
                } else {
                    p = plane(i, groups_, block_, height * width, out_height * out_width);
                }
                body(p);
            }
        });
    }

private:
    static constexpr int64_t kLine = 16;  // floats of a cache line

    static PoolingPlane plane(int64_t index, int64_t groups, int64_t block, int64_t in_pixels, int64_t out_pixels) {
        return {index * in_pixels * block, index * out_pixels * block, block, block, index / groups,
            index % groups * block};
    }

    static const atl_pooling& checked(const atl_pooling* p) {
        require(p != nullptr, "p is NULL");
        require(p->n >= 0 && p->channels >= 0 && p->height >= 0 && p->width >= 0, "a negative size");
        checked_product("height x width", {p->height, p->width});
        return *p;
    }

    int64_t block_, groups_;
};

}  // namespace atl
