/* Types that every header of Atl's native library shares: export macro, status codes, memory layouts, the last error.
 *
 * Plain C. Every function returns an atl_status and never throws; on anything but ATL_OK atl_last_error() of the same
 * thread says what was wrong. Sizes and counts of elements are int64_t; int32_t is for enums, switches and the lengths
 * of short lists.
 *
 * Where ATL_WITHOUT_FUNCTIONS is defined, the headers of operators that CUDA kernels compute, too, declare their types
 * alone: the kernels take the same structs and have the functions' names.
 *
 * Thread-safe functions may be called from several threads at once as long as no two calls share a buffer that one of
 * them writes. One thread at a time: calls that are given the same object must not overlap. */
#ifndef ATL_TYPES_H
#define ATL_TYPES_H

#include <stdint.h>

#if defined(_WIN32)
#if defined(ATL_BUILDING)
#define ATL_API __declspec(dllexport)
#else
#define ATL_API __declspec(dllimport)
#endif
#elif defined(ATL_BUILDING) && defined(__x86_64__)
/* The functions themselves run on every x86-64, whatever the rest is compiled for, so that they can refuse where the
 * processor lacks that. */
#define ATL_API __attribute__((visibility("default"), target("no-sse3,no-bmi,no-bmi2,no-lzcnt,no-popcnt,no-movbe")))
#else
#define ATL_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum atl_status {
    ATL_OK = 0,
    ATL_INVALID_ARGUMENT = 1, /* a size, index, label or pointer that the function does not accept */
    ATL_OUT_OF_MEMORY = 2,
    ATL_UNSUPPORTED = 3, /* a valid request that this build or machine cannot serve */
    ATL_INTERNAL = 4     /* a failure inside Atl or a library below it */
} atl_status;

/* How the elements of an N x C x spatial array lie in memory. Blocked layouts ask that C is a multiple of the block. */
typedef enum atl_layout {
    ATL_LAYOUT_PLAIN = 0,         /* N C spatial: Caffe's row-major order */
    ATL_LAYOUT_CHANNELS_LAST = 1, /* N spatial C */
    ATL_LAYOUT_BLOCKED8 = 2,      /* N C/8 spatial 8 */
    ATL_LAYOUT_BLOCKED16 = 3      /* N C/16 spatial 16 */
} atl_layout;

/* What the last failed call of this thread had to say; never NULL, valid until this thread's next call. Runs on every
 * processor. Thread-safe. */
ATL_API const char* atl_last_error(void);

/* The number of threads that operators use; at least 1. Thread-safe. */
ATL_API atl_status atl_get_threads(int32_t* threads);

/* Sets the number of threads that operators started from the calling thread use (1 to 1024). Thread-safe. */
ATL_API atl_status atl_set_threads(int32_t threads);

/* The block that this processor's convolutions like: ATL_LAYOUT_BLOCKED16 (AVX-512) or ATL_LAYOUT_BLOCKED8.
 * Thread-safe. */
ATL_API atl_status atl_preferred_block(atl_layout* layout);

#ifdef __cplusplus
}
#endif

#endif
