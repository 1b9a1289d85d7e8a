/* Detections of SSD: boxes decoded from predictions and priors, the best of them for each class. */
#ifndef ATL_DETECTION_H
#define ATL_DETECTION_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a prediction t tells a box from its prior (corners x1 y1 x2 y2, sides w h, centre cx cy; v: variances, or 1). */
typedef enum atl_box_code {
    ATL_BOX_CODE_CORNER = 1,      /* corner = prior corner + v t */
    ATL_BOX_CODE_CENTER_SIZE = 2, /* centre = prior centre + v t (w, h); sides = exp(v t) (w, h) */
    ATL_BOX_CODE_CORNER_SIZE = 3  /* corner = prior corner + v t (w, h) */
} atl_box_code;

typedef struct atl_detection {
    int64_t images;     /* >= 0 */
    int64_t priors;     /* >= 1 */
    int64_t classes;    /* >= 1 */
    int64_t background; /* the class that is left out; none where it is no class */
    int64_t top_k;      /* the best boxes of a class that are looked at; negative: all */
    int64_t keep_top_k; /* the best detections of an image that are kept; negative: all */
    atl_box_code code;
    int32_t share_location;   /* not 0: one box of a prior for all classes */
    int32_t variance_encoded; /* not 0: v is 1 */
    float nms_threshold;   /* boxes whose overlap (intersection over union) with a better one is larger are dropped */
    float eta;             /* in (0, 1]: multiplies the threshold after each box kept, while it is above 0.5 */
    float score_threshold; /* scores at or below are no detections */
} atl_detection;

/* loc: images x priors x (1 or classes) x 4; conf: images x priors x classes; prior: corners, then variances, priors x
 * 4 each. Writes at most `capacity` rows image, class, score, x1, y1, x2, y2, by image, class and falling score, and
 * their number. Thread-safe. */
ATL_API atl_status atl_detection_forward(const atl_detection* detection, const float* loc, const float* conf,
    const float* prior, int64_t capacity, float* rows, int64_t* count);

#ifdef __cplusplus
}
#endif

#endif
