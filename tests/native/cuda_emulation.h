// CUDA kernels on the CPU, for tests: the words of the language that the kernels use, and launch(), which runs every
// thread of a grid as a fibre.
//
// One block runs at a time, and within it one thread at a time, until it waits at a barrier or a shuffle. The order in
// which threads get their turn can be chosen: a kernel that needs another order than the one it asked for with barriers
// gives other results in one of them. A thread that never comes where the others wait, or comes elsewhere, is an error.
// __shared__ is static, so the address sanitizer sees its bounds. Grids and blocks have one dimension.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>

// The sanitizer of newer compilers (GCC 13 on) gives every stack a shadow for variables used after their function
// returned, which would be made and freed for every thread of every block: minutes in place of seconds.
extern "C" __attribute__((weak)) const char* __asan_default_options();
extern "C" __attribute__((weak)) const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }
#endif

#if defined(__x86_64__) && defined(__linux__)

// Goes on where the stack `to` left off and leaves the present one at *from. swapcontext() would do, but asks the
// system at every switch, of which there are millions.
extern "C" void atl_switch_stack(void** from, void* to) __asm__("atl_switch_stack");
__asm__(
    ".text\n"
    "atl_switch_stack:\n"
    "push %rbp\n push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"
    "mov %rsp, (%rdi)\n"
    "mov %rsi, %rsp\n"
    "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop %rbp\n"
    "ret\n");

namespace emulation {

// One flow of control that can be left and taken up again.
class Flow {
public:
    // Will begin with `entry`, which must not return, on a stack of `size` bytes.
    void begin(char* stack, size_t size, void (*entry)()) {
        // Six registers, the address to return to, and the place where a caller's would be: 8 below a multiple of 16,
        // as a call leaves it.
        void** top = reinterpret_cast<void**>(reinterpret_cast<uintptr_t>(stack + size) / 16 * 16) - 8;
        std::fill(top, top + 8, nullptr);
        top[6] = reinterpret_cast<void*>(entry);
        at_ = top;
    }
    // Leaves this flow, which runs, for another.
    void go_to(Flow& other) { atl_switch_stack(&at_, other.at_); }

private:
    void* at_ = nullptr;
};

}  // namespace emulation

#else

#include <ucontext.h>

namespace emulation {

class Flow {
public:
    void begin(char* stack, size_t size, void (*entry)()) {
        getcontext(&at_);
        at_.uc_stack.ss_sp = stack;
        at_.uc_stack.ss_size = size;
        at_.uc_link = nullptr;
        makecontext(&at_, entry, 0);
    }
    void go_to(Flow& other) { swapcontext(&at_, &other.at_); }

private:
    ucontext_t at_;
};

}  // namespace emulation

#endif

namespace emulation {

struct Dim {
    unsigned x;
};

// In which order the threads of a block get their turn: warp by warp from either end, each running ahead of the others
// as far as it can, or all threads in an order that changes all the time.
enum class Order { kAscending, kDescending, kShuffled };

constexpr int kLanes = 32;

class Block;
inline Block* running = nullptr;

}  // namespace emulation

inline emulation::Dim threadIdx, blockIdx, blockDim, gridDim;

namespace emulation {

// Threads that wait for one another: the lanes of a warp, or all threads of a block.
struct Meeting {
    int expected = 0, arrived = 0, any = 0, any_before = 0;
    int64_t round = 0, place = 0;
    uint64_t values[kLanes], results[kLanes];
};

struct Fibre {
    Flow flow;
    char* stack = nullptr;
    Meeting* waits_for = nullptr;
    int64_t round = 0;
    bool done = false;
    void* fake_stack = nullptr;
};

// The threads of one block; used again for every block of a launch.
class Block {
public:
    Block(unsigned threads, Order order, std::function<void()> body)
        : fibres_(threads), warps_((threads + kLanes - 1) / kLanes), order_(order), body_(std::move(body)) {
        // Stacks outlive their launch: launches are many, and most memory of a stack is never touched.
        static std::vector<std::unique_ptr<char[]>> stacks;
        while (stacks.size() < threads) stacks.emplace_back(new char[kStack]);
        for (unsigned i = 0; i < threads; ++i) fibres_[i].stack = stacks[i].get();
        turns_.resize(threads);
        for (unsigned i = 0; i < threads; ++i) turns_[i] = order == Order::kDescending ? threads - 1 - i : i;
    }

    void run() {
        running = this;
        all_ = Meeting();
        all_.expected = static_cast<int>(fibres_.size());
        for (size_t w = 0; w < warps_.size(); ++w) {
            warps_[w] = Meeting();
            warps_[w].expected = static_cast<int>(std::min<size_t>(kLanes, fibres_.size() - w * kLanes));
        }
        for (Fibre& fibre : fibres_) {
            fibre.waits_for = nullptr;
            fibre.done = false;
            fibre.flow.begin(fibre.stack, kStack, &Block::enter);
        }
        size_t left = fibres_.size();
        while (left > 0) {
            if (order_ == Order::kShuffled) shuffle();
            bool moved = false;
            for (size_t first = 0; first < turns_.size(); first += kLanes) {
                bool again = true;
                while (again) {
                    again = false;
                    for (size_t i = first; i < std::min(first + kLanes, turns_.size()); ++i) {
                        Fibre& fibre = fibres_[turns_[i]];
                        if (fibre.done || (fibre.waits_for != nullptr && fibre.waits_for->round == fibre.round))
                            continue;
                        moved = true;
                        again = order_ != Order::kShuffled;
                        threadIdx.x = turns_[i];
                        resume(fibre);
                        if (!error_.empty()) throw std::logic_error(error_);
                        if (fibre.done) --left;
                    }
                }
            }
            if (!moved) throw std::logic_error("a barrier or shuffle that not all of its threads reach");
        }
        running = nullptr;
    }

