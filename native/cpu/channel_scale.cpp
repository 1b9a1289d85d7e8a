#include "atl/channel_scale.h"

#include <algorithm>
#include <vector>

#include "common/guard.h"
#include "common/layout.h"
#include "common/parallel.h"

namespace {

int64_t samples_at_once(const atl::LayoutView& view) {
    return atl::kElementGrain / std::max<int64_t>(1, view.groups * view.block * view.spatial) + 1;
}

// Without spatial extent all layouts are one, and a sample's channels are one run.
atl::LayoutView view_of(int64_t n, int64_t c, int64_t spatial, atl_layout layout) {
    return atl::LayoutView(n, c, spatial, spatial == 1 ? ATL_LAYOUT_CHANNELS_LAST : layout);
}

}  // namespace

extern "C" atl_status atl_channel_scale_forward(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* x, const float* scale, float* y) {
    return atl::guard([&] {
        const atl::LayoutView view = view_of(n, c, spatial, layout);
        atl::require(view.count() == 0 || (x != nullptr && scale != nullptr && y != nullptr), "an array is NULL");
        if (view.block == 1) {
            atl::parallel_for(n * view.groups, atl::kElementGrain / std::max<int64_t>(1, spatial) + 1,
                [&](int64_t begin, int64_t end) {
                    for (int64_t row = begin; row < end; ++row) {
                        const float *from = x + row * spatial, *factors = scale + row / view.groups * spatial;
                        float* to = y + row * spatial;
#pragma omp simd
                        for (int64_t s = 0; s < spatial; ++s) to[s] = factors[s] * from[s];
                    }
                });
            return;
        }
        atl::parallel_for(
            n * view.groups * spatial, atl::kElementGrain / view.block + 1, [&](int64_t begin, int64_t end) {
                for (int64_t p = begin; p < end; ++p) {
                    const float factor = scale[p / (view.groups * spatial) * spatial + p % spatial];
                    const float* from = x + p * view.block;
                    float* to = y + p * view.block;
#pragma omp simd
                    for (int64_t l = 0; l < view.block; ++l) to[l] = factor * from[l];
                }
            });
    });
}

extern "C" atl_status atl_channel_scale_backward_scale(
    int64_t n, int64_t c, int64_t spatial, atl_layout layout, const float* dy, const float* x, float* dscale) {
    return atl::guard([&] {
        const atl::LayoutView view = view_of(n, c, spatial, layout);
        atl::require(n * spatial == 0 || dscale != nullptr, "dscale is NULL");
        atl::require(view.count() == 0 || (dy != nullptr && x != nullptr), "an array is NULL");
        atl::parallel_for(n, samples_at_once(view), [&](int64_t begin, int64_t end) {
            std::vector<double> sums(static_cast<size_t>(spatial));
            for (int64_t i = begin; i < end; ++i) {
                std::fill(sums.begin(), sums.end(), 0.0);
                const float *a = dy + i * view.groups * spatial * view.block,
                            *b = x + i * view.groups * spatial * view.block;
                for (int64_t g = 0; g < view.groups; ++g) {
                    if (view.block == 1) {
                        double* sum = sums.data();
#pragma omp simd
                        for (int64_t s = 0; s < spatial; ++s) sum[s] += static_cast<double>(a[s]) * b[s];
                    } else {
                        for (int64_t s = 0; s < spatial; ++s) {
                            double sum = 0;
#pragma omp simd reduction(+ : sum)
                            for (int64_t l = 0; l < view.block; ++l)
                                sum += static_cast<double>(a[s * view.block + l]) * b[s * view.block + l];
                            sums[static_cast<size_t>(s)] += sum;
                        }
                    }
                    a += spatial * view.block;
                    b += spatial * view.block;
                }
                for (int64_t s = 0; s < spatial; ++s)
                    dscale[i * spatial + s] = static_cast<float>(sums[static_cast<size_t>(s)]);
            }
        });
    });
}
