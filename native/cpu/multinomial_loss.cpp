#include "atl/multinomial_loss.h"

#include <cmath>

#include "cpu/labels.h"

namespace {

constexpr float kLeast = 1e-20f;

atl::Labels check(int64_t rows, int64_t classes, const float* p, const float* labels) {
    atl::require(rows >= 0 && classes >= 1 && (rows == 0 || p != nullptr), "a negative size, no class, or p is NULL");
    atl::checked_product("rows x classes", {rows, classes});
    const atl::Labels label{labels, rows, classes, false, 0};
    label.check();
    return label;
}

}  // namespace

extern "C" atl_status atl_multinomial_loss_forward(
    int64_t rows, int64_t classes, const float* p, const float* labels, float* loss) {
    return atl::guard([&] {
        const atl::Labels label = check(rows, classes, p, labels);
        atl::require(loss != nullptr, "loss is NULL");
        double sum = 0;
        for (int64_t r = 0; r < rows; ++r) {
            const float own = p[r * classes + label[r]];
            sum -= std::log(own < kLeast ? kLeast : own);  // NaN stays NaN
        }
        loss[0] = static_cast<float>(sum / static_cast<double>(std::max<int64_t>(1, rows)));
    });
}

extern "C" atl_status atl_multinomial_loss_backward(
    int64_t rows, int64_t classes, float weight, const float* p, const float* labels, float* dp) {
    return atl::guard([&] {
        const atl::Labels label = check(rows, classes, p, labels);
        atl::require(rows == 0 || dp != nullptr, "dp is NULL");
        std::fill(dp, dp + rows * classes, 0.0f);
        for (int64_t r = 0; r < rows; ++r) {
            const int64_t at = r * classes + label[r];
            dp[at] = -weight / static_cast<float>(rows) / (p[at] < kLeast ? kLeast : p[at]);
        }
    });
}
