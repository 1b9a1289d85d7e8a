#include "common/last_error.h"

#include "atl/types.h"

namespace {
// An array, so that an error is told where there is no memory, too.
thread_local char last_error[1024];
}  // namespace

void atl::set_last_error(const char* message) noexcept {
    unsigned length = 0;
    for (; message[length] != 0 && length + 1 < sizeof last_error; ++length) last_error[length] = message[length];
    last_error[length] = 0;
}

extern "C" const char* atl_last_error(void) { return last_error; }
