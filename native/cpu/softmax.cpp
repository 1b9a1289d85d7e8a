#include "atl/softmax.h"

#include <cfloat>
#include <cmath>

#include "common/guard.h"
#include "common/parallel.h"
#include "common/reduce.h"
#include "common/vector_math.h"
#include "cpu/labels.h"

namespace {

// Positions along `inner` that are worked on together, so that their maxima and sums stay in registers and the
// first-level cache.
constexpr int64_t kLanes = 64;
// Elements of a row between two rescalings of the running sum.
constexpr int64_t kRowChunk = 2048;

float max_of(const float* x, int64_t count) {
    float most = x[0];
#pragma omp simd reduction(max : most)
    for (int64_t i = 0; i < count; ++i) most = x[i] > most ? x[i] : most;
    return most;
}

float sum_exp(const float* x, int64_t count, float shift) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < count; ++i) sum += atl::vm::exp(x[i] - shift);
    return sum;
}

// The maximum of a row and 1 / sum exp(x - maximum), reading the row once from memory: the sum is rescaled when the
// maximum grows.
void row_stats(const float* x, int64_t channels, float& shift, float& inverse) {
    float most = max_of(x, std::min(kRowChunk, channels));
    double sum = 0;
    for (int64_t c = 0; c < channels; c += kRowChunk) {
        const int64_t count = std::min(kRowChunk, channels - c);
        const float here = max_of(x + c, count);
        if (here > most) {
            sum *= std::exp(static_cast<double>(most) - here);
            most = here;
        }
        sum += sum_exp(x + c, count, most);
    }
    shift = most;
    inverse = static_cast<float>(1 / sum);
}

// The same for `lanes` rows that lie side by side, `inner` elements from one channel to the next.
void lane_stats(const float* x, int64_t channels, int64_t inner, int64_t lanes, float* shift, float* inverse) {
    float sum[kLanes] = {};
    for (int64_t l = 0; l < lanes; ++l) shift[l] = x[l];
    for (int64_t c = 1; c < channels; ++c)
        for (int64_t l = 0; l < lanes; ++l) shift[l] = x[c * inner + l] > shift[l] ? x[c * inner + l] : shift[l];
    for (int64_t c = 0; c < channels; ++c)
        for (int64_t l = 0; l < lanes; ++l) sum[l] += atl::vm::exp(x[c * inner + l] - shift[l]);
    for (int64_t l = 0; l < lanes; ++l) inverse[l] = 1 / sum[l];
}

// Calls body(first, lanes, position) for groups of at most kLanes neighbouring positions: `first` is the offset of the
// group's first element in the scores, `position` its index among the outer x inner positions.
template <class Body>
void for_each_group(int64_t outer, int64_t channels, int64_t inner, const Body& body) {
    const int64_t groups = (inner + kLanes - 1) / kLanes, size = channels * std::min(inner, kLanes);
    atl::parallel_for(
        outer * groups, std::max<int64_t>(1, 4096 / std::max<int64_t>(1, size)), [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                const int64_t o = i / groups, s = i % groups * kLanes;
                body(o * channels * inner + s, std::min(kLanes, inner - s), o * inner + s);
            }
        });
}

void stats_of_group(const float* x, int64_t channels, int64_t inner, int64_t lanes, float* shift, float* inverse) {
    if (inner == 1) row_stats(x, channels, *shift, *inverse);
    else lane_stats(x, channels, inner, lanes, shift, inverse);
}

void check(int64_t outer, int64_t channels, int64_t inner) {
    atl::require(outer >= 0 && channels >= 1 && inner >= 0, "a negative size, or no channel");
    atl::checked_product("outer x channels x inner", {outer, channels, inner});
}

}  // namespace

extern "C" atl_status atl_softmax_forward(int64_t outer, int64_t channels, int64_t inner, const float* x, float* y) {
    return atl::guard([&] {
        check(outer, channels, inner);
        atl::require(outer * inner == 0 || (x != nullptr && y != nullptr), "an array is NULL");
        for_each_group(outer, channels, inner, [=](int64_t first, int64_t lanes, int64_t) {
            const float* from = x + first;
            float* to = y + first;
            if (inner == 1) {
                const float shift = max_of(from, channels);
                float sum = 0;
#pragma omp simd reduction(+ : sum)
                for (int64_t c = 0; c < channels; ++c) sum += to[c] = atl::vm::exp(from[c] - shift);
                const float inverse = 1 / sum;
                for (int64_t c = 0; c < channels; ++c) to[c] *= inverse;
                return;
            }
            float shift[kLanes], inverse[kLanes];
            lane_stats(from, channels, inner, lanes, shift, inverse);
            for (int64_t c = 0; c < channels; ++c)
                for (int64_t l = 0; l < lanes; ++l)
                    to[c * inner + l] = atl::vm::exp(from[c * inner + l] - shift[l]) * inverse[l];
        });
    });
}

