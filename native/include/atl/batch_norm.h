/* Batch normalisation (Ioffe and Szegedy 2015) without scale and shift: y = (x - mean[c]) / sqrt(variance[c] + eps). */
#ifndef ATL_BATCH_NORM_H
#define ATL_BATCH_NORM_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A batch normalisation of a plain n x c x spatial array as the CUDA kernels take it. What is stored over the batches
 * fades by `fraction` with each, and takes the batch's means times `share` and variances times `variance_share`. */
typedef struct atl_batch_norm {
    int64_t n, c, spatial;
    float eps;
    float fraction, share, variance_share;
} atl_batch_norm;

#ifndef ATL_WITHOUT_FUNCTIONS

/* The mean and the biased variance of each channel. Thread-safe. */
ATL_API atl_status atl_batch_norm_statistics(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x, float* mean, float* variance);

/* y = (x - mean[c]) / sqrt(variance[c] + eps); y may be x. Thread-safe. */
ATL_API atl_status atl_batch_norm_forward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, float eps,
    const float* x, const float* mean, const float* variance, float* y);

/* The gradient where mean and variance are those of x itself: with y as above,
 * dx = (dy - mean(dy) - y mean(dy y)) / sqrt(variance[c] + eps), means over each channel. dx may be dy or x.
 * Thread-safe. */
ATL_API atl_status atl_batch_norm_backward(int64_t n, int64_t c, int64_t spatial, atl_layout layout, float eps,
    const float* x, const float* mean, const float* variance, const float* dy, float* dx);

/* The gradient where mean and variance are constants: dx = dy / sqrt(variance[c] + eps); dx may be dy. Thread-safe. */
ATL_API atl_status atl_batch_norm_backward_global(int64_t n, int64_t c, int64_t spatial, atl_layout layout, float eps,
    const float* variance, const float* dy, float* dx);

#endif

#ifdef __cplusplus
}
#endif

#endif
