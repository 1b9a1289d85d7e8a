/* Subtraction of the mean and division by the standard deviation. */
#ifndef ATL_MVN_H
#define ATL_MVN_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For each of `rows` rows of `size` floats: y = x - mean(x), and where `deviations` is not NULL y = (x - mean(x)) / d
 * with d = sqrt(mean((x - mean(x))^2)) + eps, which goes to deviations[row]. y may be x. Thread-safe. */
ATL_API atl_status atl_mvn_forward(int64_t rows, int64_t size, float eps, const float* x, float* y, float* deviations);

/* dx = dy - mean(dy), and with deviations dx = (dy - mean(dy) - y mean(y dy)) / d. dx may be dy. Thread-safe. */
ATL_API atl_status atl_mvn_backward(
    int64_t rows, int64_t size, const float* y, const float* deviations, const float* dy, float* dx);

#ifdef __cplusplus
}
#endif

#endif
