#include "atl/label_logits.h"

#include <cstring>

#include "common/parallel.h"
#include "cpu/labels.h"
#include "margin/label_logit.h"

namespace {

namespace margin = atl::margin;

static_assert(static_cast<int>(ATL_LABEL_ADD) == margin::kAdd && static_cast<int>(ATL_LABEL_SCALE) == margin::kScale
        && static_cast<int>(ATL_LABEL_POWER) == margin::kPower && static_cast<int>(ATL_LABEL_ANGLE) == margin::kAngle,
    "the C enumeration and that of the formulas number the rules alike");
static_assert(static_cast<int>(ATL_ANGLE_CLAMPED) == margin::kClamped
        && static_cast<int>(ATL_ANGLE_LINEAR) == margin::kLinear
        && static_cast<int>(ATL_ANGLE_FOLDED) == margin::kFolded && static_cast<int>(ATL_ANGLE_EASY) == margin::kEasy,
    "the C enumeration and that of the formulas number the edges alike");

constexpr int64_t kNoLabel = -1;

atl::Labels checked(const atl_label_logits* spec, const float* labels) {
    atl::require(spec != nullptr && spec->m >= 0 && spec->n >= 1,
        "logits is NULL, or has a negative number of rows or no class");
    atl::checked_product("m x n", {spec->m, spec->n});
    atl::require(spec->rule >= ATL_LABEL_ADD && spec->rule <= ATL_LABEL_ANGLE, "unknown rule");
    atl::require(spec->edge >= ATL_ANGLE_CLAMPED && spec->edge <= ATL_ANGLE_EASY, "unknown edge");
    const atl::Labels of{labels, spec->m, spec->n, true, kNoLabel};
    of.check();
    return of;
}

// to = factor from; rows that stay where they are and as they are cost nothing.
void scale_row(int64_t n, float factor, const float* from, float* to) {
    if (factor != 1) {
#pragma omp simd
        for (int64_t j = 0; j < n; ++j) to[j] = factor * from[j];
    } else if (to != from) {
        std::memcpy(to, from, static_cast<size_t>(n) * sizeof(float));
    }
}

template <class Row>
void for_rows(const atl_label_logits& spec, const Row& row) {
    atl::parallel_for(spec.m, std::max<int64_t>(1, atl::kElementGrain / spec.n), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) row(i);
    });
}

}  // namespace

extern "C" atl_status atl_label_logits_forward(
    const atl_label_logits* spec, const float* x, const float* labels, float* y, float* state) {
    return atl::guard([&] {
        const atl::Labels label = checked(spec, labels);
        if (spec->m == 0) return;
        atl::require(x != nullptr && y != nullptr && state != nullptr, "an array is NULL");
        for_rows(*spec, [&](int64_t i) {
            const float* from = x + i * spec->n;
            float* to = y + i * spec->n;
            if (!label.counts(i)) return scale_row(spec->n, 1, from, to);
            const float s = from[label[i]];
            const bool stays = spec->only_positive != 0 && !(s > 0);
            const margin::LabelLogit logit = stays
                ? margin::LabelLogit{s, 1}
                : margin::label_logit(static_cast<margin::LabelRule>(spec->rule),
                    static_cast<margin::AngleEdge>(spec->edge), s, spec->a, spec->b, spec->c);
            const float value = static_cast<float>(logit.value), t = spec->hard;
            scale_row(spec->n, spec->others, from, to);
            if (t != 1) {
#pragma omp simd
                for (int64_t j = 0; j < spec->n; ++j) to[j] = to[j] > value ? t * to[j] + t - 1 : to[j];
            }
            to[label[i]] = value;
            const double limit = spec->slope_limit;
            state[i] = static_cast<float>(limit > 0 ? std::min(std::max(logit.slope, 0.0), limit) : logit.slope);
            state[spec->m + i] = value;
        });
    });
}

extern "C" atl_status atl_label_logits_backward(
    const atl_label_logits* spec, const float* x, const float* labels, const float* state, const float* dy, float* dx) {
    return atl::guard([&] {
        const atl::Labels label = checked(spec, labels);
        if (spec->m == 0) return;
        atl::require(dy != nullptr && dx != nullptr && state != nullptr && (spec->hard == 1 || x != nullptr),
            "an array is NULL");
        for_rows(*spec, [&](int64_t i) {
            const float* from = dy + i * spec->n;
            float* to = dx + i * spec->n;
            if (!label.counts(i)) return scale_row(spec->n, 1, from, to);
            const float at_label = from[label[i]] * state[i];
            scale_row(spec->n, spec->others, from, to);
            if (spec->hard != 1) {
                const float *row = x + i * spec->n, value = state[spec->m + i], t = spec->hard, others = spec->others;
#pragma omp simd
                for (int64_t j = 0; j < spec->n; ++j) to[j] = others * row[j] > value ? t * to[j] : to[j];
            }
            to[label[i]] = at_label;
        });
    });
}
