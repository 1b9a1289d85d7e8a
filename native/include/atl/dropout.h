/* Dropout: zeroes elements at random and scales the others. The draws are words of the Philox stream `key` from
 * `position` on, one for each element in plain order whatever the layout; an element stays where its word is not below
 * ratio 2^32. The same call on dy is the gradient. */
#ifndef ATL_DROPOUT_H
#define ATL_DROPOUT_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y = x / (1 - ratio) where the element stays, else 0; 0 <= ratio < 1; y may be x. Thread-safe. */
ATL_API atl_status atl_dropout(int64_t n, int64_t c, int64_t spatial, atl_layout layout, float ratio, uint64_t key,
    uint64_t position, const float* x, float* y);

#ifdef __cplusplus
}
#endif

#endif
