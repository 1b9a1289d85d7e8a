#include "common/guard.h"

namespace {
thread_local std::string last_error;
}

void atl::set_last_error(const char* message) noexcept {
    try {
        last_error = message;
    } catch (...) {
        last_error.clear();
    }
}

extern "C" const char* atl_last_error(void) { return last_error.c_str(); }
