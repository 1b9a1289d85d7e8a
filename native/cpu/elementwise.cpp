#include "atl/elementwise.h"

#include "common/guard.h"
#include "common/parallel.h"

namespace {

template <class F>
void map(int64_t count, const float* x, float* y, const F& f) {
    atl::parallel_for(count, atl::kElementGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) y[i] = f(x[i]);
    });
}

template <class F>
void map_gradient(int64_t count, const float* x, const float* y, const float* dy, float* dx, const F& f) {
    atl::parallel_for(count, atl::kElementGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) dx[i] = dy[i] * f(x[i], y[i]);
    });
}

}  // namespace

extern "C" atl_status atl_elementwise_forward(atl_elementwise f, int64_t count, float a, float b, float c, const float* x, float* y) {
    return atl::guard([&] {
        (void)b;
        (void)c;
        atl::require(count >= 0 && (count == 0 || (x != nullptr && y != nullptr)), "count is negative or an array is NULL");
        switch (f) {
            case ATL_RELU: return map(count, x, y, [a](float v) { return v > 0 ? v : a * v; });
        }
        throw atl::Error(ATL_INVALID_ARGUMENT, "unknown elementwise function");
    });
}

extern "C" atl_status atl_elementwise_backward(
    atl_elementwise f, int64_t count, float a, float b, float c, const float* x, const float* y, const float* dy, float* dx) {
    return atl::guard([&] {
        (void)b;
        (void)c;
        atl::require(count >= 0 && (count == 0 || (x != nullptr && y != nullptr && dy != nullptr && dx != nullptr)),
            "count is negative or an array is NULL");
        switch (f) {
            case ATL_RELU: return map_gradient(count, x, y, dy, dx, [a](float v, float) { return v > 0 ? 1.0f : a; });
        }
        throw atl::Error(ATL_INVALID_ARGUMENT, "unknown elementwise function");
    });
}
