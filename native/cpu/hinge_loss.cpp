#include "atl/hinge_loss.h"

#include "common/parallel.h"
#include "common/reduce.h"
#include "cpu/labels.h"

namespace {

atl::Labels check(int64_t rows, int64_t classes, const float* x, const float* labels) {
    atl::require(rows >= 0 && classes >= 1 && (rows == 0 || x != nullptr), "a negative size, no class, or x is NULL");
    atl::checked_product("rows x classes", {rows, classes});
    const atl::Labels label{labels, rows, classes, false, 0};
    label.check();
    return label;
}

int64_t rows_at_once(int64_t classes) { return std::max<int64_t>(1, atl::kElementGrain / classes); }

}  // namespace

extern "C" atl_status atl_hinge_loss_forward(
    int64_t rows, int64_t classes, int32_t squared, const float* x, const float* labels, float* loss) {
    return atl::guard([&] {
        const atl::Labels label = check(rows, classes, x, labels);
        atl::require(loss != nullptr, "loss is NULL");
        const double sum = atl::parallel_sum(rows, rows_at_once(classes), [&](int64_t begin, int64_t end) {
            double partial = 0;
            for (int64_t r = begin; r < end; ++r) {
                const auto cost = [squared](float margin) {
                    return margin > 0 ? (squared ? margin * margin : margin) : 0.0f;
                };
                const float* row = x + r * classes;
                float of_row = 0;
                for (int64_t c = 0; c < classes; ++c) of_row += c == label[r] ? cost(1 - row[c]) : cost(1 + row[c]);
                partial += of_row;
            }
            return partial;
        });
        loss[0] = static_cast<float>(sum / static_cast<double>(std::max<int64_t>(1, rows)));
    });
}

extern "C" atl_status atl_hinge_loss_backward(
    int64_t rows, int64_t classes, int32_t squared, float weight, const float* x, const float* labels, float* dx) {
    return atl::guard([&] {
        const atl::Labels label = check(rows, classes, x, labels);
        atl::require(rows == 0 || dx != nullptr, "dx is NULL");
        const float scale = weight / static_cast<float>(std::max<int64_t>(1, rows));
        atl::parallel_for(rows, rows_at_once(classes), [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; ++r)
                for (int64_t c = 0; c < classes; ++c) {
                    const float sign = c == label[r] ? -1.0f : 1.0f, margin = 1 + sign * x[r * classes + c];
                    dx[r * classes + c] = margin > 0 ? sign * scale * (squared ? 2 * margin : 1) : 0;
                }
        });
    });
}
