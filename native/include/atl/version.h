/* The version of Atl's native library, and whether it can run here. */
#ifndef ATL_VERSION_H
#define ATL_VERSION_H

#include "atl/types.h"

/* The version of these headers. CMakeLists.txt reads it here. */
#define ATL_VERSION_MAJOR 0
#define ATL_VERSION_MINOR 1
#define ATL_VERSION_PATCH 0
#define ATL_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that was loaded, as ATL_VERSION; versions that differ in the first two numbers do not fit
 * together. Thread-safe. */
ATL_API const char* atl_version(void);

/* ATL_OK, or ATL_UNSUPPORTED where the library was compiled for instructions that this processor lacks:
 * atl_last_error() names them and says how to build for this processor. Runs on every processor; call it before
 * anything else. Thread-safe. */
ATL_API atl_status atl_check_processor(void);

#ifdef __cplusplus
}
#endif

#endif
