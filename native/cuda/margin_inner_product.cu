// The margin inner product's kernels as a host launches them by name: NAME_f32 and NAME_f64. See
// margin_inner_product.cuh.
#include "atl/margin_inner_product.h"
#include "cuda/margin_inner_product.cuh"

#define ATL_MARGIN_KERNELS(T, SUFFIX)                                                                               \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)                                               \
        atl_margin_normalize_rows_##SUFFIX(int64_t n, int64_t k, T* w) {                                            \
        atl::cuda::normalize_rows<T>(n, k, w);                                                                      \
    }                                                                                                               \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)                                               \
        atl_margin_forward_##SUFFIX(atl_margin of, T lambda, const T* x, const T* label, T* logits, T* state) {     \
        atl::cuda::forward<T>(                                                                                      \
            static_cast<atl::margin::Type>(of.type), of.m, of.n, of.k, lambda, x, label, logits, state);            \
    }                                                                                                               \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kMiningThreads) atl_margin_forward_semihard_##SUFFIX(   \
        atl_margin of, T lambda, const T* x, const T* label, T* logits, T* state) {                                 \
        atl::cuda::forward_semihard<T>(                                                                             \
            static_cast<atl::margin::Type>(of.type), of.m, of.n, of.k, lambda, x, label, logits, state);            \
    }                                                                                                               \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_margin_backward_##SUFFIX(                 \
        atl_margin of, T lambda, const T* x, const T* label, const T* w, const T* state, const T* dlogits, T* dx) { \
        atl::cuda::backward<T>(static_cast<atl::margin::Type>(of.type), of.exact_gradient != 0, of.m, of.n, of.k,   \
            lambda, x, label, w, state, dlogits, dx);                                                               \
    }                                                                                                               \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_margin_replace_rows_##SUFFIX(             \
        atl_margin of, const T* x, const T* label, uint64_t key, uint64_t position, T* w) {                         \
        atl::cuda::replace_rows<T>(of.m, of.n, of.k, x, label, key, position, w);                                   \
    }

ATL_MARGIN_KERNELS(float, f32)
ATL_MARGIN_KERNELS(double, f64)
