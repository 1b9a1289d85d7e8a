#include "atl/roi_pooling.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <string>
#include <vector>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

constexpr int64_t kBox = 5;

void check(const atl_roi_pooling* p, const float* map, const float* boxes, const float* cells, const int32_t* places) {
    atl::require(p != nullptr, "pooling is NULL");
    atl::require(p->n >= 0 && p->c >= 0 && p->rois >= 0 && p->height >= 0 && p->width >= 0, "a negative size");
    atl::require(std::isfinite(p->spatial_scale), "the scale is no number");
    atl::require(p->out_height >= 1 && p->out_width >= 1, "no cells");
    atl::checked_product("n x c x height x width", {p->n, p->c, p->height, p->width});
    atl::checked_product("rois x c x out_height x out_width", {p->rois, p->c, p->out_height, p->out_width});
    atl::require(p->height * p->width < (int64_t{1} << 31), "a map of 2^31 pixels or more");
    atl::require(p->n * p->c * p->height * p->width == 0 || map != nullptr, "an array is NULL");
    atl::require(p->rois == 0 || boxes != nullptr, "the boxes are NULL");
    atl::require(p->rois * p->c == 0 || (cells != nullptr && places != nullptr), "an array is NULL");
}

// The image of each box, and whether it is one.
int64_t image_of(const atl_roi_pooling& p, const float* boxes, int64_t roi) {
    const float image = boxes[roi * kBox];
    if (!(image >= 0 && image < static_cast<float>(p.n)))
        throw atl::Error(ATL_INVALID_ARGUMENT,
            "box " + std::to_string(roi) + " lies in image " + std::to_string(image) + " of " + std::to_string(p.n));
    for (int64_t i = 1; i < kBox; ++i)
        if (!std::isfinite(boxes[roi * kBox + i]))
            throw atl::Error(
                ATL_INVALID_ARGUMENT, "box " + std::to_string(roi) + " has a coordinate that is no number");
    return static_cast<int64_t>(image);
}

// Where a box begins and ends on an axis of the map, in whole pixels.
struct Side {
    int64_t begin;
    float cell;
    int64_t extent;

    Side(float from, float to, float scale, int64_t cells, int64_t map) : extent(map) {
        begin = pixel(from * scale);
        cell = static_cast<float>(std::max<int64_t>(pixel(to * scale) - begin + 1, 1)) / static_cast<float>(cells);
    }
    int64_t first(int64_t i) const {
        return std::clamp<int64_t>(begin + static_cast<int64_t>(std::floor(static_cast<float>(i) * cell)), 0, extent);
    }
    int64_t last(int64_t i) const {
        return std::clamp<int64_t>(
            begin + static_cast<int64_t>(std::ceil(static_cast<float>(i + 1) * cell)), 0, extent);
    }

    // Far beyond any map all coordinates are alike.
    static int64_t pixel(float at) { return static_cast<int64_t>(std::round(std::clamp(at, -1e9f, 1e9f))); }
};

}  // namespace

extern "C" atl_status atl_roi_pooling_forward(
    const atl_roi_pooling* pooling, const float* x, const float* boxes, float* y, int32_t* places) {
    return atl::guard([&] {
        check(pooling, x, boxes, y, places);
        const atl_roi_pooling p = *pooling;
        std::vector<int64_t> images(static_cast<size_t>(p.rois));
        for (int64_t roi = 0; roi < p.rois; ++roi) images[static_cast<size_t>(roi)] = image_of(p, boxes, roi);
        const int64_t cells = p.out_height * p.out_width;
        atl::parallel_for(p.rois * p.c, 1 + atl::kElementGrain / std::max<int64_t>(1, p.height * p.width),
            [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    const int64_t roi = i / p.c;
                    const float* box = boxes + roi * kBox;
                    const Side rows(box[2], box[4], p.spatial_scale, p.out_height, p.height),
                        columns(box[1], box[3], p.spatial_scale, p.out_width, p.width);
                    const float* map = x + (images[static_cast<size_t>(roi)] * p.c + i % p.c) * p.height * p.width;
                    for (int64_t cell = 0; cell < cells; ++cell) {
                        const int64_t top = rows.first(cell / p.out_width), bottom = rows.last(cell / p.out_width);
                        const int64_t left = columns.first(cell % p.out_width),
                                      right = columns.last(cell % p.out_width);
                        float largest = bottom <= top || right <= left ? 0.0f : -FLT_MAX;
                        int32_t place = -1;
                        for (int64_t h = top; h < bottom; ++h)
                            for (int64_t w = left; w < right; ++w)
                                if (map[h * p.width + w] > largest) {
                                    largest = map[h * p.width + w];
                                    place = static_cast<int32_t>(h * p.width + w);
                                }
                        y[i * cells + cell] = largest;
                        places[i * cells + cell] = place;
                    }
                }
            });
    });
}

extern "C" atl_status atl_roi_pooling_backward(
    const atl_roi_pooling* pooling, const float* dy, const float* boxes, const int32_t* places, float* dx) {
    return atl::guard([&] {
        check(pooling, dx, boxes, dy, places);
        const atl_roi_pooling p = *pooling;
        std::vector<int64_t> images(static_cast<size_t>(p.rois));
        for (int64_t roi = 0; roi < p.rois; ++roi) images[static_cast<size_t>(roi)] = image_of(p, boxes, roi);
        const int64_t cells = p.out_height * p.out_width, pixels = p.height * p.width;
        // A channel of all images is one thread's, since boxes overlap.
        atl::parallel_for(p.c, 1, [&](int64_t begin, int64_t end) {
            for (int64_t channel = begin; channel < end; ++channel) {
                for (int64_t image = 0; image < p.n; ++image)
                    std::fill_n(dx + (image * p.c + channel) * pixels, pixels, 0.0f);
                for (int64_t roi = 0; roi < p.rois; ++roi) {
                    float* map = dx + (images[static_cast<size_t>(roi)] * p.c + channel) * pixels;
                    const int64_t first = (roi * p.c + channel) * cells;
                    for (int64_t cell = first; cell < first + cells; ++cell)
                        if (places[cell] >= 0) map[places[cell]] += dy[cell];
                }
            }
        });
    });
}
