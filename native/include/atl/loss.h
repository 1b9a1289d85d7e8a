/* What losses over labels have in common. */
#ifndef ATL_LOSS_H
#define ATL_LOSS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a sum of losses is divided by; the divisor is at least 1. The values are those of
 * LossParameter.NormalizationMode. */
typedef enum atl_normalization {
    ATL_NORMALIZE_FULL = 0,       /* all labels */
    ATL_NORMALIZE_VALID = 1,      /* the labels that are not ignored */
    ATL_NORMALIZE_BATCH_SIZE = 2, /* the batch */
    ATL_NORMALIZE_NONE = 3        /* 1 */
} atl_normalization;

/* The scores and labels of a loss over classes. */
typedef struct atl_label_loss {
    int64_t outer, channels,
        inner;     /* the scores; outer x inner labels, whole numbers in 0..channels-1 or the ignored one */
    int64_t batch; /* the divisor of ATL_NORMALIZE_BATCH_SIZE */
    atl_normalization normalization;
    int32_t has_ignored; /* whether there is an ignored label */
    int32_t ignored;
} atl_label_loss;

#ifdef __cplusplus
}
#endif

#endif
