/* The hinge loss of one class against the others. */
#ifndef ATL_HINGE_LOSS_H
#define ATL_HINGE_LOSS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* loss[0] = sum max(0, 1 - s x[i])^p / rows over the rows x classes scores, with s = 1 for the row's label and -1 for
 * the others, and p = 2 where `squared` is not 0, else 1. Thread-safe. */
ATL_API atl_status atl_hinge_loss_forward(
    int64_t rows, int64_t classes, int32_t squared, const float* x, const float* labels, float* loss);

/* dx = weight times the derivative of the loss. Thread-safe. */
ATL_API atl_status atl_hinge_loss_backward(
    int64_t rows, int64_t classes, int32_t squared, float weight, const float* x, const float* labels, float* dx);

#ifdef __cplusplus
}
#endif

#endif
