#include "atl/elementwise.h"

#include <cmath>

#include "common/guard.h"
#include "common/parallel.h"
#include "common/vector_math.h"

namespace {

namespace vm = atl::vm;

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

// ln(1 + e^x) without overflow.
inline float softplus(float x) { return (x > 0 ? x : 0.0f) + vm::log1p(vm::exp(-std::fabs(x))); }

// Powers that need no pow: most nets square, take roots or only scale and shift.
template <class Sink>
void with_power(float power, const Sink& sink) {
    if (power == 0.0f) return sink([](float) { return 1.0f; });
    if (power == 1.0f) return sink([](float u) { return u; });
    if (power == 2.0f) return sink([](float u) { return u * u; });
    if (power == 3.0f) return sink([](float u) { return u * u * u; });
    if (power == 0.5f) return sink([](float u) { return std::sqrt(u); });
    if (power == -0.5f) return sink([](float u) { return 1.0f / std::sqrt(u); });
    if (power == -1.0f) return sink([](float u) { return 1.0f / u; });
    sink([power](float u) { return std::pow(u, power); });
}

}  // namespace

extern "C" atl_status atl_elementwise_forward(atl_elementwise f, int64_t count, float a, float b, float c, const float* x, float* y) {
    return atl::guard([&] {
        atl::require(count >= 0 && (count == 0 || (x != nullptr && y != nullptr)), "count is negative or an array is NULL");
        switch (f) {
            case ATL_RELU: return map(count, x, y, [a](float v) { return (v > 0 ? 1.0f : a) * v; });
            case ATL_RELU6: return map(count, x, y, [](float v) { return v > 6 ? 6.0f : v < 0 ? 0.0f : v; });
            case ATL_SIGMOID: return map(count, x, y, [](float v) { return vm::sigmoid(v); });
            case ATL_TANH: return map(count, x, y, [](float v) { return vm::tanh(v); });
            case ATL_ELU: return map(count, x, y, [a](float v) { const float e = a * vm::expm1(v); return v > 0 ? v : e; });
            case ATL_EXP: return map(count, x, y, [a, b](float v) { return b * vm::exp(a * v); });
            case ATL_ABS: return map(count, x, y, [](float v) { return std::fabs(v); });
            case ATL_BNLL: return map(count, x, y, [](float v) { return softplus(v); });
            case ATL_CLIP: return map(count, x, y, [a, b](float v) { return v > b ? b : v < a ? a : v; });
            case ATL_LOG: return map(count, x, y, [a, b, c](float v) { return a * vm::log(b * v + c); });
            case ATL_POWER:
                return with_power(a, [&](const auto& power) { map(count, x, y, [=](float v) { return power(b * v + c); }); });
            case ATL_SWISH: return map(count, x, y, [a](float v) { return v * vm::sigmoid(a * v); });
            case ATL_THRESHOLD: return map(count, x, y, [a](float v) { return v > a ? 1.0f : 0.0f; });
        }
        throw atl::Error(ATL_INVALID_ARGUMENT, "unknown elementwise function");
    });
}

extern "C" atl_status atl_elementwise_backward(
    atl_elementwise f, int64_t count, float a, float b, float c, const float* x, const float* y, const float* dy, float* dx) {
    return atl::guard([&] {
        atl::require(count >= 0 && (count == 0 || (dy != nullptr && dx != nullptr)), "count is negative or an array is NULL");
        switch (f) {
            case ATL_RELU: return map_gradient(count, a < 0 ? x : y, dy, dx, [a](float v) { return v > 0 ? 1.0f : a; });
            case ATL_RELU6: return map_gradient(count, y, dy, dx, [](float v) { return v > 0 && v < 6 ? 1.0f : 0.0f; });
            case ATL_SIGMOID: return map_gradient(count, y, dy, dx, [](float v) { return v * (1.0f - v); });
            case ATL_TANH: return map_gradient(count, y, dy, dx, [](float v) { return 1.0f - v * v; });
            case ATL_ELU:
                if (a < 0) return map_gradient(count, x, dy, dx, [a](float v) { const float e = a * vm::exp(v); return v > 0 ? 1.0f : e; });
                return map_gradient(count, y, dy, dx, [a](float v) { return v > 0 ? 1.0f : v + a; });
            case ATL_EXP: return map_gradient(count, y, dy, dx, [a](float v) { return a * v; });
            case ATL_ABS: return map_gradient(count, x, dy, dx, [](float v) { return v > 0 ? 1.0f : v < 0 ? -1.0f : 0.0f; });
            case ATL_BNLL: return map_gradient(count, x, dy, dx, [](float v) { return vm::sigmoid(v); });
            case ATL_CLIP: return map_gradient(count, x, dy, dx, [a, b](float v) { return v >= a && v <= b ? 1.0f : 0.0f; });
            case ATL_LOG: return map_gradient(count, x, dy, dx, [a, b, c](float v) { return a * b / (b * v + c); });
            case ATL_POWER: {
                const float factor = a * b;
                if (factor == 0 || a == 1) return map_gradient(count, dy, dy, dx, [factor](float) { return factor; });
                return with_power(a - 1, [&](const auto& power) {
                    map_gradient(count, x, dy, dx, [=](float v) { return factor * power(b * v + c); });
                });
            }
            case ATL_SWISH:
                return map_gradient(count, x, dy, dx, [a](float v) { const float s = vm::sigmoid(a * v); return s + a * v * s * (1.0f - s); });
            case ATL_THRESHOLD: break;
        }
        throw atl::Error(ATL_INVALID_ARGUMENT, "an elementwise function that is unknown or has no derivative");
    });
}
