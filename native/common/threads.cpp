#include <omp.h>

#include "common/guard.h"

extern "C" atl_status atl_get_threads(int32_t* threads) {
    return atl::guard([&] {
        atl::require(threads != nullptr, "threads is NULL");
        *threads = omp_get_max_threads();
    });
}

extern "C" atl_status atl_set_threads(int32_t threads) {
    return atl::guard([&] {
        atl::require(threads >= 1 && threads <= 1024, "threads must lie in 1..1024");
        omp_set_num_threads(threads);
    });
}

extern "C" atl_status atl_preferred_block(atl_layout* layout) {
    return atl::guard([&] {
        atl::require(layout != nullptr, "layout is NULL");
        const bool wide = atl::processor::offers(atl::processor::present, atl::processor::kAvx512);
        *layout = wide ? ATL_LAYOUT_BLOCKED16 : ATL_LAYOUT_BLOCKED8;
    });
}
