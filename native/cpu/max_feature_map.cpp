#include "atl/max_feature_map.h"

#include <algorithm>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

// Calls body(row, begin, end) for parts of the halves of all rows, on all cores.
template <class Body>
void for_halves(int64_t rows, int64_t half, const Body& body) {
    atl::parallel_for(rows * half, atl::kElementGrain, [&](int64_t begin, int64_t end) {
        for (int64_t at = begin; at < end;) {
            const int64_t row = at / half, first = at - row * half, count = std::min(half - first, end - at);
            body(row, first, first + count);
            at += count;
        }
    });
}

void check(int64_t rows, int64_t half, const float* first, const float* second, const float* third) {
    atl::require(rows >= 0 && half >= 0, "a negative size");
    atl::checked_product("rows x half x 2", {rows, half, 2});
    atl::require(rows * half == 0 || (first != nullptr && second != nullptr && third != nullptr), "an array is NULL");
}

}  // namespace

extern "C" atl_status atl_max_feature_map_forward(int64_t rows, int64_t half, const float* x, float* y) {
    return atl::guard([&] {
        check(rows, half, x, y, y);
        for_halves(rows, half, [=](int64_t row, int64_t begin, int64_t end) {
            const float *a = x + 2 * row * half, *b = a + half;
            for (int64_t i = begin; i < end; ++i) y[row * half + i] = a[i] > b[i] ? a[i] : b[i];
        });
    });
}

extern "C" atl_status atl_max_feature_map_backward(
    int64_t rows, int64_t half, const float* x, const float* dy, float* dx) {
    return atl::guard([&] {
        check(rows, half, x, dy, dx);
        for_halves(rows, half, [=](int64_t row, int64_t begin, int64_t end) {
            const float *a = x + 2 * row * half, *b = a + half, *from = dy + row * half;
            float *da = dx + 2 * row * half, *db = da + half;
            for (int64_t i = begin; i < end; ++i) {
                const float d = from[i];
                const bool first = a[i] > b[i];
                da[i] = first ? d : 0.0f;
                db[i] = first ? 0.0f : d;
            }
        });
    });
}
