/* The largest values along an axis, and where they are. */
#ifndef ATL_ARGMAX_H
#define ATL_ARGMAX_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For each row and position of the outer x channels x inner array x: the `top` largest values along the channels, in
 * falling order, of equals the one with the larger index first. The j-th of row o and position s goes to element o
 * stride + j inner + s of `indices` and `values`, of which one may be NULL. NaN ranks below everything. Thread-safe. */
ATL_API atl_status atl_argmax(int64_t outer, int64_t channels, int64_t inner, int64_t top, int64_t stride,
    const float* x, float* indices, float* values);

#ifdef __cplusplus
}
#endif

#endif
