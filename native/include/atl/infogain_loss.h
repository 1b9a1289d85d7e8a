/* The logarithmic loss weighted by a matrix of how much each class tells of each label. */
#ifndef ATL_INFOGAIN_LOSS_H
#define ATL_INFOGAIN_LOSS_H

#include "atl/loss.h"

#ifdef __cplusplus
extern "C" {
#endif

/* loss[0] = the sum of -sum_c h[label, c] ln max(p[c], 1e-20) over the labels that are not ignored, divided as asked; h
 * is channels x channels. Thread-safe. */
ATL_API atl_status atl_infogain_loss_forward(
    const atl_label_loss* loss_of, const float* p, const float* labels, const float* h, float* loss);

/* dx = weight (p[c] sum_k h[label, k] - h[label, c]) divided as in the forward, where p is the softmax of x; 0 where
 * the label is ignored. Thread-safe. */
ATL_API atl_status atl_infogain_loss_backward(
    const atl_label_loss* loss_of, float weight, const float* p, const float* labels, const float* h, float* dx);

#ifdef __cplusplus
}
#endif

#endif
