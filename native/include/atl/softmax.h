/* The softmax over one axis of an outer x channels x inner array, and the loss of its logarithm. */
#ifndef ATL_SOFTMAX_H
#define ATL_SOFTMAX_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a sum of losses is divided by; the divisor is at least 1. The values are those of LossParameter.NormalizationMode. */
typedef enum atl_normalization {
    ATL_NORMALIZE_FULL = 0,       /* outer x inner */
    ATL_NORMALIZE_VALID = 1,      /* the labels that are not ignored */
    ATL_NORMALIZE_BATCH_SIZE = 2, /* the batch */
    ATL_NORMALIZE_NONE = 3        /* 1 */
} atl_normalization;

/* What scores and labels a loss over classes has. */
typedef struct atl_label_loss {
    int64_t outer, channels, inner; /* the scores; outer x inner labels, whole numbers in 0..channels-1 or the ignored one */
    int64_t batch;                  /* the divisor of ATL_NORMALIZE_BATCH_SIZE */
    atl_normalization normalization;
    int32_t has_ignored;            /* whether there is an ignored label */
    int32_t ignored;
} atl_label_loss;

/* y = exp(x - max x) / sum exp(x - max x) along the channels; y may be x. */
ATL_API atl_status atl_softmax_forward(int64_t outer, int64_t channels, int64_t inner, const float* x, float* y);

/* dx = y (dy - sum y dy) along the channels; dx may be dy. */
ATL_API atl_status atl_softmax_backward(int64_t outer, int64_t channels, int64_t inner, const float* y, const float* dy, float* dx);

/* loss[0] = the sum of -ln max(p, FLT_MIN) over the labels that are not ignored, divided as asked, where p is the softmax of x at the label.
 * Fills `stats`, 2 outer inner floats, for the backward. Labels out of range are refused. */
ATL_API atl_status atl_softmax_loss_forward(const atl_label_loss* loss_of, const float* x, const float* labels, float* stats, float* loss);

/* dx = weight (p - [channel is the label]) divided as in the forward; 0 where the label is ignored. The softmax p is computed anew from x and
 * the forward's `stats`, which takes less memory traffic than keeping it. */
ATL_API atl_status atl_softmax_loss_backward(
    const atl_label_loss* loss_of, float weight, const float* x, const float* labels, const float* stats, float* dx);

#ifdef __cplusplus
}
#endif

#endif
