/* Local response normalisation (Krizhevsky et al. 2012): y = x s^-beta, where s grows with the squares of x nearby.
 * Both kinds recompute s in backward from x, so nothing is kept. size is odd. */
#ifndef ATL_LRN_H
#define ATL_LRN_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ATL_WITHOUT_FUNCTIONS

/* Across channels: s = k + alpha / size * the sum of x^2 over the `size` channels around the element's; y must not be
 * x. Thread-safe. */
ATL_API atl_status atl_lrn_across_forward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, int64_t size,
    float alpha, float beta, float k, const float* x, float* y);

/* dx = dy s^-beta - 2 alpha beta / size * x * the sum of dy y / s over the same channels; dx may be dy, but not x where
 * dy is another array. Thread-safe. */
ATL_API atl_status atl_lrn_across_backward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, int64_t size,
    float alpha, float beta, float k, const float* x, const float* dy, float* dx);

/* Within a channel of n x c x height x width: s = 1 + alpha / size^2 * the sum of x^2 over the size x size places
 * around the element's, those outside of the image counting as 0; y must not be x. Thread-safe. */
ATL_API atl_status atl_lrn_within_forward(int64_t n, int64_t c, int64_t height, int64_t width, atl_layout layout,
    int64_t size, float alpha, float beta, const float* x, float* y);

/* dx = dy s^-beta - 2 alpha beta / size^2 * x * the sum of dy y / s over the same places; dx may be dy, but not x where
 * dy is another array. Thread-safe. */
ATL_API atl_status atl_lrn_within_backward(int64_t n, int64_t c, int64_t height, int64_t width, atl_layout layout,
    int64_t size, float alpha, float beta, const float* x, const float* dy, float* dx);

#endif

#ifdef __cplusplus
}
#endif

#endif
