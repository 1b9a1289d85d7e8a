/* Recurrent cells: the step of an LSTM, and whole sequences of LSTM and tanh cells. */
#ifndef ATL_RECURRENCE_H
#define ATL_RECURRENCE_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum atl_cell {
    ATL_CELL_TANH = 0, /* h = tanh(a): one gate */
    ATL_CELL_LSTM = 1  /* c = f c_before + sigmoid(a_i) tanh(a_g), h = sigmoid(a_o) tanh(c), with f = cont sigmoid(a_f):
                          four gates of d numbers in the order i, f, o, g */
} atl_cell;

/* A sequence of `steps` steps of n cells of width d. */
typedef struct atl_recurrence {
    atl_cell cell;
    int64_t steps, n, d;
} atl_recurrence;

/* One step of n LSTM cells of width d: `gates` (n x 4d) holds the sums a and receives their activations; c_before, c
 * and h are n x d, cont n. Thread-safe. */
ATL_API atl_status atl_lstm_unit_forward(
    int64_t n, int64_t d, const float* c_before, const float* cont, float* gates, float* c, float* h);

/* The gradient: `gates` holds the activations and receives the gradient of the sums. dc and dh may be NULL for zeros,
 * dc_before may be dc, or NULL where it is not wanted. Thread-safe. */
ATL_API atl_status atl_lstm_unit_backward(int64_t n, int64_t d, const float* c_before, const float* cont,
    const float* c, const float* dc, const float* dh, float* gates, float* dc_before);

/* Through a sequence: the sums of step t are gates[t] + (`fixed`, n x gates, or NULL) + w (cont[t] h[t - 1]),
 * w gates d x d. gates (steps x n x gates d) receives the activations, h and c (steps x n x d; c is NULL for tanh) the
 * states after each step, and `masked` (steps x n x d) cont[t] h[t - 1]. h0 and c0 are the states before the first
 * step. Thread-safe. */
ATL_API atl_status atl_recurrence_forward(const atl_recurrence* recurrence, const float* cont, const float* w,
    const float* fixed, const float* h0, const float* c0, float* gates, float* h, float* c, float* masked);

/* Back through time: `gates` holds the activations and receives the gradient of the sums. dh (steps x n x d) is the
 * gradient of h from outside; dfixed (n x gates d), where not NULL, receives the sum of the sums' gradients over the
 * steps; dw, where not NULL, is added to. Thread-safe. */
ATL_API atl_status atl_recurrence_backward(const atl_recurrence* recurrence, const float* cont, const float* w,
    const float* c0, const float* h, const float* c, const float* masked, const float* dh, float* gates, float* dfixed,
    float* dw);

#ifdef __cplusplus
}
#endif

#endif
