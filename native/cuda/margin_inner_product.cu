// The margin inner product's kernels as a host launches them by name: NAME_f32 and NAME_f64. See
// margin_inner_product.cuh.
#include "cuda/margin_inner_product.cuh"

#define ATL_MARGIN_KERNELS(T, SUFFIX)                                                                                 \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)                                                 \
        atl_margin_normalize_rows_##SUFFIX(int64_t n, int64_t k, T* w) {                                              \
        atl::cuda::normalize_rows<T>(n, k, w);                                                                        \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_margin_forward_##SUFFIX(                    \
        int32_t type, int64_t m, int64_t n, int64_t k, T lambda, const T* x, const T* label, T* logits, T* state) {   \
        atl::cuda::forward<T>(static_cast<atl::margin::Type>(type), m, n, k, lambda, x, label, logits, state);        \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kMiningThreads) atl_margin_forward_semihard_##SUFFIX(     \
        int32_t type, int64_t m, int64_t n, int64_t k, T lambda, const T* x, const T* label, T* logits, T* state) {   \
        atl::cuda::forward_semihard<T>(                                                                               \
            static_cast<atl::margin::Type>(type), m, n, k, lambda, x, label, logits, state);                          \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)                                                 \
        atl_margin_backward_##SUFFIX(int32_t type, int32_t exact_gradient, int64_t m, int64_t n, int64_t k, T lambda, \
            const T* x, const T* label, const T* w, const T* state, const T* dlogits, T* dx) {                        \
        atl::cuda::backward<T>(static_cast<atl::margin::Type>(type), exact_gradient != 0, m, n, k, lambda, x, label,  \
            w, state, dlogits, dx);                                                                                   \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_margin_replace_rows_##SUFFIX(               \
        int64_t m, int64_t n, int64_t k, const T* x, const T* label, uint64_t key, uint64_t position, T* w) {         \
        atl::cuda::replace_rows<T>(m, n, k, x, label, key, position, w);                                              \
    }

ATL_MARGIN_KERNELS(float, f32)
ATL_MARGIN_KERNELS(double, f64)
