/* Functions of one element: activations and the like. They work on any layout, since every element is treated alike. */
#ifndef ATL_ELEMENTWISE_H
#define ATL_ELEMENTWISE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum atl_elementwise {
    ATL_RELU = 0 /* x > 0 ? x : a x */
} atl_elementwise;

/* y[i] = f(x[i]); y may be x. */
ATL_API atl_status atl_elementwise_forward(atl_elementwise f, int64_t count, float a, float b, float c, const float* x, float* y);

/* dx[i] = dy[i] f'(x[i]), from x or from y = f(x), whichever the function needs; dx may be dy. A function that can do with y accepts x == y,
 * as after an in-place forward. */
ATL_API atl_status atl_elementwise_backward(
    atl_elementwise f, int64_t count, float a, float b, float c, const float* x, const float* y, const float* dy, float* dx);

#ifdef __cplusplus
}
#endif

#endif
