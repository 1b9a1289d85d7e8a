#include "cpu/gemm.h"

#include <dnnl.h>

#include <string>

#include "common/guard.h"

void atl::gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t lda,
    const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
    require(m >= 0 && n >= 0 && k >= 0, "gemm: a negative size");
    if (m == 0 || n == 0) return;
    require(ldc >= n, "gemm: rows of C overlap");
    if (k == 0 || alpha == 0) {
        for (int64_t i = 0; i < m; ++i)
            for (int64_t j = 0; j < n; ++j) c[i * ldc + j] = beta == 0 ? 0 : beta * c[i * ldc + j];
        return;
    }
    require(lda >= (trans_a ? m : k) && ldb >= (trans_b ? k : n), "gemm: rows of A or B overlap");
    const dnnl_status_t status =
        dnnl_sgemm(trans_a ? 'T' : 'N', trans_b ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    if (status == dnnl_out_of_memory) throw std::bad_alloc();
    if (status != dnnl_success)
        throw Error(ATL_INTERNAL, "gemm: oneDNN status " + std::to_string(static_cast<int>(status)));
}
