/* Pooling over windows of the two spatial axes of n x channels x height x width arrays, in any layout. */
#ifndef ATL_POOLING_H
#define ATL_POOLING_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Window (i, j) covers the rows i stride_h - pad_h .. + kernel_h and the columns likewise; padding is never a value.
 * Every window must reach into the image: pad < kernel and (out - 1) stride - pad < extent for both axes. height *
 * width must be below 2^31. */
typedef struct atl_pooling {
    int64_t n, channels, height, width;
    int64_t out_height, out_width;
    int64_t kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w;
    atl_layout layout; /* of x, y, their gradients and places */
} atl_pooling;

#ifndef ATL_WITHOUT_FUNCTIONS

/* y = the largest value of each window, -FLT_MAX where none is larger. places (may be NULL) = where it lies, row *
 * width + column, the first of equals; -1 where none is larger than -FLT_MAX. Thread-safe. */
ATL_API atl_status atl_pooling_max_forward(const atl_pooling* p, const float* x, float* y, int32_t* places);

/* y = the sum of each window divided by its area, which is clipped at the padded image's lower and right edge.
 * Thread-safe. */
ATL_API atl_status atl_pooling_average_forward(const atl_pooling* p, const float* x, float* y);

/* dx = dy / area, spread over the windows. Thread-safe. */
ATL_API atl_status atl_pooling_average_backward(const atl_pooling* p, const float* dy, float* dx);

/* y = one value of each window, drawn with a probability in proportion to it (the values are taken to be >= 0); places
 * as for the largest. The window with index i in plain order draws with word position + i of the Philox stream `key`.
 * Thread-safe. */
ATL_API atl_status atl_pooling_draw_forward(
    const atl_pooling* p, uint64_t key, uint64_t position, const float* x, float* y, int32_t* places);

/* y = sum x^2 / sum x of each window, what drawing gives on average; 0 where the sum is not positive. Thread-safe. */
ATL_API atl_status atl_pooling_expectation_forward(const atl_pooling* p, const float* x, float* y);

/* dx = dy (2 x - y) / sum x, summed over the windows. Thread-safe. */
ATL_API atl_status atl_pooling_expectation_backward(
    const atl_pooling* p, const float* x, const float* y, const float* dy, float* dx);

/* dx = 0, then dx[places[i]] += dy[i]; a negative place takes nothing. Thread-safe. */
ATL_API atl_status atl_pooling_places_backward(const atl_pooling* p, const float* dy, const int32_t* places, float* dx);

/* mask[i] = places[i], as floats. Thread-safe. */
ATL_API atl_status atl_pooling_mask(int64_t count, const int32_t* places, float* mask);

#endif

#ifdef __cplusplus
}
#endif

#endif
