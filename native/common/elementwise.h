// The functions of atl/elementwise.h and their derivatives, for the CPU operator and CUDA kernels alike.
#pragma once

#include "vector_math.h"

namespace atl {
namespace elementwise {

// The numbers are those of atl_elementwise.
enum Function {
    kRelu = 0,
    kRelu6 = 1,
    kSigmoid = 2,
    kTanh = 3,
    kElu = 4,
    kExp = 5,
    kAbs = 6,
    kBnll = 7,
    kClip = 8,
    kLog = 9,
    kPower = 10,
    kSwish = 11,
    kThreshold = 12
};

// What a derivative is computed from.
enum Source { kFromX, kFromY, kFromNothing };

struct Constants {
    float a, b, c;
};

// A function of v with the constants a, b and c.
#define ATL_FUNCTION(NAME, EXPRESSION)                    \
    struct NAME {                                         \
        Constants k;                                      \
        ATL_HOST_DEVICE float operator()(float v) const { \
            const float a = k.a, b = k.b, c = k.c;        \
            (void)a, (void)b, (void)c, (void)v;           \
            return EXPRESSION;                            \
        }                                                 \
    };

ATL_FUNCTION(Relu, (v > 0 ? 1.0f : a) * v)
ATL_FUNCTION(Relu6, v > 6 ? 6.0f : v < 0 ? 0.0f : v)
ATL_FUNCTION(Sigmoid, vm::sigmoid(v))
ATL_FUNCTION(Tanh, vm::tanh(v))
ATL_FUNCTION(Exp, b* vm::exp(a* v))
ATL_FUNCTION(Abs, fabsf(v))
// ln(1 + e^v) without overflow.
ATL_FUNCTION(Bnll, (v > 0 ? v : 0.0f) + vm::log1p(vm::exp(-fabsf(v))))
ATL_FUNCTION(Clip, v > b ? b : v < a ? a : v)
ATL_FUNCTION(Log, a* vm::log(b* v + c))
ATL_FUNCTION(Swish, v* vm::sigmoid(a* v))
ATL_FUNCTION(Threshold, v > a ? 1.0f : 0.0f)

// Both sides are computed, so that vector code chooses between them.
struct Elu {
    Constants k;
    ATL_HOST_DEVICE float operator()(float v) const {
        const float below = k.a * vm::expm1(v);
        return v > 0 ? v : below;
    }
};

// (b v + c)^a as factor P(b v + c).
template <class P>
struct Power {
    Constants k;
    float factor;
    ATL_HOST_DEVICE float operator()(float v) const { return factor * P{{k.a, k.b, k.c}}(k.b * v + k.c); }
};

ATL_FUNCTION(PowerOfZero, 1.0f)
ATL_FUNCTION(PowerOfOne, v)
ATL_FUNCTION(Square, v* v)
ATL_FUNCTION(Cube, v* v* v)
ATL_FUNCTION(Root, sqrtf(v))
ATL_FUNCTION(InverseRoot, 1.0f / sqrtf(v))
ATL_FUNCTION(Inverse, 1.0f / v)
ATL_FUNCTION(AnyPower, powf(v, a))

ATL_FUNCTION(ReluSlope, v > 0 ? 1.0f : a)
ATL_FUNCTION(Relu6Slope, v > 0 && v < 6 ? 1.0f : 0.0f)
ATL_FUNCTION(SigmoidSlope, v*(1.0f - v))
ATL_FUNCTION(TanhSlope, 1.0f - v * v)
ATL_FUNCTION(EluSlopeOfY, v > 0 ? 1.0f : v + a)
ATL_FUNCTION(ExpSlope, a* v)
ATL_FUNCTION(AbsSlope, v > 0 ? 1.0f : v < 0 ? -1.0f : 0.0f)
ATL_FUNCTION(BnllSlope, vm::sigmoid(v))
ATL_FUNCTION(ClipSlope, v >= a && v <= b ? 1.0f : 0.0f)
ATL_FUNCTION(LogSlope, a* b / (b * v + c))
ATL_FUNCTION(Constant, a)

struct EluSlopeOfX {
    Constants k;
    ATL_HOST_DEVICE float operator()(float v) const {
        const float below = k.a * vm::exp(v);
        return v > 0 ? 1.0f : below;
    }
};

struct SwishSlope {
    Constants k;
    ATL_HOST_DEVICE float operator()(float v) const {
        const float s = vm::sigmoid(k.a * v);
        return s + k.a * v * s * (1.0f - s);
    }
};

#undef ATL_FUNCTION

// Calls sink(function) with factor (b v + c)^power. Powers that need no pow: most nets square, take roots or only scale
// and shift.
ATL_SAME_SIDE
template <class Sink>
ATL_HOST_DEVICE inline void with_power(float power, float factor, const Constants& k, const Sink& sink) {
    const Constants own = {power, k.b, k.c};
    if (power == 0.0f) return sink(Power<PowerOfZero>{own, factor});
    if (power == 1.0f) return sink(Power<PowerOfOne>{own, factor});
    if (power == 2.0f) return sink(Power<Square>{own, factor});
    if (power == 3.0f) return sink(Power<Cube>{own, factor});
    if (power == 0.5f) return sink(Power<Root>{own, factor});
    if (power == -0.5f) return sink(Power<InverseRoot>{own, factor});
    if (power == -1.0f) return sink(Power<Inverse>{own, factor});
    sink(Power<AnyPower>{own, factor});
}

// Calls sink(function); false where there is no such function.
ATL_SAME_SIDE
template <class Sink>
ATL_HOST_DEVICE inline bool with_function(int32_t f, const Constants& k, const Sink& sink) {
    switch (f) {
        case kRelu: sink(Relu{k}); return true;
        case kRelu6: sink(Relu6{k}); return true;
        case kSigmoid: sink(Sigmoid{k}); return true;
        case kTanh: sink(Tanh{k}); return true;
        case kElu: sink(Elu{k}); return true;
        case kExp: sink(Exp{k}); return true;
        case kAbs: sink(Abs{k}); return true;
        case kBnll: sink(Bnll{k}); return true;
        case kClip: sink(Clip{k}); return true;
        case kLog: sink(Log{k}); return true;
        case kPower: with_power(k.a, 1.0f, k, sink); return true;
        case kSwish: sink(Swish{k}); return true;
        case kThreshold: sink(Threshold{k}); return true;
        default: return false;
    }
}

// What the derivative of a function is computed from.
ATL_HOST_DEVICE inline Source source_of_slope(int32_t f, const Constants& k) {
    switch (f) {
        case kRelu:
        case kElu: return k.a < 0 ? kFromX : kFromY;
        case kRelu6:
        case kSigmoid:
        case kTanh:
        case kExp: return kFromY;
        case kPower: return k.a * k.b == 0 || k.a == 1 ? kFromNothing : kFromX;
        default: return kFromX;
    }
}

// Calls sink(derivative), a function of what source_of_slope says; false where there is none.
ATL_SAME_SIDE
template <class Sink>
ATL_HOST_DEVICE inline bool with_slope(int32_t f, const Constants& k, const Sink& sink) {
    switch (f) {
        case kRelu: sink(ReluSlope{k}); return true;
        case kRelu6: sink(Relu6Slope{k}); return true;
        case kSigmoid: sink(SigmoidSlope{k}); return true;
        case kTanh: sink(TanhSlope{k}); return true;
        case kElu:
            if (k.a < 0) sink(EluSlopeOfX{k});
            else sink(EluSlopeOfY{k});
            return true;
        case kExp: sink(ExpSlope{k}); return true;
        case kAbs: sink(AbsSlope{k}); return true;
        case kBnll: sink(BnllSlope{k}); return true;
        case kClip: sink(ClipSlope{k}); return true;
        case kLog: sink(LogSlope{k}); return true;
        case kPower: {
            const float factor = k.a * k.b;
            if (factor == 0 || k.a == 1) sink(Constant{{factor, 0, 0}});
            else with_power(k.a - 1, factor, k, sink);
            return true;
        }
        case kSwish: sink(SwishSlope{k}); return true;
        default: return false;
    }
}

}  // namespace elementwise
}  // namespace atl
