/* Images of another size: nearest or bilinear samples of a window of each image. */
#ifndef ATL_RESAMPLE_H
#define ATL_RESAMPLE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum atl_resample_method {
    ATL_RESAMPLE_NEAREST = 0, /* row floor(i height / out_height) */
    ATL_RESAMPLE_BILINEAR = 1 /* between the rows around i (height - 1) / (out_height - 1): corners meet corners */
} atl_resample_method;

/* n x c images of in_height x in_width, of which the window of height x width at (top, left) is brought to out_height x
 * out_width. */
typedef struct atl_resample {
    int64_t n, c;
    int64_t in_height, in_width;
    int64_t top, left, height, width;
    int64_t out_height, out_width;
    atl_layout layout; /* of both arrays */
    atl_resample_method method;
} atl_resample;

/* y, n x c x out_height x out_width, from x. Thread-safe. */
ATL_API atl_status atl_resample_forward(const atl_resample* resample, const float* x, float* y);

/* dx from dy: each element of dy, times the share that an element of x had in it, is added there; outside the window dx
 * is 0. Thread-safe. */
ATL_API atl_status atl_resample_backward(const atl_resample* resample, const float* dy, float* dx);

#ifdef __cplusplus
}
#endif

#endif
