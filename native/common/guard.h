// What stands at the border between C++ and the C ABI: exceptions become a status and a message.
#pragma once

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
