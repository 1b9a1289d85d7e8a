#include "atl/convolution.h"
#include "common/layout.h"
#include "common/parallel.h"

extern "C" atl_status atl_channel_add(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* bias, float* y) {
    return atl::guard([&] {
        const atl::LayoutView view(n, c, spatial, layout);
        if (view.count() == 0) return;
        atl::require(bias != nullptr && y != nullptr, "an array is NULL");
        const int64_t size = view.spatial * view.block;
        atl::parallel_for(
            view.n * view.groups, std::max<int64_t>(1, atl::kElementGrain / size), [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    const float* b = bias + i % view.groups * view.block;
                    float* p = y + i * size;
                    if (view.block == 1) {
                        for (int64_t s = 0; s < size; ++s) p[s] += *b;
                    } else {
                        for (int64_t s = 0; s < size; s += view.block)
                            for (int64_t k = 0; k < view.block; ++k) p[s + k] += b[k];
                    }
                }
            });
    });
}

extern "C" atl_status atl_channel_sum(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* dy, float* sum) {
    return atl::guard([&] {
        const atl::LayoutView view(n, c, spatial, layout);
        if (view.count() == 0) return;
        atl::require(dy != nullptr && sum != nullptr, "an array is NULL");
        // Channels that lie side by side are summed together, at most kLanes at a time; double keeps long sums exact
        // enough.
        constexpr int64_t kLanes = 16;
        const int64_t pieces = (view.block + kLanes - 1) / kLanes;
        const int64_t work = std::max<int64_t>(1, view.n * view.spatial * std::min(view.block, kLanes));
        atl::parallel_for(
            view.groups * pieces, std::max<int64_t>(1, atl::kElementGrain / work), [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    const int64_t group = i / pieces, first = i % pieces * kLanes,
                                  lanes = std::min(kLanes, view.block - first);
                    double total[kLanes] = {};
                    for (int64_t image = 0; image < view.n; ++image) {
                        const float* p = dy + (image * view.groups + group) * view.spatial * view.block + first;
                        if (view.block == 1) {
                            double line = 0;
#pragma omp simd reduction(+ : line)
                            for (int64_t s = 0; s < view.spatial; ++s) line += p[s];
                            total[0] += line;
                        } else {
                            for (int64_t s = 0; s < view.spatial; ++s)
                                for (int64_t k = 0; k < lanes; ++k) total[k] += p[s * view.block + k];
                        }
                    }
                    for (int64_t k = 0; k < lanes; ++k)
                        sum[group * view.block + first + k] += static_cast<float>(total[k]);
                }
            });
    });
}
