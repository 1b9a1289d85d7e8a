// Sums whose value does not depend on the number of threads: fixed pieces, added in order.
#pragma once

#include <vector>

#include "common/parallel.h"

namespace atl {

// The sum of piece(begin, end), which returns a double, over ranges of `grain` elements that cover [0, count).
template <class Piece>
double parallel_sum(int64_t count, int64_t grain, const Piece& piece) {
    if (count <= grain) return count > 0 ? piece(int64_t{0}, count) : 0.0;
    const int64_t pieces = (count + grain - 1) / grain;
    std::vector<double> partial(static_cast<size_t>(pieces));
    parallel_for(pieces, 1, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; ++p)
            partial[static_cast<size_t>(p)] = piece(p * grain, std::min(count, (p + 1) * grain));
    });
    double sum = 0;
    for (double value : partial) sum += value;
    return sum;
}

}  // namespace atl
