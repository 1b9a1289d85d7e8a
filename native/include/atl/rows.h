/* Rows of a table chosen by number. */
#ifndef ATL_ROWS_H
#define ATL_ROWS_H

#include "atl/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y[i] = table[numbers[i]] (+ bias) for i in [0, count): rows of `size` floats of a table of `rows` rows. `bias`, of
 * `size` floats, may be NULL. Fails where a number is not in [0, rows). Thread-safe. */
ATL_API atl_status atl_rows_gather(
    int64_t count, int64_t size, int64_t rows, const int32_t* numbers, const float* table, const float* bias, float* y);

/* dtable[numbers[i]] += dy[i], in the order of i. Fails and is safe as above. Thread-safe. */
ATL_API atl_status atl_rows_scatter(
    int64_t count, int64_t size, int64_t rows, const int32_t* numbers, const float* dy, float* dtable);

#ifdef __cplusplus
}
#endif

#endif
