// What stands at the border between C++ and the C ABI: exceptions become a status and a message.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <new>
#include <stdexcept>
#include <string>

#include "atl/types.h"
#include "common/last_error.h"
#include "common/processor.h"

namespace atl {

// A failure that carries the status to return.
class Error : public std::runtime_error {
public:
    Error(atl_status status, const std::string& what) : std::runtime_error(what), status_(status) {}
    atl_status status() const { return status_; }

private:
    atl_status status_;
};

// Throws ATL_INVALID_ARGUMENT with `message` unless `condition` holds.
inline void require(bool condition, const char* message) {
    if (!condition) throw Error(ATL_INVALID_ARGUMENT, message);
}

// No memory holds so many elements. Below it a count may be doubled, padded, multiplied with the size of an element or
// with a number of threads, and still is far from 2^63.
constexpr int64_t kMostElements = int64_t{1} << 50;

// ATL_INVALID_ARGUMENT, with what was put together from which numbers: "n x c x spatial = 3 x 5 x 4611686018427387904".
inline Error too_large(const char* what, const char* sign, std::initializer_list<int64_t> numbers) {
    std::string message = std::string("sizes too large: ") + what + " = ";
    for (const int64_t& number : numbers) message += (&number == numbers.begin() ? "" : sign) + std::to_string(number);
    return Error(ATL_INVALID_ARGUMENT, message);
}

// The product of sizes or strides; `what` names them for the message that refuses what is beyond kMostElements. A 0 is
// left out of what is checked, so that all products of some of the numbers are known to fit, too.
inline int64_t checked_product(const char* what, std::initializer_list<int64_t> numbers) {
    int64_t product = 1;
    bool none = false;
    for (const int64_t number : numbers) {
        const int64_t most = kMostElements / (product < 0 ? -product : product);
        if (number > most || number < -most) throw too_large(what, " x ", numbers);
        if (number == 0) none = true;
        else product *= number;
    }
    return none ? 0 : product;
}

// The sum of sizes or offsets, checked likewise; none of the numbers is beyond kMostElements by itself.
inline int64_t checked_sum(const char* what, std::initializer_list<int64_t> numbers) {
    int64_t sum = 0;
    for (const int64_t number : numbers) {
        const bool fits = number <= kMostElements && number >= -kMostElements;
        if (fits) sum += number;
        if (!fits || sum > kMostElements || sum < -kMostElements) throw too_large(what, " + ", numbers);
    }
    return sum;
}

// Runs `body`, which may throw, and returns the status that the C caller sees. Where the processor lacks what the
// library was compiled for, nothing runs.
template <class Body>
atl_status guard(Body&& body) noexcept {
    if (!processor::suits) return processor::refuse();
    try {
        body();
        return ATL_OK;
    } catch (const Error& e) {
        set_last_error(e.what());
        return e.status();
    } catch (const std::bad_alloc&) {
        set_last_error("out of memory");
        return ATL_OUT_OF_MEMORY;
    } catch (const std::exception& e) {
        set_last_error(e.what());
        return ATL_INTERNAL;
    } catch (...) {
        set_last_error("unknown failure");
        return ATL_INTERNAL;
    }
}

}  // namespace atl
