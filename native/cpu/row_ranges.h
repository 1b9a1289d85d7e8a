// Products with a matrix of many rows, cut into ranges of its rows.
#pragma once

#include <omp.h>

#include <algorithm>

#include "common/parallel.h"

namespace atl {

// Rows that one product takes: many enough for its speed, few enough that they stay in cache.
constexpr int64_t kRangeRows = 128;

// Samples above which oneDNN divides a product over the cores as well by itself.
constexpr int64_t kRangeSamples = 512;

// Calls body(begin, end) on ranges that cover the rows of a matrix that is multiplied with `samples` rows, on all
// cores: with few samples up to three times as fast as one product over all rows. With many samples, or too few rows
// for all cores, there is one range, and the product itself uses the cores.
template <class Body>
void for_row_ranges(int64_t samples, int64_t rows, const Body& body) {
    const int64_t ranges = (rows + kRangeRows - 1) / kRangeRows;
    if (samples > kRangeSamples || ranges < 2 * omp_get_max_threads()) return body(int64_t{0}, rows);
    parallel_for(ranges, 1, [&](int64_t first, int64_t last) {
        for (int64_t range = first; range < last; ++range)
            body(range * kRangeRows, std::min(rows, (range + 1) * kRangeRows));
    });
}

}  // namespace atl
