#include "atl/solver_update.h"

#include <vector>

#include "common/guard.h"
#include "common/parallel.h"
#include "common/solver_rules.h"

namespace {

namespace solver = atl::solver;

static_assert(static_cast<int>(ATL_SOLVER_SGD) == solver::kSgd
        && static_cast<int>(ATL_SOLVER_NESTEROV) == solver::kNesterov
        && static_cast<int>(ATL_SOLVER_ADAGRAD) == solver::kAdaGrad
        && static_cast<int>(ATL_SOLVER_RMSPROP) == solver::kRmsProp
        && static_cast<int>(ATL_SOLVER_ADADELTA) == solver::kAdaDelta
        && static_cast<int>(ATL_SOLVER_ADAM) == solver::kAdam,
    "the C enumeration and that of the formulas number the rules alike");
static_assert(static_cast<int>(ATL_REGULARIZATION_NONE) == solver::kNone
        && static_cast<int>(ATL_REGULARIZATION_L2) == solver::kL2
        && static_cast<int>(ATL_REGULARIZATION_L1) == solver::kL1,
    "the C enumeration and that of the formulas number the regularizations alike");

struct Arrays {
    int64_t count;
    float *w, *diff, *first, *second;
};

template <int kRegularization, class Rule>
void pass(const Arrays& a, const solver::Gradient& gradient, const Rule& rule) {
    constexpr bool kSecond = Rule::kSecond;
    atl::parallel_for(a.count, atl::kElementGrain, [&](int64_t begin, int64_t end) {
        float *const w = a.w, *const diff = a.diff, *const first = a.first, *const second = a.second;
        const solver::Gradient by = gradient;
        const Rule f = rule;
#pragma omp simd
        for (int64_t i = begin; i < end; ++i) {
            const float g = by.of<kRegularization>(diff[i], w[i]);
            float h = first[i], k = kSecond ? second[i] : 0.0f;
            const float off = f(g, h, k);
            first[i] = h;
            if (kSecond) second[i] = k;
            diff[i] = off;
            w[i] -= off;
        }
    });
}

template <class Rule>
void update(const Arrays& a, atl_regularization regularization, const solver::Gradient& gradient, const Rule& rule) {
    switch (regularization) {
        case ATL_REGULARIZATION_NONE: return pass<solver::kNone>(a, gradient, rule);
        case ATL_REGULARIZATION_L2: return pass<solver::kL2>(a, gradient, rule);
        case ATL_REGULARIZATION_L1: return pass<solver::kL1>(a, gradient, rule);
    }
    throw atl::Error(ATL_INVALID_ARGUMENT, "unknown regularization");
}

// Several sums side by side, since one would wait for itself at every element.
double sum_of_squares(const float* x, int64_t count) {
    constexpr int64_t kLanes = 32;
    double lanes[kLanes] = {};
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
        for (int64_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] += static_cast<double>(x[i + lane]) * static_cast<double>(x[i + lane]);
    double sum = 0;
    for (; i < count; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    for (const double lane : lanes) sum += lane;
    return sum;
}

}  // namespace

extern "C" atl_status atl_solver_update(
    const atl_solver_step* step, float* w, float* diff, float* first_history, float* second_history) {
    return atl::guard([&] {
        atl::require(step != nullptr, "the step is NULL");
        const auto& [count, rule, regularization, clip_scale, mean_scale, decay, rate, momentum, momentum2, delta] =
            *step;
        const bool two = rule == ATL_SOLVER_ADADELTA || rule == ATL_SOLVER_ADAM;
        atl::checked_product("count", {count});
        atl::require(count >= 0
                && (count == 0
                    || (w != nullptr && diff != nullptr && first_history != nullptr
                        && (!two || second_history != nullptr))),
            "count is negative or an array is NULL");
        const Arrays a{count, w, diff, first_history, second_history};
        const solver::Gradient gradient{clip_scale, mean_scale, decay};
        const atl_regularization added = regularization;
        if (!solver::with_rule(
                rule, {rate, momentum, momentum2, delta}, [&](const auto& by) { update(a, added, gradient, by); }))
            throw atl::Error(ATL_INVALID_ARGUMENT, "unknown solver rule");
    });
}

extern "C" atl_status atl_sum_of_squares(int64_t count, const float* x, double* sum) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(
            count >= 0 && sum != nullptr && (count == 0 || x != nullptr), "count is negative or an array is NULL");
        // Chunks of a fixed size, summed up in their order: the number of threads does not show in the result.
        constexpr int64_t kChunk = 1 << 15;
        const int64_t chunks = (count + kChunk - 1) / kChunk;
        std::vector<double> parts(static_cast<size_t>(chunks));
        atl::parallel_for(chunks, 1, [&](int64_t begin, int64_t end) {
            for (int64_t c = begin; c < end; ++c) {
                const int64_t last = std::min(count, (c + 1) * kChunk);
                parts[static_cast<size_t>(c)] = sum_of_squares(x + c * kChunk, last - c * kChunk);
            }
        });
        double total = 0;
        for (const double part : parts) total += part;
        *sum = total;
    });
}
