#include "atl/eltwise.h"

#include "common/guard.h"
#include "common/parallel.h"

namespace {

// The arrays are gone through in pieces that stay in the first-level cache, so that memory is read and written once
// however many arrays there are.
constexpr int64_t kPiece = 2048;

template <class Body>
void for_pieces(int64_t count, const Body& body) {
    atl::parallel_for(count, atl::kElementGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i += kPiece) body(i, std::min(end, i + kPiece));
    });
}

// The index of the array that holds the maximum at i.
inline int32_t argmax(int32_t inputs, const float* const* x, int64_t i) {
    int32_t best = x[0][i] > x[1][i] ? 0 : 1;
    for (int32_t j = 2; j < inputs; ++j)
        if (x[j][i] > x[best][i]) best = j;
    return best;
}

void forward_piece(atl_eltwise operation, int64_t begin, int64_t end, int32_t inputs, const float* const* x,
    const float* coefficients, float* y) {
    const float *first = x[0], *second = x[1];
    switch (operation) {
        case ATL_ELTWISE_PROD:
#pragma omp simd
            for (int64_t i = begin; i < end; ++i) y[i] = first[i] * second[i];
            break;
        case ATL_ELTWISE_SUM: {
            const float a = coefficients[0], b = coefficients[1];
#pragma omp simd
            for (int64_t i = begin; i < end; ++i) y[i] = a * first[i] + b * second[i];
            break;
        }
        case ATL_ELTWISE_MAX:
#pragma omp simd
            for (int64_t i = begin; i < end; ++i) y[i] = first[i] > second[i] ? first[i] : second[i];
            break;
    }
    for (int32_t j = 2; j < inputs; ++j) {
        const float* next = x[j];
        switch (operation) {
            case ATL_ELTWISE_PROD:
#pragma omp simd
                for (int64_t i = begin; i < end; ++i) y[i] *= next[i];
                break;
            case ATL_ELTWISE_SUM: {
                const float a = coefficients[j];
#pragma omp simd
                for (int64_t i = begin; i < end; ++i) y[i] += a * next[i];
                break;
            }
            case ATL_ELTWISE_MAX:
#pragma omp simd
                for (int64_t i = begin; i < end; ++i) y[i] = next[i] > y[i] ? next[i] : y[i];
                break;
        }
    }
}

void product_gradient(
    int64_t begin, int64_t end, int32_t inputs, const float* const* x, int32_t own, const float* dy, float* dx) {
    std::copy(dy + begin, dy + end, dx + begin);
    for (int32_t j = 0; j < inputs; ++j) {
        if (j == own) continue;
        const float* other = x[j];
#pragma omp simd
        for (int64_t i = begin; i < end; ++i) dx[i] *= other[i];
    }
}

void check(atl_eltwise operation, int64_t count, int32_t inputs) {
    atl::checked_product("count", {count});
    atl::require(count >= 0 && inputs >= 2, "count is negative or there are fewer than two inputs");
    atl::require(operation == ATL_ELTWISE_PROD || operation == ATL_ELTWISE_SUM || operation == ATL_ELTWISE_MAX,
        "unknown eltwise operation");
}

}  // namespace

extern "C" atl_status atl_eltwise_forward(
    atl_eltwise operation, int64_t count, int32_t inputs, const float* const* x, const float* coefficients, float* y) {
    return atl::guard([&] {
        check(operation, count, inputs);
        atl::require(x != nullptr && y != nullptr && (operation != ATL_ELTWISE_SUM || coefficients != nullptr),
            "an array is NULL");
        for (int32_t j = 0; j < inputs; ++j) atl::require(x[j] != nullptr, "an input is NULL");
        for (int32_t j = 1; j < inputs; ++j) atl::require(x[j] != y, "only the first input may be overwritten");
        for_pieces(count,
            [&](int64_t begin, int64_t end) { forward_piece(operation, begin, end, inputs, x, coefficients, y); });
    });
}

extern "C" atl_status atl_eltwise_backward(atl_eltwise operation, int64_t count, int32_t inputs, const float* const* x,
    const float* coefficients, int32_t stable, const float* y, const float* dy, float* const* dx) {
    return atl::guard([&] {
        check(operation, count, inputs);
        atl::require(dy != nullptr && dx != nullptr, "an array is NULL");
        if (operation == ATL_ELTWISE_SUM) {
            atl::require(coefficients != nullptr, "coefficients is NULL");
            for_pieces(count, [&](int64_t begin, int64_t end) {
                for (int32_t j = inputs - 1; j >= 0; --j) {
                    float* out = dx[j];
                    if (out == nullptr) continue;
                    const float a = coefficients[j];
#pragma omp simd
                    for (int64_t i = begin; i < end; ++i) out[i] = a * dy[i];
                }
            });
            return;
        }
        atl::require(x != nullptr, "x is NULL");
        for (int32_t j = 0; j < inputs; ++j) atl::require(x[j] != nullptr, "an input is NULL");
        if (operation == ATL_ELTWISE_MAX) {
            for_pieces(count, [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    const int32_t best = argmax(inputs, x, i);
                    for (int32_t j = 0; j < inputs; ++j)
                        if (dx[j] != nullptr) dx[j][i] = j == best ? dy[i] : 0.0f;
                }
            });
            return;
        }
        atl::require(stable != 0 || y != nullptr, "y is NULL");
        for_pieces(count, [&](int64_t begin, int64_t end) {
            for (int32_t j = 0; j < inputs; ++j) {
                float* out = dx[j];
                if (out == nullptr) continue;
                if (stable != 0) {
                    product_gradient(begin, end, inputs, x, j, dy, out);
                } else {
                    const float* own = x[j];
#pragma omp simd
                    for (int64_t i = begin; i < end; ++i) out[i] = y[i] / own[i] * dy[i];
                }
            }
        });
    });
}
