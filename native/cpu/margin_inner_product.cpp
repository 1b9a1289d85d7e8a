#include "atl/margin_inner_product.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "common/guard.h"
#include "common/parallel.h"
#include "cpu/gemm.h"
#include "cpu/row_ranges.h"
#include "cpu/unit_rows.h"
#include "margin/margin.h"

namespace {

namespace margin = atl::margin;

static_assert(static_cast<int>(ATL_MARGIN_SINGLE) == margin::kSingle
        && static_cast<int>(ATL_MARGIN_DOUBLE) == margin::kDouble
        && static_cast<int>(ATL_MARGIN_TRIPLE) == margin::kTriple
        && static_cast<int>(ATL_MARGIN_QUADRUPLE) == margin::kQuadruple,
    "the C enumeration and that of the formulas number the margins alike");

int64_t rows_per_thread(int64_t row) { return std::max<int64_t>(1, atl::kElementGrain / std::max<int64_t>(1, row)); }

float largest(const float* first, const float* last) {
    float most = -std::numeric_limits<float>::infinity();
    const int64_t count = last - first;
#pragma omp simd reduction(max : most)
    for (int64_t i = 0; i < count; ++i) most = first[i] > most ? first[i] : most;
    return most;
}

void check_sizes(int64_t m, int64_t n, int64_t k) {
    atl::require(m >= 0 && n >= 1 && k >= 1, "m must be >= 0, n and k >= 1");
    atl::checked_product("m x k", {m, k});
    atl::checked_product("n x k", {n, k});
    atl::checked_product("m x n", {m, n});
}

margin::Type checked(const atl_margin* spec) {
    atl::require(spec != nullptr, "margin is NULL");
    check_sizes(spec->m, spec->n, spec->k);
    atl::require(spec->type >= ATL_MARGIN_SINGLE && spec->type <= ATL_MARGIN_QUADRUPLE, "unknown margin type");
    return static_cast<margin::Type>(spec->type);
}

void check_labels(int64_t m, int64_t n, const float* label) {
    for (int64_t i = 0; i < m; ++i)
        if (!(label[i] >= 0 && label[i] < static_cast<float>(n)) || label[i] != std::floor(label[i])
            || static_cast<int64_t>(label[i]) >= n)
            throw atl::Error(ATL_INVALID_ARGUMENT,
                "sample " + std::to_string(i) + " has the label " + std::to_string(label[i])
                    + ", expected an integer in [0, " + std::to_string(n) + ")");
}

// Adds to dx what the margin changes in the plain inner product's gradient, or clears it where the sample gets none.
void finish_gradient(margin::Type type, bool exact, int64_t k, float lambda, int64_t y, const float* x, const float* w,
    float norm, float dot, bool kept, const float* dlogits, float* dx) {
    if (!kept) {
        std::fill(dx, dx + k, 0.0f);
        return;
    }
    if (type == margin::kSingle) return;
    const margin::Coefficients<float> c = margin::label_gradient(type, exact, lambda, dot, norm);
    const float row = dlogits[y] * (c.row - 1), sample = dlogits[y] * c.sample;
    for (int64_t j = 0; j < k; ++j) dx[j] += row * w[y * k + j] + sample * x[j];
}

}  // namespace

extern "C" atl_status atl_margin_lambda(
    float base, float gamma, float power, float lambda_min, int64_t t, float* lambda) {
    return atl::guard([&] {
        atl::require(lambda != nullptr, "lambda is NULL");
        const double value = margin::lambda(base, gamma, power, lambda_min, static_cast<double>(t));
        if (!(value >= 0 && value <= std::numeric_limits<float>::max()))
            throw atl::Error(ATL_INVALID_ARGUMENT,
                "lambda is " + std::to_string(value) + " at forward " + std::to_string(t)
                    + ", expected a finite number >= 0");
        *lambda = static_cast<float>(value);
    });
}

extern "C" atl_status atl_margin_forward(
    const atl_margin* spec, float lambda, const float* x, const float* label, float* w, float* logits, float* state) {
    return atl::guard([&] {
        const margin::Type type = checked(spec);
        const int64_t m = spec->m, n = spec->n, k = spec->k;
        if (m == 0) return;
        atl::require(x != nullptr && label != nullptr && w != nullptr && logits != nullptr && state != nullptr,
            "an array is NULL");
        check_labels(m, n, label);
        atl::for_row_ranges(m, n, [&](int64_t begin, int64_t end) {
            atl::unit_rows(end - begin, k, w + begin * k);
            atl::gemm(false, true, m, end - begin, k, 1, x, k, w + begin * k, k, 0, logits + begin, n);
        });
        float *norms = state, *dots = state + m, *kept = state + 2 * m;
        const bool mines = spec->semihard != 0;
        atl::parallel_for(m, rows_per_thread(mines ? k + n : k), [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                float *row = logits + i * n, *at_label = row + static_cast<int64_t>(label[i]);
                const float norm = static_cast<float>(std::sqrt(atl::sum_of_squares(k, x + i * k))), dot = *at_label;
                const float with_margin = margin::label_logit(type, lambda, dot, norm);
                bool keeps = margin::gives_gradient(type, norm);
                if (keeps && mines) {
                    const float before = largest(row, at_label), after = largest(at_label + 1, row + n);
                    keeps = margin::keeps_gradient(
                        type, margin::label_wins(with_margin, before, after), margin::label_wins(dot, before, after));
                }
                *at_label = with_margin;
                norms[i] = norm;
                dots[i] = dot;
                kept[i] = keeps ? 1.0f : 0.0f;
            }
        });
    });
}

extern "C" atl_status atl_margin_backward(const atl_margin* spec, float lambda, const float* x, const float* label,
    const float* w, const float* state, const float* dlogits, float* dx, float* dw) {
    return atl::guard([&] {
        const margin::Type type = checked(spec);
        const int64_t m = spec->m, n = spec->n, k = spec->k;
        if (m == 0) return;
        atl::require(x != nullptr && label != nullptr && w != nullptr && state != nullptr && dlogits != nullptr,
            "an array is NULL");
        check_labels(m, n, label);
        if (dw != nullptr)
            atl::for_row_ranges(m, n, [&](int64_t begin, int64_t end) {
                atl::gemm(true, false, end - begin, k, m, 1, dlogits + begin, n, x, k, 1, dw + begin * k, k);
            });
        if (dx == nullptr) return;
        atl::gemm(false, false, m, k, n, 1, dlogits, n, w, k, 0, dx, k);
        const float *norms = state, *dots = state + m, *kept = state + 2 * m;
        atl::parallel_for(m, rows_per_thread(2 * k), [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
                finish_gradient(type, spec->exact_gradient != 0, k, lambda, static_cast<int64_t>(label[i]), x + i * k,
                    w, norms[i], dots[i], kept[i] != 0, dlogits + i * n, dx + i * k);
        });
    });
}

extern "C" atl_status atl_margin_replace_rows(
    int64_t m, int64_t n, int64_t k, const float* x, const float* label, uint64_t key, uint64_t position, float* w) {
    return atl::guard([&] {
        check_sizes(m, n, k);
        if (m == 0) return;
        atl::require(x != nullptr && label != nullptr && w != nullptr, "an array is NULL");
        check_labels(m, n, label);
        for (int64_t i = 0; i < m; ++i)
            if (margin::draws_replacement(key, position + static_cast<uint64_t>(i)))
                std::memcpy(w + static_cast<int64_t>(label[i]) * k, x + i * k, static_cast<size_t>(k) * sizeof(float));
    });
}
