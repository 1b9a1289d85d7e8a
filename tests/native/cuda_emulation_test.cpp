// The emulation itself: what it must get right, and the mistakes that it must notice.
#include "cuda_emulation.h"

#include "check.h"

namespace {

using emulation::launch;
using emulation::Order;

const Order kOrders[] = {Order::kAscending, Order::kDescending, Order::kShuffled};

void every_thread_runs_once() {
    for (const Order order : kOrders) {
        std::vector<int> runs(5 * 96, 0);
        launch(5, 96, order, [&] { ++runs[blockIdx.x * blockDim.x + threadIdx.x]; });
        for (const int count : runs) check::that(count == 1, "a thread of the grid ran other than once");
    }
}

void reverse(int* values) {
    __shared__ int tile[64];
    tile[threadIdx.x] = values[blockIdx.x * 64 + threadIdx.x];
    __syncthreads();
    values[blockIdx.x * 64 + threadIdx.x] = tile[63 - threadIdx.x];
    __syncthreads();
}

void shared_memory_and_barriers() {
    for (const Order order : kOrders) {
        std::vector<int> values(3 * 64);
        for (int i = 0; i < 192; ++i) values[static_cast<size_t>(i)] = i;
        launch(3, 64, order, [&] { reverse(values.data()); });
        for (int i = 0; i < 192; ++i)
            check::that(values[static_cast<size_t>(i)] == i / 64 * 64 + 63 - i % 64, "a barrier did not hold");
    }
}

void a_missing_barrier_shows_in_some_order() {
    int wrong = 0;
    for (const Order order : kOrders) {
        std::vector<int> tile(64, 0), out(64, 0);
        launch(1, 64, order, [&] {
            tile[threadIdx.x] = 1;
            out[threadIdx.x] = tile[63 - threadIdx.x];
        });
        for (const int value : out) wrong += value != 1;
    }
    check::that(wrong > 0, "a missing barrier went unnoticed");
}

void shuffles() {
    for (const Order order : kOrders) {
        std::vector<double> sums(64), down(64), first(64);
        launch(1, 64, order, [&] {
            double sum = threadIdx.x;
            for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, step);
            sums[threadIdx.x] = sum;
            down[threadIdx.x] = __shfl_down_sync(0xffffffffu, static_cast<double>(threadIdx.x), 3);
            first[threadIdx.x] = __shfl_sync(0xffffffffu, static_cast<float>(threadIdx.x), 0);
        });
        for (size_t i = 0; i < 64; ++i) {
            check::that(sums[i] == (i < 32 ? 496 : 1520), "a sum over a warp is wrong");
            check::that(down[i] == (i % 32 < 29 ? i + 3 : i), "a shuffle down is wrong");
            check::that(first[i] == i / 32 * 32, "a broadcast is wrong");
        }
    }
}

void atomics_and_votes() {
    int sum = 0, most = 0, swapped = 0;
    bool any = false, none = true;
    launch(2, 32, Order::kShuffled, [&] {
        atomicAdd(&sum, static_cast<int>(threadIdx.x));
        atomicMax(&most, static_cast<int>(threadIdx.x));
        if (atomicCAS(&swapped, 0, static_cast<int>(threadIdx.x) + 1) == 0) atomicAdd(&sum, 1000);
        any |= __syncthreads_or(threadIdx.x == 7);
        none &= !__syncthreads_or(0);
    });
    check::that(sum == 2 * 496 + 1000 && most == 31 && swapped > 0, "an atomic is wrong");
    check::that(any && none, "a vote is wrong");
}

template <class Body>
void is_refused(const char* what, const Body& body) {
    bool refused = false;
    try {
        launch(1, 64, Order::kAscending, body);
    } catch (const std::logic_error&) {
        refused = true;
    }
    check::that(refused, what);
}

}  // namespace

int main() {
    every_thread_runs_once();
    shared_memory_and_barriers();
    a_missing_barrier_shows_in_some_order();
    shuffles();
    atomics_and_votes();
    is_refused("a barrier that some threads never reach was accepted", [] {
        if (threadIdx.x < 40) __syncthreads();
    });
    is_refused("a shuffle that some lanes never reach was accepted", [] {
        if (threadIdx.x % 2 == 0) __shfl_sync(0xffffffffu, 1, 0);
    });
    is_refused("a barrier in two places was accepted", [] {
        if (threadIdx.x < 32) __syncthreads();
        else __syncthreads();
    });
    return check::result();
}
