#include "atl/solver_update.h"

#include <cmath>
#include <vector>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

struct Arrays {
    int64_t count;
    float *w, *diff, *first, *second;
};

struct Gradient {
    float clip_scale, mean_scale, decay;
};

float sign(float x) { return static_cast<float>(x > 0) - static_cast<float>(x < 0); }

// `step` maps (gradient, first history, second history) to what is taken off the weight, and updates the histories.
template <bool kSecond, atl_regularization kRegularization, class Step>
void pass(const Arrays& a, const Gradient& gradient, const Step& step) {
    atl::parallel_for(a.count, atl::kElementGrain, [&](int64_t begin, int64_t end) {
        float *const w = a.w, *const diff = a.diff, *const first = a.first, *const second = a.second;
        const Gradient by = gradient;
        const Step f = step;
#pragma omp simd
        for (int64_t i = begin; i < end; ++i) {
            float g = diff[i] * by.clip_scale * by.mean_scale;
            if (kRegularization == ATL_REGULARIZATION_L2) g += by.decay * w[i];
            if (kRegularization == ATL_REGULARIZATION_L1) g += by.decay * sign(w[i]);
            float h = first[i], k = kSecond ? second[i] : 0.0f;
            const float off = f(g, h, k);
            first[i] = h;
            if (kSecond) second[i] = k;
            diff[i] = off;
            w[i] -= off;
        }
    });
}

template <bool kSecond, class Step>
void update(const Arrays& a, atl_regularization regularization, const Gradient& gradient, const Step& step) {
    switch (regularization) {
        case ATL_REGULARIZATION_NONE: return pass<kSecond, ATL_REGULARIZATION_NONE>(a, gradient, step);
        case ATL_REGULARIZATION_L2: return pass<kSecond, ATL_REGULARIZATION_L2>(a, gradient, step);
        case ATL_REGULARIZATION_L1: return pass<kSecond, ATL_REGULARIZATION_L1>(a, gradient, step);
    }
    throw atl::Error(ATL_INVALID_ARGUMENT, "unknown regularization");
}

// Several sums side by side, since one would wait for itself at every element.
double sum_of_squares(const float* x, int64_t count) {
    constexpr int64_t kLanes = 32;
    double lanes[kLanes] = {};
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
        for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += static_cast<double>(x[i + lane]) * static_cast<double>(x[i + lane]);
    double sum = 0;
    for (; i < count; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    for (const double lane : lanes) sum += lane;
    return sum;
}

}  // namespace

extern "C" atl_status atl_solver_update(
    atl_solver_rule rule, int64_t count, float clip_scale, float mean_scale, atl_regularization regularization, float decay, float r,
    float m, float n, float d, float* w, float* diff, float* first_history, float* second_history) {
    return atl::guard([&] {
        const bool two = rule == ATL_SOLVER_ADADELTA || rule == ATL_SOLVER_ADAM;
        atl::require(
            count >= 0 && (count == 0 || (w != nullptr && diff != nullptr && first_history != nullptr && (!two || second_history != nullptr))),
            "count is negative or an array is NULL");
        const Arrays a{count, w, diff, first_history, second_history};
        const Gradient gradient{clip_scale, mean_scale, decay};
        switch (rule) {
            case ATL_SOLVER_SGD:
                return update<false>(a, regularization, gradient, [r, m](float g, float& h, float&) { return h = r * g + m * h; });
            case ATL_SOLVER_NESTEROV:
                return update<false>(a, regularization, gradient, [r, m](float g, float& h, float&) {
                    const float old = h;
                    h = r * g + m * h;
                    return (1 + m) * h - m * old;
                });
            case ATL_SOLVER_ADAGRAD:
                return update<false>(a, regularization, gradient, [r, d](float g, float& h, float&) {
                    h += g * g;
                    return r * (g / (std::sqrt(h) + d));
                });
            case ATL_SOLVER_RMSPROP:
                return update<false>(a, regularization, gradient, [r, n, d](float g, float& h, float&) {
                    h = (1 - n) * (g * g) + n * h;
                    return r * (g / (std::sqrt(h) + d));
                });
            case ATL_SOLVER_ADADELTA:
                return update<true>(a, regularization, gradient, [r, m, d](float g, float& h, float& k) {
                    h = (1 - m) * (g * g) + m * h;
                    const float s = g * std::sqrt((d + k) / (d + h));
                    k = (1 - m) * (s * s) + m * k;
                    return r * s;
                });
            case ATL_SOLVER_ADAM:
                return update<true>(a, regularization, gradient, [r, m, n, d](float g, float& h, float& k) {
                    h = (1 - m) * g + m * h;
                    k = (1 - n) * (g * g) + n * k;
                    return r * (h / (std::sqrt(k) + d));
                });
        }
        throw atl::Error(ATL_INVALID_ARGUMENT, "unknown solver rule");
    });
}

extern "C" atl_status atl_sum_of_squares(int64_t count, const float* x, double* sum) {
    return atl::guard([&] {
        atl::require(count >= 0 && sum != nullptr && (count == 0 || x != nullptr), "count is negative or an array is NULL");
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
