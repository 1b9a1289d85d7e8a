// Where the kernel tests run: on the CPU by emulation, or, when this is read by nvcc, on the GPU. The tests are the
// same.
#pragma once

#include <vector>

#if defined(__CUDACC__)

#include <cstdio>
#include <cstdlib>

namespace device {

enum class Order { kAscending };
inline const std::vector<Order>& orders() {
    static const std::vector<Order> all = {Order::kAscending};
    return all;
}

inline void must(cudaError_t status) {
    if (status == cudaSuccess) return;
    std::printf("CUDA: %s\n", cudaGetErrorString(status));
    std::exit(1);
}

// Whether there is a GPU to run on.
inline bool present() {
    int count = 0;
    return cudaGetDeviceCount(&count) == cudaSuccess && count > 0;
}

// Device memory with a copy of some values, which begin `shift` elements after an address that suits any vector.
template <class T>
class Array {
public:
    explicit Array(const std::vector<T>& values, size_t shift = 0) : count_(values.size()), shift_(shift) {
        must(cudaMalloc(&memory_, (count_ + shift_) * sizeof(T) + 1));
        must(cudaMemcpy(data(), values.data(), count_ * sizeof(T), cudaMemcpyHostToDevice));
    }
    ~Array() { cudaFree(memory_); }
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;
    T* data() { return memory_ + shift_; }
    std::vector<T> values() {
        std::vector<T> copy(count_);
        must(cudaMemcpy(copy.data(), data(), count_ * sizeof(T), cudaMemcpyDeviceToHost));
        return copy;
    }

private:
    T* memory_ = nullptr;
    size_t count_, shift_;
};

template <class... P, class... A>
void launch(void (*kernel)(P...), unsigned grid, unsigned block, Order, A... arguments) {
    kernel<<<grid, block>>>(static_cast<P>(arguments)...);
    must(cudaGetLastError());
    must(cudaDeviceSynchronize());
}

}  // namespace device

#else

#include <algorithm>
#include <cstdlib>

#include "cuda_emulation.h"

namespace device {

using emulation::Order;
inline const std::vector<Order>& orders() {
    static const std::vector<Order> all = {Order::kAscending, Order::kDescending, Order::kShuffled};
    return all;
}

inline bool present() { return true; }

// Host memory of exactly the values' size, which begin `shift` elements after an address that suits any vector.
template <class T>
class Array {
public:
    explicit Array(const std::vector<T>& values, size_t shift = 0) : count_(values.size()), shift_(shift) {
        void* memory = nullptr;
        if (posix_memalign(&memory, 64, std::max<size_t>(1, (count_ + shift_) * sizeof(T))) != 0) std::abort();
        memory_ = static_cast<T*>(memory);
        std::copy(values.begin(), values.end(), data());
    }
    ~Array() { std::free(memory_); }
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;
    T* data() { return memory_ + shift_; }
    std::vector<T> values() { return std::vector<T>(data(), data() + count_); }

private:
    T* memory_ = nullptr;
    size_t count_, shift_;
};

template <class... P, class... A>
void launch(void (*kernel)(P...), unsigned grid, unsigned block, Order order, A... arguments) {
    emulation::launch(grid, block, order, [=] { kernel(static_cast<P>(arguments)...); });
}

}  // namespace device

#endif
