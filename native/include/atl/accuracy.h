/* How often the label is among the best scores. */
#ifndef ATL_ACCURACY_H
#define ATL_ACCURACY_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The scores are outer x channels x inner, the labels outer x inner whole numbers in 0..channels-1 or, where
 * has_ignored is not 0, `ignored`. A label counts as right where fewer than `top_k` other classes score at least as
 * much as it does; a NaN score is never right. accuracy[0] = right / counted; per_class (may be NULL), channels floats
 * = the same among the labels of each class. 0 where none is counted. Thread-safe. */
ATL_API atl_status atl_accuracy(int64_t outer, int64_t channels, int64_t inner, int64_t top_k, int32_t has_ignored,
    int32_t ignored, const float* x, const float* labels, float* accuracy, float* per_class);

#ifdef __cplusplus
}
#endif

#endif
