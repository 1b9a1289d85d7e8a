// What the tests of kernels share: random values, comparison with what a plain loop in double precision gives, launches
// in every order of threads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "check.h"
#include "common/philox.h"
#include "device.h"

namespace cases {

using device::Array;
using device::Order;

class Random {
public:
    explicit Random(uint64_t key) : key_(key) {}
    uint32_t word() { return atl::philox_word(position_++, key_); }
    double uniform() { return word() / 4294967296.0; }
    double gaussian() { return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(6.283185307179586 * uniform()); }

private:
    uint64_t key_, position_ = 0;
};

template <class T = float>
std::vector<T> gaussians(int64_t count, uint64_t key) {
    Random random(key);
    std::vector<T> values(static_cast<size_t>(count));
    for (T& value : values) value = static_cast<T>(random.gaussian());
    return values;
}

// Whole numbers in [0, classes).
inline std::vector<float> labels(int64_t count, int64_t classes, uint64_t key) {
    Random random(key);
    std::vector<float> values(static_cast<size_t>(count));
    for (float& value : values)
        value = static_cast<float>(static_cast<int64_t>(random.uniform() * static_cast<double>(classes)));
    return values;
}

template <class T, class E>
void compare(const std::vector<T>& found, const std::vector<E>& expected, double tolerance, const std::string& what) {
    for (size_t i = 0; i < expected.size() && i < found.size(); ++i)
        if (!check::close(static_cast<double>(found[i]), static_cast<double>(expected[i]), tolerance))
            return check::that(false,
                what + "[" + std::to_string(i) + "] is " + std::to_string(found[i]) + ", expected "
                    + std::to_string(expected[i]));
    check::that(found.size() == expected.size(), what + " has another size");
}

inline unsigned blocks(int64_t work, int64_t each) {
    return static_cast<unsigned>(std::max<int64_t>(1, (work + each - 1) / each));
}

// How a case is launched: in which order threads get their turn, with how many threads a block, on how large a grid,
// and how many elements stand between an aligned address and the first of every array.
struct Launch {
    Order order;
    unsigned threads, grid;
    size_t shift;
};

// Calls body(launch) for every order of threads with a grid of one block, one of several and an address that is not
// aligned.
inline void for_launches(const std::function<void(const Launch&)>& body) {
    unsigned which = 0;
    for (const Order order : device::orders()) {
        body({order, 64, 1, 0});
        body({order, which % 2 == 0 ? 256u : 96u, 3, 0});
        body({order, 32, 2, 1 + which % 3});
        ++which;
    }
}

}  // namespace cases
