/* Half the squared Euclidean distance of two arrays. */
#ifndef ATL_EUCLIDEAN_LOSS_H
#define ATL_EUCLIDEAN_LOSS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* loss[0] = sum (a[i] - b[i])^2 / (2 batch); batch >= 1. Thread-safe. */
ATL_API atl_status atl_euclidean_loss_forward(
    int64_t count, int64_t batch, const float* a, const float* b, float* loss);

/* dx[i] = scale (a[i] - b[i]). Thread-safe. */
ATL_API atl_status atl_euclidean_loss_backward(int64_t count, float scale, const float* a, const float* b, float* dx);

#ifdef __cplusplus
}
#endif

#endif
