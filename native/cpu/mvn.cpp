#include "atl/mvn.h"

#include <algorithm>
#include <cmath>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

void check(int64_t rows, int64_t size, const float* a, const float* b) {
    atl::require(rows >= 0 && size >= 0, "mvn: a negative size");
    atl::checked_product("rows x size", {rows, size});
    atl::require(rows * size == 0 || (a != nullptr && b != nullptr), "mvn: an array is NULL");
}

// Calls body(row) for all rows, in parallel.
template <class Body>
void each_row(int64_t rows, int64_t size, const Body& body) {
    if (size == 0) return;
    atl::parallel_for(rows, std::max<int64_t>(1, atl::kElementGrain / size), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) body(row);
    });
}

// The mean of value(i) over i in [0, size), summed in double.
template <class Value>
double mean_of(int64_t size, const Value& value) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < size; ++i) sum += value(i);
    return sum / static_cast<double>(size);
}

}  // namespace

extern "C" atl_status atl_mvn_forward(
    int64_t rows, int64_t size, float eps, const float* x, float* y, float* deviations) {
    return atl::guard([&] {
        check(rows, size, x, y);
        each_row(rows, size, [=](int64_t row) {
            const float* from = x + row * size;
            float* to = y + row * size;
            const float mean =
                static_cast<float>(mean_of(size, [=](int64_t i) { return static_cast<double>(from[i]); }));
            float scale = 1;
            if (deviations != nullptr) {
                const double variance = mean_of(size, [=](int64_t i) {
                    const double d = from[i] - mean;
                    return d * d;
                });
                deviations[row] = static_cast<float>(std::sqrt(variance)) + eps;
                scale = deviations[row];
            }
            for (int64_t i = 0; i < size; ++i) to[i] = (from[i] - mean) / scale;
        });
    });
}

extern "C" atl_status atl_mvn_backward(
    int64_t rows, int64_t size, const float* y, const float* deviations, const float* dy, float* dx) {
    return atl::guard([&] {
        check(rows, size, dy, dx);
        atl::require(deviations == nullptr || rows * size == 0 || y != nullptr, "mvn: y is NULL");
        each_row(rows, size, [=](int64_t row) {
            const float* from = dy + row * size;
            float* to = dx + row * size;
            const float mean =
                static_cast<float>(mean_of(size, [=](int64_t i) { return static_cast<double>(from[i]); }));
            if (deviations == nullptr) {
                for (int64_t i = 0; i < size; ++i) to[i] = from[i] - mean;
                return;
            }
            const float* out = y + row * size;
            const float along =
                static_cast<float>(mean_of(size, [=](int64_t i) { return static_cast<double>(out[i]) * from[i]; }));
            for (int64_t i = 0; i < size; ++i) to[i] = (from[i] - mean - out[i] * along) / deviations[row];
        });
    });
}
