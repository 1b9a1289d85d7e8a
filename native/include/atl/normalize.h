/* L2 or L1 normalisation over the channels of each place, or over all of a sample, with a learned scale or without. */
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

/* What |x| is. */
typedef enum atl_normalize_norm {
    ATL_NORMALIZE_L2 = 0, /* sqrt(sum x^2 + eps) */
    ATL_NORMALIZE_L1 = 1  /* sum |x_i| + eps */
} atl_normalize_norm;

/* What one normalisation works on: an n x c x spatial array in one layout. */
typedef struct atl_normalize {
    int64_t n, c, spatial;
    atl_layout layout;
    atl_normalize_scale scale;
    int32_t across_spatial; /* 0: a norm for each of the n * spatial places; else one for each of the n samples */
    float eps;              /* >= 0; added to the sum */
    atl_normalize_norm norm;
    int32_t fix_gradient; /* not 0: backward leaves the division by |x| out */
} atl_normalize;

#ifndef ATL_WITHOUT_FUNCTIONS

/* y = scale x / |x|; where |x| is 0, y is 0. `inverse` takes 1 / |x|, or 0, for each norm: n * spatial numbers, or n
 * across spatial places; `norms` takes |x|, where not NULL. `scale` may be NULL without one. y must not overlap x.
 * Thread-safe. */
ATL_API atl_status atl_normalize_forward(
    const atl_normalize* normalize, const float* x, const float* scale, float* y, float* inverse, float* norms);

/* dx = (t - d sum(u t)) / |x| + d dnorms with t = scale dy, u = x / |x| and d the derivative of |x|: u for L2, sign(x)
 * for L1. `dnorms` may be NULL. dscale is added to: sum u dy. Either of dx and dscale may be NULL. dx must not overlap
 * x or dy. Thread-safe. */
ATL_API atl_status atl_normalize_backward(const atl_normalize* normalize, const float* x, const float* scale,
    const float* inverse, const float* dy, const float* dnorms, float* dx, float* dscale);

#endif

#ifdef __cplusplus
}
#endif

#endif
