/* Copies of arrays, or of parts of them, with their axes in another order or walked backwards. */
#ifndef ATL_REARRANGE_H
#define ATL_REARRANGE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y, of the given extents in row-major order, from x: y[i0, i1, ...] = x[offset + i0 strides[0] + i1 strides[1] + ...].
 * Strides may be negative; all places must lie in x, whose size is x_count. 1 to 16 axes. y must not overlap x.
 * Thread-safe. */
ATL_API atl_status atl_rearrange(int32_t axes, const int64_t* extents, const int64_t* strides, int64_t offset,
    int64_t x_count, const float* x, float* y);

/* The way back: x[offset + i0 strides[0] + i1 strides[1] + ...] = y[i0, i1, ...], and 0 in all other places of x. The
 * strides must lead to a place only once. Thread-safe. */
ATL_API atl_status atl_rearrange_back(int32_t axes, const int64_t* extents, const int64_t* strides, int64_t offset,
    int64_t x_count, const float* y, float* x);

#ifdef __cplusplus
}
#endif

#endif
