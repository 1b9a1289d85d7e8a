#include "atl/inner_product.h"

#include "atl/convolution.h"
#include "common/guard.h"
#include "cpu/gemm.h"
#include "cpu/row_ranges.h"

namespace {

void check_sizes(int64_t m, int64_t n, int64_t k) {
    atl::require(m >= 0 && n > 0 && k > 0, "inner product: m is negative, or n or k is not positive");
    atl::checked_product("m x k", {m, k});
    atl::checked_product("n x k", {n, k});
    atl::checked_product("m x n", {m, n});
}

void check_arrays(int64_t m, const float* a, const float* b) {
    atl::require(m == 0 || (a != nullptr && b != nullptr), "inner product: an array is NULL");
}

}  // namespace

extern "C" atl_status atl_inner_product_forward(
    int64_t m, int64_t n, int64_t k, int32_t transposed, const float* x, const float* w, const float* bias, float* y) {
    return atl::guard([&] {
        check_sizes(m, n, k);
        check_arrays(m, x, w);
        check_arrays(m, y, y);
        if (m == 0) return;
        if (bias != nullptr)
            for (int64_t i = 0; i < m; ++i)
                for (int64_t j = 0; j < n; ++j) y[i * n + j] = bias[j];
        const float beta = bias != nullptr ? 1.0f : 0.0f;
        atl::for_row_ranges(m, n, [&](int64_t begin, int64_t end) {
            atl::gemm(false, !transposed, m, end - begin, k, 1, x, k, w + (transposed ? begin : begin * k),
                transposed ? n : k, beta, y + begin, n);
        });
    });
}

extern "C" atl_status atl_inner_product_backward_data(
    int64_t m, int64_t n, int64_t k, int32_t transposed, const float* dy, const float* w, float* dx) {
    return atl::guard([&] {
        check_sizes(m, n, k);
        check_arrays(m, dy, w);
        check_arrays(m, dx, dx);
        atl::gemm(false, transposed, m, k, n, 1, dy, n, w, transposed ? n : k, 0, dx, k);
    });
}

extern "C" atl_status atl_inner_product_backward_weights(
    int64_t m, int64_t n, int64_t k, int32_t transposed, const float* x, const float* dy, float* dw, float* dbias) {
    return atl::guard([&] {
        check_sizes(m, n, k);
        check_arrays(m, x, dy);
        if (m == 0) return;
        if (dw != nullptr)
            atl::for_row_ranges(m, n, [&](int64_t begin, int64_t end) {
                if (transposed) atl::gemm(true, false, k, end - begin, m, 1, x, k, dy + begin, n, 1, dw + begin, n);
                else atl::gemm(true, false, end - begin, k, m, 1, dy + begin, n, x, k, 1, dw + begin * k, k);
            });
        // Rows of n numbers are the pixels of one channels-last image.
        if (dbias != nullptr) atl_channel_sum(1, n, m, ATL_LAYOUT_CHANNELS_LAST, dy, dbias);
    });
}
