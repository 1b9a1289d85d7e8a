// Arrays combined element by element, two at a time.
#include "cuda/maps.cuh"

namespace {

// The numbers are those of atl_eltwise.
enum Operation { kProd = 0, kSum = 1, kMax = 2 };

}  // namespace

// y = x o z: their product, a x + b z, or the larger, z where they are equal. y may be x or z.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_eltwise_pair(int32_t operation, int64_t count, float a, const float* x, float b, const float* z, float* y) {
    const atl::cuda::Inputs<2> in = {{x, z}};
    switch (operation) {
        case kProd: atl::cuda::map<2>(count, in, y, [](const float(&v)[2], int64_t) { return v[0] * v[1]; }); break;
        case kSum:
            atl::cuda::map<2>(count, in, y, [=](const float(&v)[2], int64_t) { return a * v[0] + b * v[1]; });
            break;
        case kMax:
            atl::cuda::map<2>(count, in, y, [](const float(&v)[2], int64_t) { return v[0] > v[1] ? v[0] : v[1]; });
            break;
    }
}

// dx = a dy.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_eltwise_scale(int64_t count, float a, const float* dy, float* dx) {
    atl::cuda::map<1>(count, {{dy}}, dx, [=](const float(&v)[1], int64_t) { return a * v[0]; });
}

// dx = y / x dy: the gradient of a product y with the factor x.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_eltwise_quotient(int64_t count, const float* y, const float* x, const float* dy, float* dx) {
    atl::cuda::map<3>(count, {{y, x, dy}}, dx, [](const float(&v)[3], int64_t) { return v[0] / v[1] * v[2]; });
}

// Input number k among the larger ones so far: `largest` and `which` hold them; number 1 begins with x0.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_eltwise_largest(int64_t count, int32_t k, const float* x0, const float* x, float* largest, float* which) {
    atl::cuda::for_indices(count, [=](int64_t i) {
        const float value = x[i], before = k == 1 ? x0[i] : largest[i];
        const bool taken = k == 1 ? !(before > value) : value > before;
        largest[i] = taken ? value : before;
        which[i] = taken ? static_cast<float>(k) : k == 1 ? 0.0f : which[i];
    });
}

// dx = dy where `which` is k, else 0.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_eltwise_select(int64_t count, int32_t k, const float* which, const float* dy, float* dx) {
    const float own = static_cast<float>(k);
    atl::cuda::map<2>(count, {{which, dy}}, dx, [=](const float(&v)[2], int64_t) { return v[0] == own ? v[1] : 0.0f; });
}
