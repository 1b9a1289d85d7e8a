/* Host memory for tensors, and changes of layout. */
#ifndef ATL_MEMORY_H
#define ATL_MEMORY_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Allocates `bytes` (>= 0) aligned to 64 bytes; large blocks ask for huge pages. Freed by atl_free. Thread-safe. */
ATL_API atl_status atl_alloc(int64_t bytes, void** pointer);

/* Frees what atl_alloc gave; NULL is accepted. Thread-safe. */
ATL_API atl_status atl_free(void* pointer);

/* Writes `count` copies of `value`. Thread-safe. */
ATL_API atl_status atl_fill(int64_t count, float value, float* y);

/* y[i] = x[i]; the arrays must not overlap. Thread-safe. */
ATL_API atl_status atl_copy(int64_t count, const float* x, float* y);

/* Copies an n x c x spatial array from one layout to another; x and y must not overlap. Thread-safe. */
ATL_API atl_status atl_reorder(
    int64_t n, int64_t c, int64_t spatial, atl_layout from, const float* x, atl_layout to, float* y);

#ifdef __cplusplus
}
#endif

#endif
