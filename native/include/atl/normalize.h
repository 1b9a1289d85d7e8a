/* L2 normalisation over the channels of each place, or over all of a sample, with a learned scale or without. */
#ifndef ATL_NORMALIZE_H
#define ATL_NORMALIZE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many numbers the scale has. */
typedef enum atl_normalize_scale {
    ATL_NORMALIZE_NO_SCALE = 0,     /* none: 1 for all */
    ATL_NORMALIZE_SHARED_SCALE = 1, /* one for all channels */
    ATL_NORMALIZE_CHANNEL_SCALE = 2 /* one for each channel */
} atl_normalize_scale;

/* What one normalisation works on: an n x c x spatial array in one layout. */
typedef struct atl_normalize {
    int64_t n, c, spatial;
    atl_layout layout;
    atl_normalize_scale scale;
    int32_t across_spatial; /* 0: a norm for each of the n * spatial places; else one for each of the n samples */
    float eps;              /* >= 0; added to the sum of squares */
} atl_normalize;

/* y = scale x / |x| with |x| = sqrt(sum x^2 + eps); where that is 0, y is 0. `inverse` takes 1 / |x|, or 0, for each norm: n * spatial numbers,
 * or n across spatial places. `scale` may be NULL without one. y must not overlap x. */
ATL_API atl_status atl_normalize_forward(const atl_normalize* normalize, const float* x, const float* scale, float* y, float* inverse);

/* dx = (t - u sum(u t)) / |x| with t = scale dy, u = x / |x|; dscale is added to: sum u dy. Either may be NULL. dx must not overlap x or dy. */
ATL_API atl_status atl_normalize_backward(
    const atl_normalize* normalize, const float* x, const float* scale, const float* inverse, const float* dy, float* dx, float* dscale);

#ifdef __cplusplus
}
#endif

#endif
