// exp, expm1, log, log1p, tanh and sigmoid of floats without branches, so that loops over them become vector code, on
// the host and in CUDA kernels. Each is within 2.5 ulp (exp, expm1, log, log1p: 2) of the true value over its whole
// range, infinities and NaN included (tests/Atl.Tests/Operators/VectorMathTests.cs).
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "host_device.h"

namespace atl {
namespace vm {

ATL_HOST_DEVICE inline float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

ATL_HOST_DEVICE inline uint32_t to_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

// ln 2 with its last bits cleared: its products with small whole numbers are exact
constexpr float kLn2High = 0.693145752f;
constexpr float kLn2Low = 1.42860677e-6f;  // ln 2 - kLn2High
constexpr float kRounder = 12582912.0f;    // 1.5 * 2^23: adding it leaves the nearest whole number in the low bits
constexpr uint32_t kRounderBits = 0x4B400000u;

// 2^n for -126 <= n <= 127.
ATL_HOST_DEVICE inline float power_of_two(int32_t n) { return from_bits(static_cast<uint32_t>(n + 127) << 23); }

// x = n ln 2 + r with |r| <= ln 2 / 2.
ATL_HOST_DEVICE inline float reduce(float x, int32_t& n) {
    const float shifted = fmaf(x, 1.44269504f, kRounder), whole = shifted - kRounder;
    n = static_cast<int32_t>(to_bits(shifted) - kRounderBits);
    return fmaf(-whole, kLn2Low, fmaf(-whole, kLn2High, x));
}

// e^r - 1 - r for |r| <= ln 2 / 2: the Taylor series, whose rest is below 2^-28.
ATL_HOST_DEVICE inline float exp_tail(float r) {
    float p = 1.0f / 5040;
    p = fmaf(p, r, 1.0f / 720);
    p = fmaf(p, r, 1.0f / 120);
    p = fmaf(p, r, 1.0f / 24);
    p = fmaf(p, r, 1.0f / 6);
    p = fmaf(p, r, 0.5f);
    return p * (r * r);
}

ATL_HOST_DEVICE inline float exp(float x) {
    x = x < -104.0f ? -104.0f : x;
    x = x > 89.0f ? 89.0f : x;
    int32_t n;
    const float r = reduce(x, n);
    // Two factors, since 2^n alone may lie outside the range of floats where the result does not.
    const int32_t half = n >> 1;
    return (1.0f + (r + exp_tail(r))) * power_of_two(half) * power_of_two(n - half);
}

ATL_HOST_DEVICE inline float expm1(float x) {
    x = x < -18.0f ? -18.0f : x;
    x = x > 89.0f ? 89.0f : x;
    int32_t n;
    const float r = reduce(x, n), q = r + exp_tail(r);
    const int32_t half = n >> 1;
    const float first = power_of_two(half), second = power_of_two(n - half);
    // 2^n q + (2^n - 1), both divided by the second factor until the end.
    return fmaf(first, q, first - power_of_two(half - n)) * second;
}

ATL_HOST_DEVICE inline float log(float x) {
    const bool tiny = x < 1.17549435e-38f;
    const float scaled = tiny ? x * 8388608.0f : x;
    // from sqrt(1/2), so that the mantissa lies in [sqrt(1/2), sqrt(2))
    const uint32_t offset = to_bits(scaled) - 0x3f3504f3u;
    const float k = static_cast<float>(static_cast<int32_t>(offset) >> 23) - (tiny ? 23.0f : 0.0f);
    const float f = from_bits((offset & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    // ln(1 + f) = 2 artanh(s) with s = f / (2 + f), written so that the leading term f is exact.
    const float s = f / (2.0f + f), z = s * s, half_square = 0.5f * f * f;
    float series = 2.0f / 9;
    series = fmaf(series, z, 2.0f / 7);
    series = fmaf(series, z, 2.0f / 5);
    series = fmaf(series, z, 2.0f / 3);
    const float rest = fmaf(s, fmaf(series, z, half_square), fmaf(k, kLn2Low, -half_square));
    float y = fmaf(k, kLn2High, rest + f);
    y = x == 0.0f ? -INFINITY : y;
    y = x < 0.0f ? NAN : y;
    return x < INFINITY ? y : x;  // infinity and NaN stay
}

// ln(1 + x) for x > -1: what the rounding of 1 + x loses is added to first order.
ATL_HOST_DEVICE inline float log1p(float x) {
    const float u = 1.0f + x;
    return log(u) + (x - (u - 1.0f)) / u;
}

ATL_HOST_DEVICE inline float tanh(float x) {
    float a = fabsf(x);
    a = a > 10.0f ? 10.0f : a;
    const float t = expm1(2.0f * a);
    return copysignf(t / (t + 2.0f), x);
}

ATL_HOST_DEVICE inline float sigmoid(float x) { return 1.0f / (1.0f + exp(-x)); }

}  // namespace vm
}  // namespace atl
