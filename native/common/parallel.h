// Loops over all cores. Work is cut into contiguous ranges, so results do not depend on which thread ran what.
#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>
#include <exception>

namespace atl {

// Calls body(begin, end) on ranges that cover [0, count). A range holds at least `grain` elements, so that small loops
// stay on the calling thread. What a body throws is thrown once all are done: left to itself, an exception that leaves
// a parallel region ends the process.
template <class Body>
void parallel_for(int64_t count, int64_t grain, const Body& body) {
    if (count <= 0) return;
    const int64_t most = std::max<int64_t>(1, count / std::max<int64_t>(1, grain));
    const int threads = static_cast<int>(std::min<int64_t>(most, omp_get_max_threads()));
    if (threads <= 1) {
        body(int64_t{0}, count);
        return;
    }
    std::exception_ptr failure;
#pragma omp parallel num_threads(threads)
    {
        const int64_t team = omp_get_num_threads(), me = omp_get_thread_num();
        const int64_t begin = count * me / team, end = count * (me + 1) / team;
        try {
            if (begin < end) body(begin, end);
        } catch (...) {
#pragma omp critical(atl_parallel_failure)
            failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

// Elements of simple arithmetic below which a second thread costs more than it brings.
constexpr int64_t kElementGrain = 16384;

}  // namespace atl
