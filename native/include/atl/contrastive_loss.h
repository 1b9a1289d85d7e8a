/* The loss of pairs that shall be near or far. */
#ifndef ATL_CONTRASTIVE_LOSS_H
#define ATL_CONTRASTIVE_LOSS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Pairs of rows of a and b, pairs x features; similar[i] (cut to a whole number) is not 0 where pair i shall be near.
 * With d = |a - b|: loss[0] = sum (similar ? d^2 : max(margin - d, 0)^2) / (2 pairs), or, where `legacy` is not 0,
 * max(margin - d^2, 0) for the others. Thread-safe. */
ATL_API atl_status atl_contrastive_loss_forward(int64_t pairs, int64_t features, float margin, int32_t legacy,
    const float* a, const float* b, const float* similar, float* loss);

/* da = weight times the derivative by a (with 1e-4 added to d where it divides); with a and b exchanged, db.
 * Thread-safe. */
ATL_API atl_status atl_contrastive_loss_backward(int64_t pairs, int64_t features, float margin, int32_t legacy,
    float weight, const float* a, const float* b, const float* similar, float* da);

#ifdef __cplusplus
}
#endif

#endif
