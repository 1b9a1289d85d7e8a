/* A factor for each place of an n x c x spatial array, the same for all of its channels. */
#ifndef ATL_CHANNEL_SCALE_H
#define ATL_CHANNEL_SCALE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y[n, c, s] = scale[n, s] x[n, c, s]; y may be x. Thread-safe. */
ATL_API atl_status atl_channel_scale_forward(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x, const float* scale, float* y);

/* dscale[n, s] = sum_c dy[n, c, s] x[n, c, s]. Thread-safe. */
ATL_API atl_status atl_channel_scale_backward_scale(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* dy, const float* x, float* dscale);

#ifdef __cplusplus
}
#endif

#endif
