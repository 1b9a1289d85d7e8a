/* Several arrays of one shape combined element by element. Any layout will do, if it is that of all arrays. */
#ifndef ATL_ELTWISE_H
#define ATL_ELTWISE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum atl_eltwise {
    ATL_ELTWISE_PROD = 0, /* the product */
    ATL_ELTWISE_SUM = 1,  /* the sum of coefficient times array */
    ATL_ELTWISE_MAX =
        2 /* the largest; of the first two a tie goes to the second, a later one must be strictly larger */
} atl_eltwise;

/* y[i] from x[0][i] .. x[inputs - 1][i]; inputs >= 2. coefficients has `inputs` elements and is read for
 * ATL_ELTWISE_SUM alone. y may be x[0]. Thread-safe. */
ATL_API atl_status atl_eltwise_forward(
    atl_eltwise operation, int64_t count, int32_t inputs, const float* const* x, const float* coefficients, float* y);

/* dx[j][i] for every dx[j] that is not NULL. Of the product, stable != 0 multiplies the other arrays, 0 divides y by
 * the array itself (and gives NaN where that is 0). x is read for PROD and MAX, y for an unstable PROD; else they may
 * be NULL. Thread-safe. */
ATL_API atl_status atl_eltwise_backward(atl_eltwise operation, int64_t count, int32_t inputs, const float* const* x,
    const float* coefficients, int32_t stable, const float* y, const float* dy, float* const* dx);

#ifdef __cplusplus
}
#endif

#endif