    // Waits for the other lanes of the warp and takes the value of lane `source`. `place` tells one call in the program
    // from another.
    uint64_t shuffle_value(uint64_t value, int source, int64_t place) {
        Meeting& warp = warps_[threadIdx.x / kLanes];
        if (warp.expected != kLanes) fail("a shuffle in a warp that is not full");
        const int lane = static_cast<int>(threadIdx.x) % kLanes;
        warp.values[lane] = value;
        meet(warp, place);
        return warp.results[source];
    }

    // Waits for the other threads of the block; whether any of them says so.
    bool barrier(bool predicate, int64_t place) {
        all_.any |= predicate ? 1 : 0;
        meet(all_, place);
        return all_.any_before != 0;
    }

private:
    static constexpr size_t kStack = 64 * 1024;

    static void enter() {
        running->started();
        running->body_();
        running->finished();
    }

    void meet(Meeting& meeting, int64_t place) {
        if (meeting.arrived > 0 && meeting.place != place) fail("threads that should meet wait at different places");
        meeting.place = place;
        const int64_t round = meeting.round;
        if (++meeting.arrived == meeting.expected) {
            meeting.arrived = 0;
            meeting.any_before = meeting.any;
            meeting.any = 0;
            std::memcpy(meeting.results, meeting.values, sizeof(meeting.values));
            ++meeting.round;
            return;
        }
        Fibre& self = fibres_[threadIdx.x];
        self.waits_for = &meeting;
        self.round = round;
        suspend(self);
        self.waits_for = nullptr;
    }

    void fail(const char* what) {
        error_ = what;
        Fibre& self = fibres_[threadIdx.x];
        suspend(self);
    }

    void shuffle() {
        for (size_t i = turns_.size() - 1; i > 0; --i) {
            random_ = random_ * 6364136223846793005ull + 1442695040888963407ull;
            std::swap(turns_[i], turns_[(random_ >> 33) % (i + 1)]);
        }
    }

#if defined(__SANITIZE_ADDRESS__)
    void resume(Fibre& fibre) {
        void* fake = nullptr;
        __sanitizer_start_switch_fiber(&fake, fibre.stack, kStack);
        main_.go_to(fibre.flow);
        __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
    }
    void suspend(Fibre& fibre) {
        __sanitizer_start_switch_fiber(&fibre.fake_stack, main_bottom_, main_size_);
        fibre.flow.go_to(main_);
        __sanitizer_finish_switch_fiber(fibre.fake_stack, &main_bottom_, &main_size_);
    }
    void started() { __sanitizer_finish_switch_fiber(nullptr, &main_bottom_, &main_size_); }
    void finished() {
        Fibre& self = fibres_[threadIdx.x];
        self.done = true;
        __sanitizer_start_switch_fiber(nullptr, main_bottom_, main_size_);
        self.flow.go_to(main_);
    }
    const void* main_bottom_ = nullptr;
    size_t main_size_ = 0;
#else
    void resume(Fibre& fibre) { main_.go_to(fibre.flow); }
    void suspend(Fibre& fibre) { fibre.flow.go_to(main_); }
    void started() {}
    void finished() {
        Fibre& self = fibres_[threadIdx.x];
        self.done = true;
        self.flow.go_to(main_);
    }
#endif

    Flow main_;
    std::vector<Fibre> fibres_;
    std::vector<Meeting> warps_;
    Meeting all_;
    std::vector<unsigned> turns_;
    Order order_;
    uint64_t random_ = 1;
    std::string error_;
    std::function<void()> body_;
};

// Runs `body`, the call of a kernel, in every thread of a grid.
inline void launch(unsigned grid, unsigned block, Order order, const std::function<void()>& body) {
    gridDim.x = grid;
    blockDim.x = block;
    Block threads(block, order, body);
    for (blockIdx.x = 0; blockIdx.x < grid; ++blockIdx.x) threads.run();
}

template <class T>
T shuffle(unsigned mask, T value, int source, int64_t place) {
    static_assert(sizeof(T) <= sizeof(uint64_t), "a shuffle moves at most 8 bytes");
    if (mask != 0xffffffffu) throw std::logic_error("only shuffles of whole warps are emulated");
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    bits = running->shuffle_value(bits, source, place);
    std::memcpy(&value, &bits, sizeof(T));
    return value;
}

inline int lane() { return static_cast<int>(threadIdx.x) % kLanes; }

}  // namespace emulation

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __shared__ static
#define __syncthreads() static_cast<void>(emulation::running->barrier(false, __LINE__))
#define __syncthreads_or(predicate) emulation::running->barrier((predicate) != 0, __LINE__)
#define __shfl_sync(mask, value, source) emulation::shuffle(mask, value, (source) % emulation::kLanes, __LINE__)
#define __shfl_xor_sync(mask, value, step) emulation::shuffle(mask, value, emulation::lane() ^ (step), __LINE__)
#define __shfl_down_sync(mask, value, step) \
    emulation::shuffle(mask, value,         \
        emulation::lane() + (step) < emulation::kLanes ? emulation::lane() + (step) : emulation::lane(), __LINE__)

template <class T>
T atomicAdd(T* at, T value) {
    const T old = *at;
    *at += value;
    return old;
}

template <class T>
T atomicMax(T* at, T value) {
    const T old = *at;
    if (value > old) *at = value;
    return old;
}

template <class T>
T atomicCAS(T* at, T expected, T value) {
    const T old = *at;
    if (old == expected) *at = value;
    return old;
}
