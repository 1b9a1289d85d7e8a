#include "atl/reduction.h"

#include <cmath>

#include "common/guard.h"
#include "common/parallel.h"
#include "common/reduce.h"

namespace {

// Elements whose float sum is exact to a few ulp; longer sums are added in double.
constexpr int64_t kPiece = 4096;

template <class Term>
void reduce_rows(int64_t rows, int64_t columns, float coefficient, const float* x, float* y, const Term& term) {
    for (int64_t r = 0; r < rows; ++r) {
        const float* row = x + r * columns;
        y[r] = coefficient * static_cast<float>(atl::parallel_sum(columns, kPiece, [&](int64_t begin, int64_t end) {
            float partial = 0;
#pragma omp simd reduction(+ : partial)
            for (int64_t i = begin; i < end; ++i) partial += term(row[i]);
            return static_cast<double>(partial);
        }));
    }
}

template <class Slope>
void spread_rows(
    int64_t rows, int64_t columns, float coefficient, const float* x, const float* dy, float* dx, const Slope& slope) {
    atl::parallel_for(rows, std::max<int64_t>(1, atl::kElementGrain / std::max<int64_t>(1, columns)),
        [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; ++r) {
                const float times = coefficient * dy[r];
                for (int64_t i = r * columns; i < (r + 1) * columns; ++i) dx[i] = times * slope(x[i]);
            }
        });
}

void check(int64_t rows, int64_t columns, const float* x, const float* y) {
    atl::require(rows >= 0 && columns >= 0, "a negative size");
    atl::checked_product("rows x columns", {rows, columns});
    atl::require(rows == 0 || y != nullptr, "an array is NULL");
    atl::require(rows * columns == 0 || x != nullptr, "x is NULL");
}

}  // namespace

extern "C" atl_status atl_reduction_forward(
    atl_reduction what, int64_t rows, int64_t columns, float coefficient, const float* x, float* y) {
    return atl::guard([&] {
        check(rows, columns, x, y);
        switch (what) {
            case ATL_REDUCTION_SUM: return reduce_rows(rows, columns, coefficient, x, y, [](float v) { return v; });
            case ATL_REDUCTION_ASUM:
                return reduce_rows(rows, columns, coefficient, x, y, [](float v) { return std::fabs(v); });
            case ATL_REDUCTION_SUMSQ:
                return reduce_rows(rows, columns, coefficient, x, y, [](float v) { return v * v; });
        }
        throw atl::Error(ATL_INVALID_ARGUMENT, "unknown reduction");
    });
}

extern "C" atl_status atl_reduction_backward(
    atl_reduction what, int64_t rows, int64_t columns, float coefficient, const float* x, const float* dy, float* dx) {
    return atl::guard([&] {
        check(rows, columns, x, dy);
        atl::require(rows * columns == 0 || dx != nullptr, "dx is NULL");
        switch (what) {
            case ATL_REDUCTION_SUM:
                return spread_rows(rows, columns, coefficient, x, dy, dx, [](float) { return 1.0f; });
            case ATL_REDUCTION_ASUM:
                return spread_rows(rows, columns, coefficient, x, dy, dx,
                    [](float v) { return static_cast<float>((v > 0) - (v < 0)); });
            case ATL_REDUCTION_SUMSQ:
                return spread_rows(rows, columns, coefficient, x, dy, dx, [](float v) { return 2 * v; });
        }
        throw atl::Error(ATL_INVALID_ARGUMENT, "unknown reduction");
    });
}
