#include "atl/tile.h"

#include <algorithm>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

void check(int64_t outer, int64_t size, int64_t tiles, const float* x, const float* y) {
    atl::require(outer >= 0 && size >= 0 && tiles >= 1, "a negative size, or no copy");
    atl::checked_product("outer x size x tiles", {outer, size, tiles});
    atl::require(outer * size == 0 || (x != nullptr && y != nullptr), "an array is NULL");
}

int64_t rows_at_once(int64_t size, int64_t tiles) {
    return std::max<int64_t>(1, atl::kElementGrain / std::max<int64_t>(1, size * tiles));
}

}  // namespace

extern "C" atl_status atl_tile_forward(int64_t outer, int64_t size, int64_t tiles, const float* x, float* y) {
    return atl::guard([&] {
        check(outer, size, tiles, x, y);
        atl::parallel_for(outer, rows_at_once(size, tiles), [=](int64_t begin, int64_t end) {
            for (int64_t o = begin; o < end; ++o)
                for (int64_t t = 0; t < tiles; ++t)
                    std::copy(x + o * size, x + (o + 1) * size, y + (o * tiles + t) * size);
        });
    });
}

extern "C" atl_status atl_tile_backward(int64_t outer, int64_t size, int64_t tiles, const float* dy, float* dx) {
    return atl::guard([&] {
        check(outer, size, tiles, dy, dx);
        atl::parallel_for(outer, rows_at_once(size, tiles), [=](int64_t begin, int64_t end) {
            for (int64_t o = begin; o < end; ++o) {
                const float* copy = dy + o * tiles * size;
                std::copy(copy, copy + size, dx + o * size);
                for (int64_t t = 1; t < tiles; ++t) {
                    copy += size;
                    for (int64_t i = 0; i < size; ++i) dx[o * size + i] += copy[i];
                }
            }
        });
    });
}
