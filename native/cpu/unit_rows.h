// Lengths of rows, which the inner products of face nets share.
#pragma once

#include <cstdint>

namespace atl {

// The sum of squares of `count` numbers, in double.
double sum_of_squares(int64_t count, const float* x);

// What atl_unit_rows does, for callers that have checked.
void unit_rows(int64_t n, int64_t k, float* w);

}  // namespace atl
