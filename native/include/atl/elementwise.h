/* Functions of one element: activations and the like. They work on any layout, since every element is treated alike. */
#ifndef ATL_ELEMENTWISE_H
#define ATL_ELEMENTWISE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The functions, and in brackets what their derivative is computed from. */
typedef enum atl_elementwise {
    ATL_RELU = 0,      /* x > 0 ? x : a x                  [y; x where a < 0] */
    ATL_RELU6 = 1,     /* min(max(x, 0), 6)                [y] */
    ATL_SIGMOID = 2,   /* 1 / (1 + e^-x)                   [y] */
    ATL_TANH = 3,      /* tanh x                           [y] */
    ATL_ELU = 4,       /* x > 0 ? x : a (e^x - 1)          [y; x where a < 0] */
    ATL_EXP = 5,       /* b e^(a x)                        [y] */
    ATL_ABS = 6,       /* |x|, derivative 0 at 0           [x] */
    ATL_BNLL = 7,      /* ln(1 + e^x)                      [x] */
    ATL_CLIP = 8,      /* min(max(x, a), b), derivative 1 where a <= x <= b [x] */
    ATL_LOG = 9,       /* a ln(b x + c)                    [x] */
    ATL_POWER = 10,    /* (b x + c)^a                      [x; nothing where a b = 0 or a = 1] */
    ATL_SWISH = 11,    /* x / (1 + e^(-a x))               [x] */
    ATL_THRESHOLD = 12 /* x > a ? 1 : 0                    [it has no derivative: ATL_INVALID_ARGUMENT] */
} atl_elementwise;

/* y[i] = f(x[i]); y may be x. Thread-safe. */
ATL_API atl_status atl_elementwise_forward(
    atl_elementwise f, int64_t count, float a, float b, float c, const float* x, float* y);

/* dx[i] = dy[i] f'(x[i]); dx may be dy. Of x and y = f(x) only the one in brackets above is read, the other may be
 * NULL. Thread-safe. */
ATL_API atl_status atl_elementwise_backward(atl_elementwise f, int64_t count, float a, float b, float c, const float* x,
    const float* y, const float* dy, float* dx);

#ifdef __cplusplus
}
#endif

#endif
