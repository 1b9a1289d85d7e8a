#include "atl/argmax.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "common/guard.h"

extern "C" atl_status atl_argmax(int64_t outer, int64_t channels, int64_t inner, int64_t top, int64_t stride,
    const float* x, float* indices, float* values) {
    return atl::guard([&] {
        atl::require(
            outer >= 0 && inner >= 0 && top >= 1 && top <= channels, "a negative size, or not 1 <= top <= channels");
        atl::require(stride >= 0, "a negative stride");
        atl::checked_product("outer x channels x inner", {outer, channels, inner});
        atl::checked_product("outer x stride", {outer, stride});
        atl::require(
            outer * inner == 0 || (x != nullptr && (indices != nullptr || values != nullptr)), "an array is NULL");
        // The value to sort by (for which NaN is the least), then the index.
        std::vector<std::pair<float, int64_t>> ranked(static_cast<size_t>(channels));
        for (int64_t o = 0; o < outer; ++o)
            for (int64_t s = 0; s < inner; ++s) {
                const float* row = x + o * channels * inner + s;
                for (int64_t c = 0; c < channels; ++c) {
                    const float value = row[c * inner];
                    ranked[static_cast<size_t>(c)] = {
                        value == value ? value : -std::numeric_limits<float>::infinity(), c};
                }
                std::partial_sort(
                    ranked.begin(), ranked.begin() + top, ranked.end(), std::greater<std::pair<float, int64_t>>());
                for (int64_t j = 0; j < top; ++j) {
                    const int64_t c = ranked[static_cast<size_t>(j)].second, at = o * stride + j * inner + s;
                    if (indices != nullptr) indices[at] = static_cast<float>(c);
                    if (values != nullptr) values[at] = row[c * inner];
                }
            }
    });
}
