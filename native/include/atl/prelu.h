/* PReLU: y = x > 0 ? x : slope x with a learned slope for each channel (He et al. 2015). For one slope shared by all
 * channels pass the array as 1 x 1 x count, plain. */
#ifndef ATL_PRELU_H
#define ATL_PRELU_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y may be x; slope has c elements. Thread-safe. */
ATL_API atl_status atl_prelu_forward(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x, const float* slope, float* y);

/* dx = dy (x > 0 ? 1 : slope), unless dx is NULL; dslope[c] += the sum of dy x over the elements of channel c with x <=
 * 0, unless dslope is NULL. dx may be dy. Where inverted is not 0, x holds y instead, from which x is found again;
 * slopes must then be positive. Thread-safe. */
ATL_API atl_status atl_prelu_backward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, int32_t inverted,
    const float* x, const float* slope, const float* dy, float* dx, float* dslope);

#ifdef __cplusplus
}
#endif

#endif
