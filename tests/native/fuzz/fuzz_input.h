// Numbers from the bytes that libFuzzer gives; zeros where they have run out.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <vector>

#include "atl/types.h"

namespace fuzz {

// What product() says of sizes that have none: one is negative; no caller could hold so many elements here; nobody
// could anywhere, so that the function must refuse them, whatever the arrays are.
constexpr int64_t kNegative = -1, kNotHeld = -2, kRefused = -3;

// The product of sizes. A 0 does not make the others small: a function may have memory for some of them.
inline int64_t product(std::initializer_list<int64_t> sizes) {
    constexpr int64_t held = 1 << 16, most = int64_t{1} << 50;
    int64_t count = 1;
    bool none = false;
    for (const int64_t size : sizes)
        if (size < 0) return kNegative;
    for (const int64_t size : sizes) {
        if (size == 0) {
            none = true;
        } else {
            if (size > most / count) return kRefused;
            count *= size;
        }
    }
    return count > held ? kNotHeld : none ? 0 : count;
}

// Whether the arrays of these sizes can be tried here.
inline bool held(std::initializer_list<int64_t> counts) {
    for (const int64_t count : counts)
        if (count == kNotHeld) return false;
    return true;
}

// An array of just so many elements, so that the sanitizer sees the first one behind it. One for sizes that are
// refused, so that it is not for the lack of an array.
inline std::vector<float> array(int64_t count) {
    return std::vector<float>(static_cast<size_t>(count >= 0 ? count : 1));
}

// Channels for a blocked layout, which takes whole blocks.
inline int64_t whole_blocks(int64_t channels) { return channels > 0 && channels < 100 ? 8 * channels : channels; }

// Stops where a function took sizes that it must refuse.
inline void expect(std::initializer_list<int64_t> counts, atl_status status) {
    for (const int64_t count : counts)
        if (count == kRefused && status == ATL_OK) __builtin_trap();
}

class Input {
public:
    Input(const uint8_t* data, size_t size) : data_(data), left_(size) {}

    uint8_t byte() {
        if (left_ == 0) return 0;
        --left_;
        return *data_++;
    }

    // Mostly a small size; now and then one that no caller should give.
    int64_t size(int64_t most) {
        const uint8_t kind = byte();
        if (kind < 243) return kind % (most + 1);
        static constexpr int64_t odd[] = {-1, INT64_MIN, INT32_MIN, -7, 100, 1000, INT64_MAX, int64_t{1} << 62,
            int64_t{3} << 60, int64_t{1} << 32, int64_t{1} << 31, INT32_MAX, (int64_t{1} << 50) + 1};
        return odd[kind - 243];
    }

    float number() {
        uint32_t bits = 0;
        for (int i = 0; i < 4; ++i) bits = bits << 8 | byte();
        float value;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }

    // The same of floats from the input.
    std::vector<float> numbers(int64_t count) {
        std::vector<float> values = array(count);
        for (float& value : values) value = left_ > 0 ? number() : 1;
        return values;
    }

private:
    const uint8_t* data_;
    size_t left_;
};

}  // namespace fuzz
