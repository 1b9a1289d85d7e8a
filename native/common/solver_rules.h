// The rules of atl/solver_update.h, one weight at a time, for the CPU operator and CUDA kernels alike.
#pragma once

#include <math.h>
#include <stdint.h>

#include "host_device.h"

namespace atl {
namespace solver {

// The numbers are those of atl_solver_rule and atl_regularization.
enum Rule { kSgd = 0, kNesterov = 1, kAdaGrad = 2, kRmsProp = 3, kAdaDelta = 4, kAdam = 5 };
enum Regularization { kNone = 0, kL2 = 1, kL1 = 2 };

struct Constants {
    float rate, momentum, momentum2, delta;
};

// Each rule maps a gradient and the histories h and k to what is taken off the weight, and updates the histories.
struct Sgd {
    static constexpr bool kSecond = false;
    Constants c;
    ATL_HOST_DEVICE float operator()(float g, float& h, float&) const { return h = c.rate * g + c.momentum * h; }
};

struct Nesterov {
    static constexpr bool kSecond = false;
    Constants c;
    ATL_HOST_DEVICE float operator()(float g, float& h, float&) const {
        const float old = h;
        h = c.rate * g + c.momentum * h;
        return (1 + c.momentum) * h - c.momentum * old;
    }
};

struct AdaGrad {
    static constexpr bool kSecond = false;
    Constants c;
    ATL_HOST_DEVICE float operator()(float g, float& h, float&) const {
        h += g * g;
        return c.rate * (g / (sqrtf(h) + c.delta));
    }
};

struct RmsProp {
    static constexpr bool kSecond = false;
    Constants c;
    ATL_HOST_DEVICE float operator()(float g, float& h, float&) const {
        h = (1 - c.momentum2) * (g * g) + c.momentum2 * h;
        return c.rate * (g / (sqrtf(h) + c.delta));
    }
};

struct AdaDelta {
    static constexpr bool kSecond = true;
    Constants c;
    ATL_HOST_DEVICE float operator()(float g, float& h, float& k) const {
        h = (1 - c.momentum) * (g * g) + c.momentum * h;
        const float s = g * sqrtf((c.delta + k) / (c.delta + h));
        k = (1 - c.momentum) * (s * s) + c.momentum * k;
        return c.rate * s;
    }
};

struct Adam {
    static constexpr bool kSecond = true;
    Constants c;
    ATL_HOST_DEVICE float operator()(float g, float& h, float& k) const {
        h = (1 - c.momentum) * g + c.momentum * h;
        k = (1 - c.momentum2) * (g * g) + c.momentum2 * k;
        return c.rate * (h / (sqrtf(k) + c.delta));
    }
};

ATL_HOST_DEVICE inline float sign(float x) { return static_cast<float>(x > 0) - static_cast<float>(x < 0); }

// What is accumulated becomes a gradient: scaled, and with the weight's decay.
struct Gradient {
    float clip_scale, mean_scale, decay;
    template <int kRegularization>
    ATL_HOST_DEVICE float of(float diff, float w) const {
        float g = diff * clip_scale * mean_scale;
        if (kRegularization == kL2) g += decay * w;
        if (kRegularization == kL1) g += decay * sign(w);
        return g;
    }
};

// Calls sink(rule); false where there is no such rule.
ATL_SAME_SIDE
template <class Sink>
ATL_HOST_DEVICE inline bool with_rule(int32_t rule, const Constants& c, const Sink& sink) {
    switch (rule) {
        case kSgd: sink(Sgd{c}); return true;
        case kNesterov: sink(Nesterov{c}); return true;
        case kAdaGrad: sink(AdaGrad{c}); return true;
        case kRmsProp: sink(RmsProp{c}); return true;
        case kAdaDelta: sink(AdaDelta{c}); return true;
        case kAdam: sink(Adam{c}); return true;
        default: return false;
    }
}

}  // namespace solver
}  // namespace atl
