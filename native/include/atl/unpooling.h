/* Max unpooling: values put back to the places where max pooling found its maxima. */
#ifndef ATL_UNPOOLING_H
#define ATL_UNPOOLING_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* n x c images of `pixels` values, put among `out_pixels` places; all arrays in one layout. */
typedef struct atl_unpooling {
    int64_t n, c, pixels, out_pixels;
    atl_layout layout;
} atl_unpooling;

/* y[mask[i]] = x[i] in each image, 0 elsewhere; of values with one place the last stays. A place of -1 is none; others
 * beyond 0..out_pixels - 1 are refused, and y then is undefined. Thread-safe. */
ATL_API atl_status atl_unpooling_forward(const atl_unpooling* unpooling, const float* x, const float* mask, float* y);

/* dx[i] = dy[mask[i]], 0 where the place is -1. Thread-safe. */
ATL_API atl_status atl_unpooling_backward(
    const atl_unpooling* unpooling, const float* dy, const float* mask, float* dx);

#ifdef __cplusplus
}
#endif

#endif
