/* The cross entropy of independent probabilities, from their logits. */
#ifndef ATL_SIGMOID_CROSS_ENTROPY_LOSS_H
#define ATL_SIGMOID_CROSS_ENTROPY_LOSS_H

#include "atl/loss.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which elements count, and what the sum is divided by. Targets lie in 0..1, or are (cut to a whole number) the ignored
 * one. */
typedef struct atl_target_loss {
    int64_t count, batch;
    atl_normalization normalization;
    int32_t has_ignored;
    int32_t ignored;
} atl_target_loss;

/* loss[0] = sum -(t ln s(x) + (1 - t) ln(1 - s(x))) with the sigmoid s, over the elements whose target is not ignored,
 * divided as asked. Thread-safe. */
ATL_API atl_status atl_sigmoid_cross_entropy_loss_forward(
    const atl_target_loss* loss_of, const float* x, const float* t, float* loss);

/* dx = weight (s(x) - t) divided as in the forward; 0 where the target is ignored. Thread-safe. */
ATL_API atl_status atl_sigmoid_cross_entropy_loss_backward(
    const atl_target_loss* loss_of, float weight, const float* x, const float* t, float* dx);

#ifdef __cplusplus
}
#endif

#endif
