#include "atl/concat.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

// The floats before each piece in a row, and at the end those of the row.
std::vector<int64_t> row_offsets(int64_t outer, int32_t pieces, const int64_t* sizes) {
    atl::require(outer >= 0 && pieces >= 1 && sizes != nullptr, "a negative size, no piece, or sizes is NULL");
    std::vector<int64_t> offsets(static_cast<size_t>(pieces) + 1);
    for (int32_t k = 0; k < pieces; ++k) {
        atl::require(sizes[k] >= 0, "a negative size");
        offsets[static_cast<size_t>(k) + 1] =
            atl::checked_sum("a row of all pieces", {offsets[static_cast<size_t>(k)], sizes[k]});
    }
    atl::checked_product("outer x the sum of sizes", {outer, offsets.back()});
    return offsets;
}

// Calls copy(piece, offset in the piece, offset in the whole, count) for runs that cover the whole, cut evenly among
// the threads.
template <class Copy>
void for_each_run(int64_t outer, const std::vector<int64_t>& offsets, const Copy& copy) {
    const int64_t row = offsets.back();
    atl::parallel_for(outer * row, atl::kElementGrain, [&](int64_t begin, int64_t end) {
        size_t k =
            static_cast<size_t>(std::upper_bound(offsets.begin(), offsets.end(), begin % row) - offsets.begin()) - 1;
        for (int64_t at = begin; at < end;) {
            const int64_t o = at / row, inside = at % row, size = offsets[k + 1] - offsets[k];
            const int64_t count = std::min(end - at, offsets[k + 1] - inside);
            if (count > 0) copy(k, o * size + inside - offsets[k], at, count);
            at += count;
            if (at != o * row + offsets[k + 1]) continue;
            // On to the next piece that is not empty; where the row has elements, there is one.
            do k = (k + 1) % (offsets.size() - 1);
            while (offsets[k + 1] == offsets[k]);
        }
    });
}

void copy_floats(const float* from, float* to, int64_t count) {
    std::memcpy(to, from, sizeof(float) * static_cast<size_t>(count));
}

}  // namespace

extern "C" atl_status atl_concat(int64_t outer, int32_t pieces, const int64_t* sizes, const float* const* x, float* y) {
    return atl::guard([&] {
        const std::vector<int64_t> offsets = row_offsets(outer, pieces, sizes);
        atl::require(x != nullptr && (outer * offsets.back() == 0 || y != nullptr), "an array is NULL");
        for_each_run(outer, offsets, [=](size_t k, int64_t in_piece, int64_t in_whole, int64_t count) {
            if (x[k] == nullptr) std::fill(y + in_whole, y + in_whole + count, 0.0f);
            else copy_floats(x[k] + in_piece, y + in_whole, count);
        });
    });
}

extern "C" atl_status atl_slice(int64_t outer, int32_t pieces, const int64_t* sizes, const float* x, float* const* y) {
    return atl::guard([&] {
        const std::vector<int64_t> offsets = row_offsets(outer, pieces, sizes);
        atl::require(y != nullptr && (outer * offsets.back() == 0 || x != nullptr), "an array is NULL");
        for_each_run(outer, offsets, [=](size_t k, int64_t in_piece, int64_t in_whole, int64_t count) {
            if (y[k] != nullptr) copy_floats(x + in_whole, y[k] + in_piece, count);
        });
    });
}
