/* One update of one parameter by a solver's rule, in a single pass over the weights, their gradient and the history. */
#ifndef ATL_SOLVER_UPDATE_H
#define ATL_SOLVER_UPDATE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* With g the scaled and decayed gradient, h and k the first and second history, r the rate, m the momentum, n the
 * second momentum (the decay of RMSProp, beta2 of Adam) and d the delta, each rule makes the step that is taken off the
 * weights. */
typedef enum atl_solver_rule {
    ATL_SOLVER_SGD = 0,      /* h = r g + m h;                                          step = h */
    ATL_SOLVER_NESTEROV = 1, /* old = h; h = r g + m h;                                 step = (1 + m) h - m old */
    ATL_SOLVER_ADAGRAD = 2,  /* h += g g;                                               step = r g / (sqrt(h) + d) */
    ATL_SOLVER_RMSPROP = 3,  /* h = (1 - n) g g + n h;                                  step = r g / (sqrt(h) + d) */
    ATL_SOLVER_ADADELTA = 4, /* h = (1 - m) g g + m h; s = g sqrt((d + k) / (d + h));
                                k = (1 - m) s s + m k;                                  step = r s */
    ATL_SOLVER_ADAM = 5      /* h = (1 - m) g + m h; k = (1 - n) g g + n k;             step = r h / (sqrt(k) + d) */
} atl_solver_rule;

typedef enum atl_regularization {
    ATL_REGULARIZATION_NONE = 0,
    ATL_REGULARIZATION_L2 = 1, /* g += decay w */
    ATL_REGULARIZATION_L1 = 2  /* g += decay sign(w) */
} atl_regularization;

/* One update of a parameter of `count` elements: g = diff clip_scale mean_scale + what the regularization adds. */
typedef struct atl_solver_step {
    int64_t count;
    atl_solver_rule rule;
    atl_regularization regularization;
    float clip_scale, mean_scale, decay;
    float rate, momentum, momentum2, delta;
} atl_solver_step;

#ifndef ATL_WITHOUT_FUNCTIONS

/* diff = the step that the rule makes of g; w -= diff. first_history and second_history hold `count` elements each;
 * second_history is read by ADADELTA and ADAM alone and may be NULL for the others. No two arrays may overlap.
 * Thread-safe. */
ATL_API atl_status atl_solver_update(
    const atl_solver_step* step, float* w, float* diff, float* first_history, float* second_history);

/* sum = the sum of x[i]^2 in double precision; the same for any number of threads. Thread-safe. */
ATL_API atl_status atl_sum_of_squares(int64_t count, const float* x, double* sum);

#endif

#ifdef __cplusplus
}
#endif

#endif
