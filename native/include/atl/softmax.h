/* The softmax over one axis of an outer x channels x inner array, and the loss of its logarithm. */
#ifndef ATL_SOFTMAX_H
#define ATL_SOFTMAX_H

#include "atl/loss.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y = exp(x - max x) / sum exp(x - max x) along the channels; y may be x. Thread-safe. */
ATL_API atl_status atl_softmax_forward(int64_t outer, int64_t channels, int64_t inner, const float* x, float* y);

/* dx = y (dy - sum y dy) along the channels; dx may be dy. Thread-safe. */
ATL_API atl_status atl_softmax_backward(
    int64_t outer, int64_t channels, int64_t inner, const float* y, const float* dy, float* dx);

/* loss[0] = the sum of -ln max(p, FLT_MIN) over the labels that are not ignored, divided as asked, where p is the
 * softmax of x at the label. Fills `stats`, 2 outer inner floats, for the backward. Labels out of range are refused.
 * Thread-safe. */
ATL_API atl_status atl_softmax_loss_forward(
    const atl_label_loss* loss_of, const float* x, const float* labels, float* stats, float* loss);

/* dx = weight (p - [channel is the label]) divided as in the forward; 0 where the label is ignored. The softmax p is
 * computed anew from x and the forward's `stats`, which takes less memory traffic than keeping it. Thread-safe. */
ATL_API atl_status atl_softmax_loss_backward(
    const atl_label_loss* loss_of, float weight, const float* x, const float* labels, const float* stats, float* dx);

#ifdef __cplusplus
}
#endif

#endif
