/* Products of rows with a weight matrix. */
#ifndef ATL_INNER_PRODUCT_H
#define ATL_INNER_PRODUCT_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y = x w' + bias for x of m x k, w of n x k (k x n where `transposed`) and y of m x n; `bias` of n numbers may be
 * NULL. Thread-safe. */
ATL_API atl_status atl_inner_product_forward(
    int64_t m, int64_t n, int64_t k, int32_t transposed, const float* x, const float* w, const float* bias, float* y);

/* dx = dy w; overwritten. Thread-safe. */
ATL_API atl_status atl_inner_product_backward_data(
    int64_t m, int64_t n, int64_t k, int32_t transposed, const float* dy, const float* w, float* dx);

/* dw += dy' x (x' dy where `transposed`); dbias += the sum of dy's rows. Either may be NULL. Thread-safe. */
ATL_API atl_status atl_inner_product_backward_weights(
    int64_t m, int64_t n, int64_t k, int32_t transposed, const float* x, const float* dy, float* dw, float* dbias);

#ifdef __cplusplus
}
#endif

#endif
