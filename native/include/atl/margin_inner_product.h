/* The margin inner product of SphereFace and the Angular Triplet Loss: logits x W^T whose labelled entry carries an
 * angular margin, and the rows of W as a bank of samples. The formulas are in native/margin/margin.h.
 *
 * Arrays: x is m x k, label has m entries (integers in [0, n) stored as floats), w is n x k, logits m x n; all
 * row-major. One training step: atl_margin_forward, atl_margin_backward, and with a triplet bank
 * atl_margin_replace_rows. */
#ifndef ATL_MARGIN_INNER_PRODUCT_H
#define ATL_MARGIN_INNER_PRODUCT_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The m of cos(m theta), less one: MarginInnerProductParameter.MarginType of caffe.proto. */
typedef enum atl_margin_type {
    ATL_MARGIN_SINGLE = 0,
    ATL_MARGIN_DOUBLE = 1,
    ATL_MARGIN_TRIPLE = 2,
    ATL_MARGIN_QUADRUPLE = 3
} atl_margin_type;

/* What one margin inner product computes. */
typedef struct atl_margin {
    int64_t m; /* samples, >= 0 */
    int64_t n; /* classes, >= 1 */
    int64_t k; /* features, >= 1 */
    atl_margin_type type;
    int32_t
        exact_gradient; /* 0: (a, b) of the label's gradient scaled to unit length, as published; else the derivative */
    int32_t semihard;   /* not 0: easy and hard samples get no gradient */
} atl_margin;

/* *lambda = max(base (1 + gamma t)^-power, lambda_min) for forward number t. Fails where that is not a finite number
 * >= 0. Thread-safe. */
ATL_API atl_status atl_margin_lambda(float base, float gamma, float power, float lambda_min, int64_t t, float* lambda);

/* Scales every row of w to unit length, in place (a row of zeros stays; one that has unit length but for rounding keeps
 * its bits), and writes the logits (m x n) and what the backward needs of them: `state` is 3 x m: |x_i|, x_i . w_label,
 * and 1 or 0 for whether the sample gets a gradient (0 for a degenerate sample of the double margin, and as semi-hard
 * mining decides). Fails, naming sample and label, where a label is not an integer in [0, n), before anything is
 * written. Thread-safe. */
ATL_API atl_status atl_margin_forward(
    const atl_margin* margin, float lambda, const float* x, const float* label, float* w, float* logits, float* state);

/* From the logits' gradient (m x n; it is not changed): dx (m x k) is overwritten, dw (n x k) is added to. Either may
 * be NULL. `state`, `lambda`, x, label and w are those of the forward. dw is the plain inner product's, dlogits^T x: no
 * margin and no Jacobian of the normalisation. Thread-safe. */
ATL_API atl_status atl_margin_backward(const atl_margin* margin, float lambda, const float* x, const float* label,
    const float* w, const float* state, const float* dlogits, float* dx, float* dw);

/* Each sample i whose word `position` + i of the random stream `key` says so (probability 1/2) becomes row label_i of
 * w; of several samples of one class the last one stays. Takes m words. Fails where a label is not an integer in [0,
 * n), before any row is changed. Thread-safe. */
ATL_API atl_status atl_margin_replace_rows(
    int64_t m, int64_t n, int64_t k, const float* x, const float* label, uint64_t key, uint64_t position, float* w);

#ifdef __cplusplus
}
#endif

#endif
