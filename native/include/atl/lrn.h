/* Local response normalisation (Krizhevsky et al. 2012): y = x s^-beta, where s grows with the squares of x nearby.
 * Both kinds recompute s in backward from x, so nothing is kept. size is odd. */
#ifndef ATL_LRN_H
#define ATL_LRN_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What s is of each element of an n x channels x height x width array in one layout. */
typedef struct atl_lrn {
    int64_t n, channels, height, width;
    atl_layout layout;
    int32_t within; /* 0: s = k + alpha / size * the sum of x^2 over the `size` channels around the element's;
                       else s = 1 + alpha / size^2 * the sum of x^2 over the size x size places around it, within its
                       channel, those outside of the image counting as 0 */
    int64_t size;
    float alpha, beta, k;
} atl_lrn;

#ifndef ATL_WITHOUT_FUNCTIONS

/* y = x s^-beta; y must not be x. Thread-safe. */
ATL_API atl_status atl_lrn_forward(const atl_lrn* lrn, const float* x, float* y);

/* dx = dy s^-beta - 2 beta x * the factor before the sum in s * the sum of dy y / s over the same elements; dx may be
 * dy, but not x where dy is another array. Thread-safe. */
ATL_API atl_status atl_lrn_backward(const atl_lrn* lrn, const float* x, const float* dy, float* dx);

#endif

#ifdef __cplusplus
}
#endif

#endif
