// Functions of one element and their gradients; native/common/elementwise.h says which.
#include "common/elementwise.h"
#include "cuda/maps.cuh"

extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_elementwise_forward(int32_t function, float a, float b, float c, int64_t count, const float* x, float* y) {
    atl::elementwise::with_function(function, {a, b, c}, [=](const auto& f) {
        atl::cuda::map<1>(count, {{x}}, y, [=](const float(&v)[1], int64_t) { return f(v[0]); });
    });
}

// dx = dy f'(v), where v is x or y, whichever the derivative is computed from.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_elementwise_backward(
    int32_t function, float a, float b, float c, int64_t count, const float* from, const float* dy, float* dx) {
    atl::elementwise::with_slope(function, {a, b, c}, [=](const auto& slope) {
        atl::cuda::map<2>(count, {{from, dy}}, dx, [=](const float(&v)[2], int64_t) { return v[1] * slope(v[0]); });
    });
}
