// Numbers from the bytes that libFuzzer gives; zeros where they have run out.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace fuzz {

class Input {
public:
    Input(const uint8_t* data, size_t size) : data_(data), left_(size) {}

    uint8_t byte() {
        if (left_ == 0) return 0;
        --left_;
        return *data_++;
    }

    // Mostly a small size; now and then one that no caller should give. Sizes whose arrays nobody could hold are not
    // tried: callers, who have the arrays, cannot give them.
    int64_t size(int64_t most) {
        const uint8_t kind = byte();
        if (kind < 250) return kind % (most + 1);
        static constexpr int64_t odd[] = {-1, INT64_MIN, INT32_MIN, -7, 100, 1000};
        return odd[kind - 250];
    }

    float number() {
        uint32_t bits = 0;
        for (int i = 0; i < 4; ++i) bits = bits << 8 | byte();
        float value;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }

    // As many floats as an array holds that a caller gives, each from the input.
    std::vector<float> numbers(int64_t count) {
        std::vector<float> values(static_cast<size_t>(count));
        for (float& value : values) value = left_ > 0 ? number() : 1;
        return values;
    }

private:
    const uint8_t* data_;
    size_t left_;
};

// The product of sizes; -1 where one is negative, -2 where no caller could hold so many elements here.
inline int64_t product(std::initializer_list<int64_t> sizes) {
    constexpr int64_t most = 1 << 16;
    for (const int64_t size : sizes)
        if (size < 0) return -1;
    int64_t count = 1;
    for (const int64_t size : sizes) {
        if (size == 0) return 0;
        if (size > most / count) return -2;
        count *= size;
    }
    return count;
}

// An array of just so many elements, so that the sanitizer sees the first one behind it; of none where the product is none.
inline std::vector<float> array(int64_t count) { return std::vector<float>(static_cast<size_t>(count > 0 ? count : 0)); }

}  // namespace fuzz