extern "C" atl_status atl_softmax_backward(
    int64_t outer, int64_t channels, int64_t inner, const float* y, const float* dy, float* dx) {
    return atl::guard([&] {
        check(outer, channels, inner);
        atl::require(outer * inner == 0 || (y != nullptr && dy != nullptr && dx != nullptr), "an array is NULL");
        for_each_group(outer, channels, inner, [=](int64_t first, int64_t lanes, int64_t) {
            const float *p = y + first, *g = dy + first;
            float* to = dx + first;
            if (inner == 1) {
                float dot = 0;
#pragma omp simd reduction(+ : dot)
                for (int64_t c = 0; c < channels; ++c) dot += p[c] * g[c];
                for (int64_t c = 0; c < channels; ++c) to[c] = p[c] * (g[c] - dot);
                return;
            }
            float dot[kLanes] = {};
            for (int64_t c = 0; c < channels; ++c)
                for (int64_t l = 0; l < lanes; ++l) dot[l] += p[c * inner + l] * g[c * inner + l];
            for (int64_t c = 0; c < channels; ++c)
                for (int64_t l = 0; l < lanes; ++l) to[c * inner + l] = p[c * inner + l] * (g[c * inner + l] - dot[l]);
        });
    });
}

extern "C" atl_status atl_softmax_loss_forward(
    const atl_label_loss* loss_of, const float* x, const float* labels, float* stats, float* loss) {
    return atl::guard([&] {
        const atl::LabelLoss of(loss_of, labels);
        const int64_t positions = of.positions(), channels = of.channels, inner = of.inner;
        atl::require(loss != nullptr && (positions == 0 || (x != nullptr && stats != nullptr)), "an array is NULL");
        for_each_group(of.outer, channels, inner, [=](int64_t first, int64_t lanes, int64_t position) {
            stats_of_group(x + first, channels, inner, lanes, stats + position, stats + positions + position);
        });
        const double sum = atl::parallel_sum(positions, 1024, [&](int64_t begin, int64_t end) {
            double partial = 0;
            for (int64_t i = begin; i < end; ++i) {
                if (!of.labels.counts(i)) continue;
                const float p = atl::vm::exp(x[of.at(i, of.labels[i])] - stats[i]) * stats[positions + i];
                partial -= std::log(p < FLT_MIN ? FLT_MIN : p);  // NaN stays NaN
            }
            return partial;
        });
        loss[0] = static_cast<float>(sum / of.divisor());
    });
}

extern "C" atl_status atl_softmax_loss_backward(
    const atl_label_loss* loss_of, float weight, const float* x, const float* labels, const float* stats, float* dx) {
    return atl::guard([&] {
        const atl::LabelLoss of(loss_of, labels);
        const int64_t positions = of.positions(), channels = of.channels, inner = of.inner;
        atl::require(positions == 0 || (x != nullptr && stats != nullptr && dx != nullptr), "an array is NULL");
        const float scale = static_cast<float>(weight / of.divisor());
        for_each_group(of.outer, channels, inner,
            [&of, x, stats, dx, positions, channels, inner, scale](int64_t first, int64_t lanes, int64_t position) {
                const float* from = x + first;
                float* to = dx + first;
                const float *shift = stats + position, *inverse = stats + positions + position;
                float factor[kLanes] = {};  // 0 where the label is ignored
                for (int64_t l = 0; l < lanes; ++l) factor[l] = of.labels.counts(position + l) ? scale : 0.0f;
                if (inner == 1) {
                    if (factor[0] == 0) {
                        std::fill(to, to + channels, 0.0f);
                    } else {
                        const float subtract = shift[0], times = inverse[0] * scale;
                        for (int64_t c = 0; c < channels; ++c) to[c] = atl::vm::exp(from[c] - subtract) * times;
                    }
                } else {
                    for (int64_t c = 0; c < channels; ++c)
                        for (int64_t l = 0; l < lanes; ++l)
                            to[c * inner + l] = factor[l] == 0
                                ? 0
                                : atl::vm::exp(from[c * inner + l] - shift[l]) * (inverse[l] * factor[l]);
                }
                for (int64_t l = 0; l < lanes; ++l)
                    if (factor[l] != 0) to[of.labels[position + l] * inner + l] -= factor[l];
            });
    });
}
