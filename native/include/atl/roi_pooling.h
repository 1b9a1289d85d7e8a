/* Region of interest pooling: the maxima of a grid of cells in each of many boxes. */
#ifndef ATL_ROI_POOLING_H
#define ATL_ROI_POOLING_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* n x c feature maps of height x width, and `rois` boxes of which each is cut into out_height x out_width cells. */
typedef struct atl_roi_pooling {
    int64_t n, c, height, width;
    int64_t rois, out_height, out_width;
    float spatial_scale; /* finite; brings the boxes' coordinates to those of the maps */
} atl_roi_pooling;

/* boxes: image, x1, y1, x2, y2 each, corners included. y, rois x c x out_height x out_width: the largest value of each
 * cell, 0 where a cell has none;
 * places: where it lies, row * width + column, or -1. All arrays in plain order. An image that is not there, or a
 * coordinate that is no number, is refused. Thread-safe. */
ATL_API atl_status atl_roi_pooling_forward(
    const atl_roi_pooling* pooling, const float* x, const float* boxes, float* y, int32_t* places);

/* dx from dy and the boxes and places of forward. Thread-safe. */
ATL_API atl_status atl_roi_pooling_backward(
    const atl_roi_pooling* pooling, const float* dy, const float* boxes, const int32_t* places, float* dx);

#ifdef __cplusplus
}
#endif

#endif
