#include "atl/sum.h"

#include <cstring>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

// Elements that are summed over all terms before the next ones, so that the partial sums stay in the first-level cache.
constexpr int64_t kChunk = 2048;

void add_chunk(int64_t count, const float* a, const float* b, float* y) {
    for (int64_t i = 0; i < count; ++i) y[i] = a[i] + b[i];
}

void sum_chunk(int64_t begin, int64_t count, int32_t terms, const float* const* x, float* y) {
    float partial[kChunk];
    if (terms == 2) return add_chunk(count, x[0] + begin, x[1] + begin, y + begin);
    std::memcpy(partial, x[0] + begin, sizeof(float) * static_cast<size_t>(count));
    for (int32_t t = 1; t < terms; ++t) add_chunk(count, partial, x[t] + begin, partial);
    std::memcpy(y + begin, partial, sizeof(float) * static_cast<size_t>(count));
}

}  // namespace

extern "C" atl_status atl_sum(int64_t count, int32_t terms, const float* const* x, float* y) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(count >= 0 && terms >= 1 && x != nullptr, "count is negative, there is no term, or x is NULL");
        atl::require(count == 0 || y != nullptr, "y is NULL");
        for (int32_t t = 0; t < terms; ++t) atl::require(count == 0 || x[t] != nullptr, "a term is NULL");
        atl::parallel_for(count, atl::kElementGrain, [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i += kChunk) sum_chunk(i, std::min(kChunk, end - i), terms, x, y);
        });
    });
}
