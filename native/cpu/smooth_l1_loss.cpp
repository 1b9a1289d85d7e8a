#include "atl/smooth_l1_loss.h"

#include <cmath>

#include "common/guard.h"
#include "common/reduce.h"

namespace {

void check(int64_t count, float sigma, const float* a, const float* b, const float* result) {
    atl::checked_product("count", {count});
    atl::require(count >= 0 && sigma > 0, "a negative count, or a sigma that is not above 0");
    atl::require(count == 0 || (a != nullptr && b != nullptr && result != nullptr), "an array is NULL");
}

inline float weight(const float* weights, int64_t i) { return weights == nullptr ? 1.0f : weights[i]; }

}  // namespace

extern "C" atl_status atl_smooth_l1_loss_forward(int64_t count, float sigma, float divisor, const float* a,
    const float* b, const float* inside, const float* outside, float* loss) {
    return atl::guard([&] {
        check(count, sigma, a, b, loss);
        atl::require(divisor > 0 && loss != nullptr, "a divisor that is not above 0, or loss is NULL");
        const float square = sigma * sigma;
        const double sum = atl::parallel_sum(count, atl::kElementGrain, [=](int64_t begin, int64_t end) {
            double part = 0;
            for (int64_t i = begin; i < end; ++i) {
                const float d = weight(inside, i) * (a[i] - b[i]), size = std::fabs(d);
                part += static_cast<double>(
                    weight(outside, i) * (size < 1 / square ? 0.5f * square * d * d : size - 0.5f / square));
            }
            return part;
        });
        *loss = static_cast<float>(sum / divisor);
    });
}

extern "C" atl_status atl_smooth_l1_loss_backward(int64_t count, float sigma, float factor, const float* a,
    const float* b, const float* inside, const float* outside, float* da) {
    return atl::guard([&] {
        check(count, sigma, a, b, da);
        const float square = sigma * sigma;
        atl::parallel_for(count, atl::kElementGrain, [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                const float d = weight(inside, i) * (a[i] - b[i]);
                const float slope =
                    std::fabs(d) < 1 / square ? square * d : static_cast<float>(d > 0) - static_cast<float>(d < 0);
                da[i] = factor * weight(outside, i) * weight(inside, i) * slope;
            }
        });
    });
}
