#include "atl/elementwise.h"

#include "common/elementwise.h"
#include "common/guard.h"
#include "common/parallel.h"

namespace {

namespace elementwise = atl::elementwise;

static_assert(static_cast<int>(ATL_RELU) == elementwise::kRelu && static_cast<int>(ATL_RELU6) == elementwise::kRelu6
        && static_cast<int>(ATL_SIGMOID) == elementwise::kSigmoid && static_cast<int>(ATL_TANH) == elementwise::kTanh
        && static_cast<int>(ATL_ELU) == elementwise::kElu && static_cast<int>(ATL_EXP) == elementwise::kExp
        && static_cast<int>(ATL_ABS) == elementwise::kAbs && static_cast<int>(ATL_BNLL) == elementwise::kBnll
        && static_cast<int>(ATL_CLIP) == elementwise::kClip && static_cast<int>(ATL_LOG) == elementwise::kLog
        && static_cast<int>(ATL_POWER) == elementwise::kPower && static_cast<int>(ATL_SWISH) == elementwise::kSwish
        && static_cast<int>(ATL_THRESHOLD) == elementwise::kThreshold,
    "the C enumeration and that of the formulas number the functions alike");

// y = f(x), element by element.
template <class F>
void map(int64_t count, const float* x, float* y, const F& f) {
    atl::parallel_for(count, atl::kElementGrain, [=](int64_t begin, int64_t end) {
        const F own = f;  // on the stack, where no store to y can change its constants
#pragma omp simd
        for (int64_t i = begin; i < end; ++i) y[i] = own(x[i]);
    });
}

// dx = dy * f(v), where v is x or y, whichever the derivative is computed from.
template <class F>
void map_gradient(int64_t count, const float* v, const float* dy, float* dx, const F& f) {
    atl::require(count == 0 || v != nullptr, "the array that the derivative is computed from is NULL");
    atl::parallel_for(count, atl::kElementGrain, [=](int64_t begin, int64_t end) {
        const F own = f;
#pragma omp simd
        for (int64_t i = begin; i < end; ++i) dx[i] = dy[i] * own(v[i]);
    });
}

}  // namespace

extern "C" atl_status atl_elementwise_forward(
    atl_elementwise f, int64_t count, float a, float b, float c, const float* x, float* y) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(
            count >= 0 && (count == 0 || (x != nullptr && y != nullptr)), "count is negative or an array is NULL");
        if (!elementwise::with_function(f, {a, b, c}, [=](const auto& function) { map(count, x, y, function); }))
            throw atl::Error(ATL_INVALID_ARGUMENT, "unknown elementwise function");
    });
}

extern "C" atl_status atl_elementwise_backward(atl_elementwise f, int64_t count, float a, float b, float c,
    const float* x, const float* y, const float* dy, float* dx) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(
            count >= 0 && (count == 0 || (dy != nullptr && dx != nullptr)), "count is negative or an array is NULL");
        const elementwise::Constants k = {a, b, c};
        const elementwise::Source source = elementwise::source_of_slope(f, k);
        const float* v = source == elementwise::kFromX ? x : source == elementwise::kFromY ? y : dy;
        if (!elementwise::with_slope(f, k, [=](const auto& slope) { map_gradient(count, v, dy, dx, slope); }))
            throw atl::Error(ATL_INVALID_ARGUMENT, "an elementwise function that is unknown or has no derivative");
    });
}
