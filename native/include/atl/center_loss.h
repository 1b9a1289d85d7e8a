/* The centre loss (Wen et al., ECCV 2016): the distance of each sample to the centre of its class. */
#ifndef ATL_CENTER_LOSS_H
#define ATL_CENTER_LOSS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* loss[0] = sum |x_i - c_y|^2 / (2 m) over the m rows of x, m x k, with the centres c, n x k; where `absolute` is not
 * 0, sum |x_i - c_y|_1 / m. Thread-safe. */
ATL_API atl_status atl_center_loss_forward(int64_t m, int64_t n, int64_t k, int32_t absolute, const float* x,
    const float* labels, const float* centers, float* loss);

/* dx_i = weight (x_i - c_y) / m, or weight sign(x_i - c_y) / m where `absolute`. Thread-safe. */
ATL_API atl_status atl_center_loss_backward(int64_t m, int64_t n, int64_t k, int32_t absolute, float weight,
    const float* x, const float* labels, const float* centers, float* dx);

/* dcenters_j += sum (c_j - x_i) / (1 + how many), over the samples of class j (the signs of c_j - x_i where
 * `absolute`): the step that moves the centre towards its samples, which does not depend on the loss' weight.
 * Thread-safe. */
ATL_API atl_status atl_center_loss_update(int64_t m, int64_t n, int64_t k, int32_t absolute, const float* x,
    const float* labels, const float* centers, float* dcenters);

#ifdef __cplusplus
}
#endif

#endif
