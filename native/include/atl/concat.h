/* Joining arrays along an axis, and cutting one up. */
#ifndef ATL_CONCAT_H
#define ATL_CONCAT_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y = for each of `outer` rows, the rows of all pieces one after another; a row of piece k has sizes[k] floats. A NULL
 * piece is zeros. Thread-safe. */
ATL_API atl_status atl_concat(int64_t outer, int32_t pieces, const int64_t* sizes, const float* const* x, float* y);

/* The reverse: cuts each of the `outer` rows of x up into rows of the pieces; what belongs to a NULL piece is left out.
 * Thread-safe. */
ATL_API atl_status atl_slice(int64_t outer, int32_t pieces, const int64_t* sizes, const float* x, float* const* y);

#ifdef __cplusplus
}
#endif

#endif
