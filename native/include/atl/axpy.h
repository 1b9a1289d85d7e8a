/* A factor for each row of an array, and a sum. */
#ifndef ATL_AXPY_H
#define ATL_AXPY_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* out[r, i] = a[r] x[r, i] + y[r, i] for `rows` rows of `size` floats. Thread-safe. */
ATL_API atl_status atl_axpy_forward(
    int64_t rows, int64_t size, const float* a, const float* x, const float* y, float* out);

/* da[r] = sum_i dout[r, i] x[r, i]. Thread-safe. */
ATL_API atl_status atl_axpy_backward_scale(int64_t rows, int64_t size, const float* dout, const float* x, float* da);

/* dx[r, i] = a[r] dout[r, i]. Thread-safe. */
ATL_API atl_status atl_axpy_backward(int64_t rows, int64_t size, const float* dout, const float* a, float* dx);

#ifdef __cplusplus
}
#endif

#endif
