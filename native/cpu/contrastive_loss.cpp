#include "atl/contrastive_loss.h"

#include <cmath>

#include "common/guard.h"
#include "common/parallel.h"
#include "common/reduce.h"

namespace {

float squared_distance(const float* a, const float* b, int64_t features) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < features; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

bool is_similar(float value) { return std::trunc(value) != 0; }

void check(int64_t pairs, int64_t features, const float* a, const float* b, const float* similar, const float* out) {
    atl::require(pairs >= 0 && features >= 0, "a negative size");
    atl::checked_product("pairs x features", {pairs, features});
    atl::require(
        out != nullptr && (pairs == 0 || (a != nullptr && b != nullptr && similar != nullptr)), "an array is NULL");
}

int64_t pairs_at_once(int64_t features) {
    return std::max<int64_t>(1, atl::kElementGrain / std::max<int64_t>(1, features));
}

}  // namespace

extern "C" atl_status atl_contrastive_loss_forward(int64_t pairs, int64_t features, float margin, int32_t legacy,
    const float* a, const float* b, const float* similar, float* loss) {
    return atl::guard([&] {
        check(pairs, features, a, b, similar, loss);
        const double sum = atl::parallel_sum(pairs, pairs_at_once(features), [=](int64_t begin, int64_t end) {
            double partial = 0;
            for (int64_t i = begin; i < end; ++i) {
                const float squared = squared_distance(a + i * features, b + i * features, features);
                const float gap = std::fmax(legacy ? margin - squared : margin - std::sqrt(squared), 0.0f);
                partial += is_similar(similar[i]) ? squared : legacy ? gap : gap * gap;
            }
            return partial;
        });
        loss[0] = static_cast<float>(sum / 2 / static_cast<double>(pairs > 0 ? pairs : 1));
    });
}

extern "C" atl_status atl_contrastive_loss_backward(int64_t pairs, int64_t features, float margin, int32_t legacy,
    float weight, const float* a, const float* b, const float* similar, float* da) {
    return atl::guard([&] {
        check(pairs, features, a, b, similar, da);
        const float scale = weight / static_cast<float>(pairs);
        atl::parallel_for(pairs, pairs_at_once(features), [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                const float *x = a + i * features, *y = b + i * features;
                float slope = scale;
                if (!is_similar(similar[i])) {
                    const float squared = squared_distance(x, y, features), distance = std::sqrt(squared);
                    const float gap = legacy ? margin - squared : margin - distance;
                    slope = gap <= 0 ? 0.0f : legacy ? -scale : -scale * gap / (distance + 1e-4f);
                }
                for (int64_t f = 0; f < features; ++f) da[i * features + f] = slope * (x[f] - y[f]);
            }
        });
    });
}
