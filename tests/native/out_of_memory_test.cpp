// Memory that runs out in a thread of a parallel region is an error of the function that was called, not the end of the
// process: operators that allocate there are called with an operator new that fails in every such region, and in one of
// its threads alone.
#include <omp.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <new>
#include <string>
#include <vector>

#include "atl/channel_scale.h"
#include "atl/dropout.h"
#include "atl/lrn.h"
#include "atl/normalize.h"
#include "atl/pooling.h"
#include "check.h"
#include "common/parallel.h"

namespace {

enum class Failing { kNowhere, kInOneThread, kInAllThreads };

std::atomic<Failing> failing{Failing::kNowhere};
std::atomic<int> refused{0};

void* allocate(std::size_t size) {
    const Failing where = failing;
    const bool last = omp_get_thread_num() == omp_get_num_threads() - 1;
    if (where != Failing::kNowhere && omp_in_parallel() && (where == Failing::kInAllThreads || last)) {
        ++refused;
        throw std::bad_alloc();
    }
    void* block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr) throw std::bad_alloc();
    return block;
}

constexpr int kThreads = 4;
constexpr int64_t kN = 8, kChannels = 32, kExtent = 32, kSpatial = kExtent * kExtent;
using Floats = std::vector<float>;

void expect_an_error(const char* what, const std::function<atl_status()>& call) {
    const std::string name = what;
    for (Failing where : {Failing::kInOneThread, Failing::kInAllThreads}) {
        refused = 0;
        failing = where;
        const atl_status status = call();
        failing = Failing::kNowhere;
        check::that(refused > 0, name + " allocates in a parallel region, or the test finds nothing");
        check::that(status == ATL_OUT_OF_MEMORY, name + " returns the status " + std::to_string(status));
        check::that(std::string(atl_last_error()) == "out of memory", name + " says " + atl_last_error());
    }
    check::that(call() == ATL_OK, name + " works once there is memory");
}

void operators_return_the_error() {
    Floats x(kN * kChannels * kSpatial, 0.5f), y(x.size()), dx(x.size()), inverse(kN * kSpatial);
    Floats sums(kN * kSpatial);
    // First, since a thread keeps its buffers of pooling from one call to the next.
    const int64_t half = kExtent / 2;
    const atl_pooling pooling{kN, kChannels, kExtent, kExtent, half, half, 2, 2, 2, 2, 0, 0, ATL_LAYOUT_PLAIN};
    expect_an_error("pooling", [&] { return atl_pooling_max_forward(&pooling, x.data(), y.data(), nullptr); });
    const atl_lrn across{kN, kChannels, kExtent, kExtent, ATL_LAYOUT_PLAIN, 0, 5, 1e-4f, 0.75f, 1};
    expect_an_error("LRN across", [&] { return atl_lrn_forward(&across, x.data(), y.data()); });
    const atl_lrn within{kN, kChannels, kExtent, kExtent, ATL_LAYOUT_PLAIN, 1, 3, 1e-4f, 0.75f, 1};
    expect_an_error("LRN within", [&] { return atl_lrn_backward(&within, x.data(), x.data(), dx.data()); });
    expect_an_error("dropout",
        [&] { return atl_dropout(kN, kChannels, kSpatial, ATL_LAYOUT_BLOCKED8, 0.5f, 1, 0, x.data(), y.data()); });
    const atl_normalize normalize{
        kN, kChannels, kSpatial, ATL_LAYOUT_PLAIN, ATL_NORMALIZE_NO_SCALE, 0, 1e-10f, ATL_NORMALIZE_L2, 0};
    expect_an_error("normalize",
        [&] { return atl_normalize_forward(&normalize, x.data(), nullptr, y.data(), inverse.data(), nullptr); });
    expect_an_error("scale's gradient", [&] {
        return atl_channel_scale_backward_scale(
            kN, kChannels, kSpatial, ATL_LAYOUT_PLAIN, x.data(), x.data(), sums.data());
    });
}

// The loop that they all use: what a body throws arrives, whichever thread it was, and the others do their part.
void a_parallel_loop_throws_what_a_body_throws() {
    for (int64_t thrower = 0; thrower < kThreads; ++thrower) {
        std::atomic<int> done{0};
        std::string caught;
        try {
            atl::parallel_for(kThreads, 1, [&](int64_t begin, int64_t) {
                if (begin == thrower) throw std::string("from " + std::to_string(begin));
                ++done;
            });
        } catch (const std::string& thrown) {
            caught = thrown;
        }
        const std::string expected = "from " + std::to_string(thrower);
        check::that(caught == expected, "caught '" + caught + "', expected '" + expected + "'");
        check::that(done == kThreads - 1, "the other threads have done their part");
    }
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }

int main() {
    check::that(atl_set_threads(kThreads) == ATL_OK, "threads");
    operators_return_the_error();
    a_parallel_loop_throws_what_a_body_throws();
    return check::result();
}
