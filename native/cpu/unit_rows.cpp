#include "cpu/unit_rows.h"

#include "atl/unit_rows.h"
#include "common/guard.h"
#include "common/parallel.h"
#include "margin/margin.h"

namespace atl {

double sum_of_squares(int64_t count, const float* x) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < count; ++i) sum += static_cast<double>(x[i]) * x[i];
    return sum;
}

void unit_rows(int64_t n, int64_t k, float* w) {
    parallel_for(n, std::max<int64_t>(1, kElementGrain / k), [&](int64_t begin, int64_t end) {
        for (int64_t j = begin; j < end; ++j) {
            float* row = w + j * k;
            const float scale = margin::unit_scale<float>(sum_of_squares(k, row));
            if (scale == 1.0f) continue;
            for (int64_t i = 0; i < k; ++i) row[i] *= scale;
        }
    });
}

}  // namespace atl

extern "C" atl_status atl_unit_rows(int64_t n, int64_t k, float* w) {
    return atl::guard([&] {
        atl::require(n >= 0 && k >= 1 && (n == 0 || w != nullptr), "n is negative, k is not positive, or w is NULL");
        atl::checked_product("n x k", {n, k});
        atl::unit_rows(n, k, w);
    });
}
