/* Rows of unit length. */
#ifndef ATL_UNIT_ROWS_H
#define ATL_UNIT_ROWS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Divides each of the n rows of w, n x k, by its length, in place; a row of zeros stays, and so do the bits of a row
 * that has unit length but for rounding. Thread-safe. */
ATL_API atl_status atl_unit_rows(int64_t n, int64_t k, float* w);

#ifdef __cplusplus
}
#endif

#endif
