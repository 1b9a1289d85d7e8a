#include "atl/infogain_loss.h"

#include <cmath>

#include "common/parallel.h"
#include "common/reduce.h"
#include "cpu/labels.h"

namespace {

constexpr float kLeast = 1e-20f;

void check(const atl::LabelLoss& of, const float* p, const float* h, const float* out) {
    atl::checked_product("channels x channels", {of.channels, of.channels});
    atl::require(h != nullptr && out != nullptr && (of.positions() == 0 || p != nullptr), "an array is NULL");
}

}  // namespace

extern "C" atl_status atl_infogain_loss_forward(
    const atl_label_loss* loss_of, const float* p, const float* labels, const float* h, float* loss) {
    return atl::guard([&] {
        const atl::LabelLoss of(loss_of, labels);
        check(of, p, h, loss);
        const double sum = atl::parallel_sum(of.positions(), 256, [&](int64_t begin, int64_t end) {
            double partial = 0;
            for (int64_t i = begin; i < end; ++i) {
                if (!of.labels.counts(i)) continue;
                const float* row = h + of.labels[i] * of.channels;
                for (int64_t c = 0; c < of.channels; ++c) {
                    const float probability = p[of.at(i, c)];
                    partial -= row[c] * std::log(probability < kLeast ? kLeast : probability);  // NaN stays NaN
                }
            }
            return partial;
        });
        loss[0] = static_cast<float>(sum / of.divisor());
    });
}

extern "C" atl_status atl_infogain_loss_backward(
    const atl_label_loss* loss_of, float weight, const float* p, const float* labels, const float* h, float* dx) {
    return atl::guard([&] {
        const atl::LabelLoss of(loss_of, labels);
        check(of, p, h, dx);
        const float scale = static_cast<float>(weight / of.divisor());
        atl::parallel_for(of.positions(), 256, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                const bool counts = of.labels.counts(i);
                const float* row = counts ? h + of.labels[i] * of.channels : h;
                float sum = 0;
                for (int64_t c = 0; c < of.channels; ++c) sum += row[c];
                for (int64_t c = 0; c < of.channels; ++c)
                    dx[of.at(i, c)] = counts ? scale * (p[of.at(i, c)] * sum - row[c]) : 0.0f;
            }
        });
    });
}
