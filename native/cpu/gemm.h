// The one matrix product that operators share.
#pragma once

#include <cstdint>

namespace atl {

// C = alpha op(A) op(B) + beta C in row-major order: op(A) is m x k, op(B) k x n, C m x n; a matrix that is transposed
// lies in memory as k x m or n x k. lda, ldb and ldc are the distances between rows in memory. With beta 0 what C held
// is never read. C must not overlap A or B. The result is the same in every run with the same number of threads. Throws
// atl::Error.
void gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t lda,
    const float* b, int64_t ldb, float beta, float* c, int64_t ldc);

}  // namespace atl
