// The text behind atl_last_error().
#pragma once

namespace atl {

// Keeps the message for this thread, or as much of it as there is room for.
void set_last_error(const char* message) noexcept;

}  // namespace atl
