/* From decoded images to the planes of a net's input. These functions run on the calling thread: they are called from
 * prefetch threads. */
#ifndef ATL_IMAGE_H
#define ATL_IMAGE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where element (channel, row, column) of an image lies: at channel * channel_stride + row * row_stride + column *
 * column_stride. */
typedef struct atl_image_layout {
    int64_t channel_stride;
    int64_t row_stride;
    int64_t column_stride;
} atl_image_layout;

/* The part of an image that is taken: rows [top, top + height), columns [left, left + width) of every channel, mirrored
 * left to right if mirror is not 0. */
typedef struct atl_image_window {
    int64_t channels;
    int64_t top;
    int64_t left;
    int64_t height;
    int64_t width;
    int32_t mirror;
} atl_image_window;

/* y[c, i, j] = (pixels[c, top + i, left + j] - mean[c, top + i, left + j]) * scale, y planar of channels x height x
 * width; with mirror, column j of y is width - 1 - j. mean may be NULL; its layout has zero strides where one value
 * serves for all. Thread-safe. */
ATL_API atl_status atl_image_to_planes_u8(const uint8_t* pixels, const atl_image_layout* layout, const float* mean,
    const atl_image_layout* mean_layout, const atl_image_window* window, float scale, float* y);

/* The same from float pixels. Thread-safe. */
ATL_API atl_status atl_image_to_planes_f32(const float* pixels, const atl_image_layout* layout, const float* mean,
    const atl_image_layout* mean_layout, const atl_image_window* window, float scale, float* y);

#ifdef __cplusplus
}
#endif

#endif
