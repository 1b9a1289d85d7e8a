/* Convolutions over any number of spatial axes, and what else needs channels: adding a bias and summing its gradient.
 * */
#ifndef ATL_CONVOLUTION_H
#define ATL_CONVOLUTION_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum atl_convolution_algorithm {
    ATL_CONVOLUTION_AUTO = 0, /* what is fastest for the shape */
    ATL_CONVOLUTION_DIRECT = 1,
    ATL_CONVOLUTION_WINOGRAD = 2,       /* Winograd's of our own, where it computes the shape, else direct */
    ATL_CONVOLUTION_ONEDNN_WINOGRAD = 3 /* oneDNN's (2.x has one), where it computes the shape, else direct */
} atl_convolution_algorithm;

/* A convolution of an n x input_channels x input[] array to n x output_channels x output[], where
 * output[i] = (input[i] + 2 pad[i] - dilation[i] (kernel[i] - 1) - 1) / stride[i] + 1.
 * The weights are output_channels x input_channels / groups x kernel[] in row-major order. */
typedef struct atl_convolution_shape {
    int32_t spatial_axes; /* 1 to 30: the length of each array below */
    int32_t bias;         /* 1: with a bias of output_channels numbers */
    int32_t training;     /* 1: the backward passes will follow */
    int32_t plain;        /* 1: x and y are plain, whatever would be faster */
    atl_convolution_algorithm algorithm;
    int64_t n, input_channels, output_channels, groups;
    const int64_t *input, *kernel, *stride, *pad, *dilation;
} atl_convolution_shape;

/* One spatial axis of a convolution: output = (input + 2 pad - dilation (kernel - 1) - 1) / stride + 1. */
typedef struct atl_convolution_axis {
    int32_t input, kernel, stride, pad, dilation, output;
} atl_convolution_axis;

/* A convolution of plain arrays as the CUDA kernels take it: images x channels x input[3] and images x
 * (channels multiplier) x output[3]. An axis that it lacks has a pad of 0 and 1 for all else. */
typedef struct atl_convolution_windows {
    int64_t images, channels;
    int64_t multiplier; /* output channels of each input channel in a depthwise convolution */
    atl_convolution_axis depth, height, width;
} atl_convolution_windows;

typedef enum atl_convolution_pass {
    ATL_CONVOLUTION_FORWARD = 0,         /* y from x, w and bias */
    ATL_CONVOLUTION_BACKWARD_DATA = 1,   /* dx from dy and w */
    ATL_CONVOLUTION_BACKWARD_WEIGHTS = 2 /* dw and dbias from x and dy */
} atl_convolution_pass;

/* What one pass asks of its caller. */
typedef struct atl_convolution_plan {
    atl_layout x_layout, y_layout; /* of x or dx, and of y or dy */
    int64_t packed_weights; /* floats that atl_convolution_pack writes; 0: the pass takes the weights as they are */
    int64_t workspace;      /* bytes lent to the pass, aligned to 64 */
    const char* algorithm;  /* who computes it, for people; valid as long as the convolution */
} atl_convolution_plan;

/* A convolution made for one shape. Not for use by two threads at once. */
typedef struct atl_convolution atl_convolution;

#ifndef ATL_WITHOUT_FUNCTIONS

/* Makes a convolution; freed by atl_convolution_free. Thread-safe. */
ATL_API atl_status atl_convolution_create(const atl_convolution_shape* shape, atl_convolution** made);

/* Frees a convolution; NULL is accepted. One thread at a time for one convolution. */
ATL_API atl_status atl_convolution_free(atl_convolution* convolution);

/* Plans a pass: at its first call it chooses the algorithm, by shape alone, so that every run chooses the same. One
 * thread at a time for one convolution. */
ATL_API atl_status atl_convolution_get_plan(
    atl_convolution* convolution, atl_convolution_pass pass, atl_convolution_plan* plan);

/* Brings the weights into the order that the forward or the backward data pass wants. One thread at a time for one
 * convolution. */
ATL_API atl_status atl_convolution_pack(
    atl_convolution* convolution, atl_convolution_pass pass, const float* w, float* packed);

/* y = w * x (+ bias). `w` is packed where the plan says so; `bias` is NULL in a convolution without. One thread at a
 * time for one convolution. */
ATL_API atl_status atl_convolution_forward(
    atl_convolution* convolution, const float* x, const float* w, const float* bias, float* y, void* workspace);

/* dx = the gradient with respect to x; overwritten. One thread at a time for one convolution. */
ATL_API atl_status atl_convolution_backward_data(
    atl_convolution* convolution, const float* dy, const float* w, float* dx, void* workspace);

/* dw (plain) += the gradient with respect to w; dbias += the sum of dy. `dbias` is NULL in a convolution without bias,
 * and may be where nobody wants it. One thread at a time for one convolution. */
ATL_API atl_status atl_convolution_backward_weights(
    atl_convolution* convolution, const float* x, const float* dy, float* dw, float* dbias, void* workspace);

/* The least time in seconds that the bare computation of a pass takes in `runs` (> 0) runs over buffers of its own,
 * without packing weights or adding their gradients: what benchmarks compare a net with. Winograd's of our own counts
 * both, but for the packing in inference, where it is done once. ATL_UNSUPPORTED where no bare computation stands
 * apart. One thread at a time for one convolution. */
ATL_API atl_status atl_convolution_time(
    atl_convolution* convolution, atl_convolution_pass pass, int32_t runs, double* seconds);

/* columns[n] = channels x kernel[] rows with one float for each window: what the windows of a convolution hold of x[n],
 * 0 outside the image. `shape` is read but for its output channels, groups, bias and algorithm. Thread-safe. */
ATL_API atl_status atl_im2col(const atl_convolution_shape* shape, const float* x, float* columns);

/* x[n] = for each pixel the sum over the windows that hold it; the transpose of atl_im2col. Thread-safe. */
ATL_API atl_status atl_col2im(const atl_convolution_shape* shape, const float* columns, float* x);

/* y[n][c][s] += bias[c]. Thread-safe. */
ATL_API atl_status atl_channel_add(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* bias, float* y);

/* sum[c] += the sum of dy[n][c][s] over n and s. Thread-safe. */
ATL_API atl_status atl_channel_sum(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* dy, float* sum);

#endif

#ifdef __cplusplus
}
#endif

#endif
