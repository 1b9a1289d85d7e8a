/* Sums over the rows of a matrix. */
#ifndef ATL_REDUCTION_H
#define ATL_REDUCTION_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The values are those of ReductionParameter.ReductionOp; a mean is a sum whose coefficient the caller has divided. */
typedef enum atl_reduction {
    ATL_REDUCTION_SUM = 1,
    ATL_REDUCTION_ASUM = 2, /* of absolute values */
    ATL_REDUCTION_SUMSQ = 3 /* of squares */
} atl_reduction;

/* y[r] = coefficient times the sum of row r of x, rows x columns. Thread-safe. */
ATL_API atl_status atl_reduction_forward(
    atl_reduction what, int64_t rows, int64_t columns, float coefficient, const float* x, float* y);

/* dx = dy[r] times the derivative of y[r]. Thread-safe. */
ATL_API atl_status atl_reduction_backward(
    atl_reduction what, int64_t rows, int64_t columns, float coefficient, const float* x, const float* dy, float* dx);

#ifdef __cplusplus
}
#endif

#endif
