#include "atl/rows.h"

#include <algorithm>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

void check(int64_t count, int64_t size, int64_t rows, const int32_t* numbers, const float* table, const float* y) {
    atl::require(count >= 0 && size >= 0 && rows >= 0, "rows: a negative size");
    atl::checked_product("count x size", {count, size});
    atl::checked_product("rows x size", {rows, size});
    atl::require(count == 0 || numbers != nullptr, "rows: the numbers are NULL");
    atl::require(count * size == 0 || (table != nullptr && y != nullptr), "rows: an array is NULL");
    for (int64_t i = 0; i < count; ++i)
        atl::require(numbers[i] >= 0 && numbers[i] < rows, "rows: a number is out of range");
}

}  // namespace

extern "C" atl_status atl_rows_gather(int64_t count, int64_t size, int64_t rows, const int32_t* numbers,
    const float* table, const float* bias, float* y) {
    return atl::guard([&] {
        check(count, size, rows, numbers, table, y);
        atl::parallel_for(count, std::max<int64_t>(1, atl::kElementGrain / std::max<int64_t>(1, size)),
            [=](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    const float* from = table + numbers[i] * size;
                    float* to = y + i * size;
                    if (bias == nullptr) std::copy(from, from + size, to);
                    else
                        for (int64_t j = 0; j < size; ++j) to[j] = from[j] + bias[j];
                }
            });
    });
}

extern "C" atl_status atl_rows_scatter(
    int64_t count, int64_t size, int64_t rows, const int32_t* numbers, const float* dy, float* dtable) {
    return atl::guard([&] {
        check(count, size, rows, numbers, dtable, dy);
        // Threads share out the columns, so that rows that are chosen twice are summed in their order.
        atl::parallel_for(size, std::max<int64_t>(16, atl::kElementGrain / std::max<int64_t>(1, count)),
            [=](int64_t begin, int64_t end) {
                for (int64_t i = 0; i < count; ++i) {
                    const float* from = dy + i * size;
                    float* to = dtable + numbers[i] * size;
                    for (int64_t j = begin; j < end; ++j) to[j] += from[j];
                }
            });
    });
}
