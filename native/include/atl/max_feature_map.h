/* The larger of the halves of each row. */
#ifndef ATL_MAX_FEATURE_MAP_H
#define ATL_MAX_FEATURE_MAP_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y[r, i] = max(x[r, i], x[r, half + i]) for `rows` rows of 2 half floats; a NaN of the second half stays. Thread-safe.
 */
ATL_API atl_status atl_max_feature_map_forward(int64_t rows, int64_t half, const float* x, float* y);

/* dx is dy where x is the larger, of equals in the second half, and 0 elsewhere. Thread-safe. */
ATL_API atl_status atl_max_feature_map_backward(int64_t rows, int64_t half, const float* x, const float* dy, float* dx);

#ifdef __cplusplus
}
#endif

#endif
