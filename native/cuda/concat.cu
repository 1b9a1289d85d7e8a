// Rows of one array into rows of a longer or shorter one: what joining along an axis and cutting up come to.
#include "cuda/maps.cuh"

// to[r * to_step + j] = from[r * from_step + j] for j < size, or 0 where from is not there.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_concat_copy(
    int64_t rows, int64_t size, ATL_OPTIONAL const float* from, int64_t from_step, float* to, int64_t to_step) {
    using namespace atl::cuda;
    const bool wide = size % 4 == 0 && from_step % 4 == 0 && to_step % 4 == 0 && is_wide(from) && is_wide(to);
    const int64_t width = wide ? 4 : 1, items = size / width;
    for_indices(rows * items, [=](int64_t i) {
        const int64_t row = quotient(i, items), at = (i - row * items) * width;
        if (wide)
            reinterpret_cast<Pack<float, 4>*>(to + row * to_step + at)[0] = from == nullptr
                ? Pack<float, 4>()
                : reinterpret_cast<const Pack<float, 4>*>(from + row * from_step + at)[0];
        else to[row * to_step + at] = from == nullptr ? 0.0f : from[row * from_step + at];
    });
}
