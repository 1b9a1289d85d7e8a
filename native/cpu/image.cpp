#include "atl/image.h"

#include <algorithm>

#include "common/guard.h"

namespace {

// One row: y = (x - mean) * scale. Strides known at compile time let the compiler use vectors.
template <int kStride, int kMeanStride, class T>
void row(const T* x, int64_t stride, const float* mean, int64_t mean_stride, float scale, int64_t width, float* y) {
    const int64_t step = kStride > 0 ? kStride : stride;
    const int64_t mean_step = kMeanStride >= 0 ? kMeanStride : mean_stride;
    for (int64_t j = 0; j < width; ++j) y[j] = (static_cast<float>(x[j * step]) - mean[j * mean_step]) * scale;
}

template <int kStride, class T>
void row_of_mean(
    const T* x, int64_t stride, const float* mean, int64_t mean_stride, float scale, int64_t width, float* y) {
    switch (mean_stride) {
        case 0: return row<kStride, 0>(x, stride, mean, 0, scale, width, y);
        case 1: return row<kStride, 1>(x, stride, mean, 1, scale, width, y);
        default: return row<kStride, -1>(x, stride, mean, mean_stride, scale, width, y);
    }
}

// Where the window's last element lies.
void check_places(const atl_image_layout& layout, const atl_image_window& window) {
    const int64_t channel = atl::checked_product("channels x channel_stride", {window.channels, layout.channel_stride});
    const int64_t bottom = atl::checked_sum("top + height", {window.top, window.height});
    const int64_t right = atl::checked_sum("left + width", {window.left, window.width});
    const int64_t row = atl::checked_product("(top + height) x row_stride", {bottom, layout.row_stride});
    const int64_t column = atl::checked_product("(left + width) x column_stride", {right, layout.column_stride});
    atl::checked_sum("a place in the image", {channel, row, column});
}

template <class T>
void to_planes(const T* pixels, const atl_image_layout* layout, const float* mean, const atl_image_layout* mean_layout,
    const atl_image_window* window, float scale, float* y) {
    atl::require(pixels != nullptr && layout != nullptr && window != nullptr && y != nullptr, "an array is NULL");
    atl::require(mean == nullptr || mean_layout != nullptr, "the mean has no layout");
    atl::require(
        window->channels >= 0 && window->top >= 0 && window->left >= 0 && window->height >= 0 && window->width >= 0,
        "the window is negative");
    atl::checked_product("channels x height x width", {window->channels, window->height, window->width});
    check_places(*layout, *window);
    if (mean != nullptr) check_places(*mean_layout, *window);
    const float zero = 0;
    const atl_image_layout none = {0, 0, 0};
    if (mean == nullptr) {
        mean = &zero;
        mean_layout = &none;
    }
    for (int64_t c = 0; c < window->channels; ++c) {
        for (int64_t i = 0; i < window->height; ++i) {
            const T* x = pixels + c * layout->channel_stride + (window->top + i) * layout->row_stride
                + window->left * layout->column_stride;
            const float* m = mean + c * mean_layout->channel_stride + (window->top + i) * mean_layout->row_stride
                + window->left * mean_layout->column_stride;
            switch (layout->column_stride) {
                case 1: row_of_mean<1>(x, 1, m, mean_layout->column_stride, scale, window->width, y); break;
                case 3: row_of_mean<3>(x, 3, m, mean_layout->column_stride, scale, window->width, y); break;
                default:
                    row_of_mean<0>(x, layout->column_stride, m, mean_layout->column_stride, scale, window->width, y);
                    break;
            }
            if (window->mirror != 0) std::reverse(y, y + window->width);
            y += window->width;
        }
    }
}

}  // namespace

extern "C" atl_status atl_image_to_planes_u8(const uint8_t* pixels, const atl_image_layout* layout, const float* mean,
    const atl_image_layout* mean_layout, const atl_image_window* window, float scale, float* y) {
    return atl::guard([&] { to_planes(pixels, layout, mean, mean_layout, window, scale, y); });
}

extern "C" atl_status atl_image_to_planes_f32(const float* pixels, const atl_image_layout* layout, const float* mean,
    const atl_image_layout* mean_layout, const atl_image_window* window, float scale, float* y) {
    return atl::guard([&] { to_planes(pixels, layout, mean, mean_layout, window, scale, y); });
}
