#include "atl/sigmoid_cross_entropy_loss.h"

#include <cmath>

#include "common/parallel.h"
#include "common/reduce.h"
#include "common/vector_math.h"
#include "cpu/labels.h"

namespace {

struct TargetLoss : atl_target_loss {
    TargetLoss(const atl_target_loss* of, const float* x, const float* t_, const float* out)
        : atl_target_loss(checked(of)), t(t_) {
        atl::require(out != nullptr && (count == 0 || (x != nullptr && t != nullptr)), "an array is NULL");
    }

    // Cut towards zero, as the label that it is compared with.
    bool counts(int64_t i) const { return !has_ignored || std::trunc(t[i]) != static_cast<float>(ignored); }

    double divisor() const {
        int64_t counted = 0;
        for (int64_t i = 0; i < count; ++i) counted += counts(i);
        return atl::loss_divisor(normalization, count, batch, counted);
    }

    const float* t;

private:
    static const atl_target_loss& checked(const atl_target_loss* of) {
        atl::require(of != nullptr && of->count >= 0, "loss_of is NULL or has a negative size");
        atl::checked_product("count", {of->count});
        return *of;
    }
};

}  // namespace

extern "C" atl_status atl_sigmoid_cross_entropy_loss_forward(
    const atl_target_loss* loss_of, const float* x, const float* t, float* loss) {
    return atl::guard([&] {
        const TargetLoss of(loss_of, x, t, loss);
        const double sum = atl::parallel_sum(of.count, 4096, [&](int64_t begin, int64_t end) {
            float partial = 0;
#pragma omp simd reduction(+ : partial)
            for (int64_t i = begin; i < end; ++i) {
                // ln(1 + e^-|x|) + max(x, 0) - t x, which neither over- nor underflows
                const float cost = atl::vm::log1p(atl::vm::exp(-std::fabs(x[i]))) + (x[i] > 0 ? x[i] : 0) - t[i] * x[i];
                partial += of.counts(i) ? cost : 0;
            }
            return static_cast<double>(partial);
        });
        loss[0] = static_cast<float>(sum / of.divisor());
    });
}

extern "C" atl_status atl_sigmoid_cross_entropy_loss_backward(
    const atl_target_loss* loss_of, float weight, const float* x, const float* t, float* dx) {
    return atl::guard([&] {
        const TargetLoss of(loss_of, x, t, dx);
        const float scale = static_cast<float>(weight / of.divisor());
        atl::parallel_for(of.count, atl::kElementGrain, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) dx[i] = of.counts(i) ? scale * (atl::vm::sigmoid(x[i]) - t[i]) : 0;
        });
    });
}
