#include "atl/axpy.h"

#include <algorithm>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

void check(int64_t rows, int64_t size, const float* first, const float* second, const float* third) {
    atl::require(rows >= 0 && size >= 0, "a negative size");
    atl::checked_product("rows x size", {rows, size});
    atl::require(rows * size == 0 || (first != nullptr && second != nullptr && third != nullptr), "an array is NULL");
}

int64_t rows_at_once(int64_t size) { return std::max<int64_t>(1, atl::kElementGrain / std::max<int64_t>(1, size)); }

}  // namespace

extern "C" atl_status atl_axpy_forward(
    int64_t rows, int64_t size, const float* a, const float* x, const float* y, float* out) {
    return atl::guard([&] {
        check(rows, size, a, x, y);
        if (rows * size == 0) return;
        atl::require(out != nullptr, "an array is NULL");
        atl::parallel_for(rows, rows_at_once(size), [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; ++r) {
                const float scale = a[r];
                for (int64_t i = r * size; i < (r + 1) * size; ++i) out[i] = scale * x[i] + y[i];
            }
        });
    });
}

extern "C" atl_status atl_axpy_backward_scale(
    int64_t rows, int64_t size, const float* dout, const float* x, float* da) {
    return atl::guard([&] {
        check(rows, size, dout, x, da);
        atl::require(rows == 0 || da != nullptr, "an array is NULL");
        atl::parallel_for(rows, rows_at_once(size), [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; ++r) {
                double sum = 0;
                for (int64_t i = r * size; i < (r + 1) * size; ++i) sum += static_cast<double>(dout[i]) * x[i];
                da[r] = static_cast<float>(sum);
            }
        });
    });
}

extern "C" atl_status atl_axpy_backward(int64_t rows, int64_t size, const float* dout, const float* a, float* dx) {
    return atl::guard([&] {
        check(rows, size, dout, a, dx);
        if (rows * size == 0) return;
        atl::parallel_for(rows, rows_at_once(size), [=](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; ++r) {
                const float scale = a[r];
                for (int64_t i = r * size; i < (r + 1) * size; ++i) dx[i] = scale * dout[i];
            }
        });
    });
}
