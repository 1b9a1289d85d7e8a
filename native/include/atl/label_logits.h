/* Margins on the logits of labels: of each row only the label's entry changes by a rule, the others at most by a
 * factor. */
#ifndef ATL_LABEL_LOGITS_H
#define ATL_LABEL_LOGITS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What becomes of the label's logit s; theta = acos(s). */
typedef enum atl_label_rule {
    ATL_LABEL_ADD = 0,   /* s + b where s > -b, else s */
    ATL_LABEL_SCALE = 1, /* a s + b */
    ATL_LABEL_POWER = 2, /* sign(s) |s|^a */
    ATL_LABEL_ANGLE = 3  /* cos(a theta + b) - c */
} atl_label_rule;

/* What ATL_LABEL_ANGLE does where a theta + b > pi. */
typedef enum atl_angle_edge {
    ATL_ANGLE_CLAMPED = 0, /* the angle stays at pi */
    ATL_ANGLE_LINEAR = 1,  /* s - b sin(b) - c; for a = 1 */
    ATL_ANGLE_FOLDED = 2,  /* (-1)^k cos - 2k - c on [k pi, (k + 1) pi] */
    ATL_ANGLE_EASY = 3     /* s where s <= 0, whatever the angle */
} atl_angle_edge;

/* m rows of n logits and what changes in them. */
typedef struct atl_label_logits {
    int64_t m, n;
    atl_label_rule rule;
    atl_angle_edge edge;
    int32_t only_positive; /* not 0: labels' logits s <= 0 stay as they are */
    float a, b, c;
    float slope_limit; /* > 0: the label's slope is cut to [0, slope_limit] in the backward; 0: it is not */
    float others;      /* the factor on the logits that are not the label's */
    float hard;        /* t: logits above the label's new one become t s + t - 1; 1 changes none */
} atl_label_logits;

#ifndef ATL_WITHOUT_FUNCTIONS

/* y from x; y may be x. A label of -1 leaves its row as it is. `state` takes 2 m numbers for the backward. Thread-safe.
 * */
ATL_API atl_status atl_label_logits_forward(
    const atl_label_logits* logits, const float* x, const float* labels, float* y, float* state);

/* dx from dy; dx may be dy. `x`, what the forward read, is needed where `hard` is not 1, and may be NULL else.
 * Thread-safe. */
ATL_API atl_status atl_label_logits_backward(const atl_label_logits* logits, const float* x, const float* labels,
    const float* state, const float* dy, float* dx);

#endif

#ifdef __cplusplus
}
#endif

#endif
