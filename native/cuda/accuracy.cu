// How often the label is among the best scores.
#include "cuda/labels.cuh"

// right[i] = 1 where fewer than top_k other classes score at least as much as the label's; 0 where not; -1 where the
// label does not count.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_accuracy_rights(int64_t outer, int64_t channels, int64_t inner, int64_t top_k, int32_t has_ignored,
        int32_t ignored, const float* x, const float* labels, float* right) {
    using namespace atl::cuda;
    // A warp a position: rows are long where there are many classes, and few else.
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    const int64_t warps = threads_of_grid() / kWarp;
    for (int64_t position = thread_of_grid() / kWarp; position < outer * inner; position += warps) {
        const int64_t first = first_of(position, channels, inner),
                      label = label_of(labels[position], channels, has_ignored, ignored);
        const float own = label < 0 ? 0.0f : x[first + label * inner];
        double not_worse = 0;
        for (int64_t c = lane; c < channels; c += kWarp) not_worse += x[first + c * inner] >= own ? 1 : 0;
        not_worse = warp_sum(not_worse);
        if (lane == 0)
            right[position] = label < 0                                    ? -1.0f
                : own == own && not_worse - 1 < static_cast<double>(top_k) ? 1.0f
                                                                           : 0.0f;
    }
}

// accuracy[0] = right / counted, 0 where none is counted, and per_class, if it is there, the same among the labels of
// each class; block 0 does the whole, every thread a class.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_accuracy_share(int64_t positions,
    int64_t channels, const float* labels, const float* right, float* accuracy, ATL_OPTIONAL float* per_class) {
    using namespace atl::cuda;
    if (blockIdx.x == 0) {
        double all = 0, rights = 0;
        for (int64_t i = threadIdx.x; i < positions; i += blockDim.x) {
            all += right[i] >= 0 ? 1 : 0;
            rights += right[i] > 0 ? 1 : 0;
        }
        all = block_sum(all);
        rights = block_sum(rights);
        if (threadIdx.x == 0) accuracy[0] = all == 0 ? 0.0f : static_cast<float>(rights) / static_cast<float>(all);
    }
    if (per_class == nullptr) return;
    for_indices(channels, [=](int64_t c) {
        int64_t all = 0, rights = 0;
        for (int64_t i = 0; i < positions; ++i) {
            if (right[i] < 0 || static_cast<int64_t>(labels[i]) != c) continue;
            ++all;
            rights += right[i] > 0 ? 1 : 0;
        }
        per_class[c] = all == 0 ? 0.0f : static_cast<float>(rights) / static_cast<float>(all);
    });
}
