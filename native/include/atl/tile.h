/* Copies of an array along an axis. */
#ifndef ATL_TILE_H
#define ATL_TILE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Each of the `outer` rows of `size` floats of x comes `tiles` times in y. Thread-safe. */
ATL_API atl_status atl_tile_forward(int64_t outer, int64_t size, int64_t tiles, const float* x, float* y);

/* dx = the sum over the copies of dy. Thread-safe. */
ATL_API atl_status atl_tile_backward(int64_t outer, int64_t size, int64_t tiles, const float* dy, float* dx);

#ifdef __cplusplus
}
#endif

#endif
