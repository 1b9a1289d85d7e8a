/* Sums of arrays, as where the gradients of a blob's several readers meet. */
#ifndef ATL_SUM_H
#define ATL_SUM_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y[i] = x[0][i] + x[1][i] + ... + x[terms - 1][i], added in this order, in one pass; terms >= 1. y may be one of the
 * x. Thread-safe. */
ATL_API atl_status atl_sum(int64_t count, int32_t terms, const float* const* x, float* y);

#ifdef __cplusplus
}
#endif

#endif
