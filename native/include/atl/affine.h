/* A scale and a shift for each channel: y = scale[c] x + shift[c]. Any axes of an array can be the "channels" of an n x
 * c x spatial view. */
#ifndef ATL_AFFINE_H
#define ATL_AFFINE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* scale (NULL: ones) and shift (NULL: zeros) have c elements; y may be x. Thread-safe. */
ATL_API atl_status atl_affine_forward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x,
    const float* scale, const float* shift, float* y);

/* dx = scale[c] dy, unless dx is NULL; dx may be dy. dscale[c] += the sum of dy x over the channel and dshift[c] +=
 * that of dy, unless they are NULL. x is read for dscale alone. Thread-safe. */
ATL_API atl_status atl_affine_backward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x,
    const float* scale, const float* dy, float* dx, float* dscale, float* dshift);

#ifdef __cplusplus
}
#endif

#endif
