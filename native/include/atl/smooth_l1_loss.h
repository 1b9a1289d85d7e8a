/* The smooth L1 loss of two arrays, with weights inside and outside. */
#ifndef ATL_SMOOTH_L1_LOSS_H
#define ATL_SMOOTH_L1_LOSS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* loss = sum outside f(inside (a - b)) / divisor with f(d) = (sigma d)^2 / 2 where |d| < 1 / sigma^2 and |d| - 1 / (2
 * sigma^2) elsewhere. `inside` and `outside` may be NULL: 1. divisor > 0, sigma > 0. Thread-safe. */
ATL_API atl_status atl_smooth_l1_loss_forward(int64_t count, float sigma, float divisor, const float* a, const float* b,
    const float* inside, const float* outside, float* loss);

/* da = factor outside inside f'(inside (a - b)), f'(d) = sigma^2 d or sign(d); db is -da. Thread-safe. */
ATL_API atl_status atl_smooth_l1_loss_backward(int64_t count, float sigma, float factor, const float* a, const float* b,
    const float* inside, const float* outside, float* da);

#ifdef __cplusplus
}
#endif

#endif
