// The few words that native tests need: CHECK, and a count of what failed as the program's result.
#pragma once

#include <cmath>
#include <cstdio>
#include <string>

namespace check {

inline int failures = 0, checks = 0;

inline void that(bool condition, const std::string& what) {
    ++checks;
    if (condition) return;
    if (++failures <= 20) std::printf("FAILED %s\n", what.c_str());
}

// Whether `found` is `expected` to within `tolerance` times the larger of 1 and |expected|; equal infinities are.
inline bool close(double found, double expected, double tolerance) {
    return found == expected || std::fabs(found - expected) <= tolerance * std::fmax(1.0, std::fabs(expected));
}

// The program's exit code; says how much was checked.
inline int result() {
    std::printf("%d checks, %d failed\n", checks, failures);
    return failures == 0 && checks > 0 ? 0 : 1;
}

}  // namespace check
