/* The logarithmic loss of given probabilities. */
#ifndef ATL_MULTINOMIAL_LOSS_H
#define ATL_MULTINOMIAL_LOSS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* loss[0] = sum -ln max(p[label], 1e-20) / rows over the rows of rows x classes probabilities. Thread-safe. */
ATL_API atl_status atl_multinomial_loss_forward(
    int64_t rows, int64_t classes, const float* p, const float* labels, float* loss);

/* dp = -weight / (rows max(p, 1e-20)) at each row's label, 0 elsewhere. Thread-safe. */
ATL_API atl_status atl_multinomial_loss_backward(
    int64_t rows, int64_t classes, float weight, const float* p, const float* labels, float* dp);

#ifdef __cplusplus
}
#endif

#endif
