#include "atl/version.h"

#define ATL_TEXT_OF(number) #number
#define ATL_TEXT(number) ATL_TEXT_OF(number)
#define ATL_NUMBERS ATL_TEXT(ATL_VERSION_MAJOR) "." ATL_TEXT(ATL_VERSION_MINOR) "." ATL_TEXT(ATL_VERSION_PATCH)

namespace {

constexpr bool same(const char* a, const char* b) { return *a == *b && (*a == 0 || same(a + 1, b + 1)); }

static_assert(same(ATL_VERSION, ATL_NUMBERS), "the text of the version is that of its numbers");

}  // namespace

extern "C" const char* atl_version(void) { return ATL_VERSION; }
