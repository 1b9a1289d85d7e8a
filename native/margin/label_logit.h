// What margin layers do to the logit of a sample's label: one function of one number and its slope, for the CPU
// operator and CUDA kernels alike. C++11, nothing but the language and <math.h>.
//
//     add      s + b where s > -b, else s                     AM-softmax (Wang et al., 2018)
//     scale    a s + b                                        CosFace (a = 1, b = -m), rescaled labels
//     power    sign(s) |s|^a
//     angle    cos(a theta + b) - c with theta = acos(s)      ArcFace's family (Deng et al., CVPR 2019): m1 = a, m2 =
// b, m3 = c
//
// cos(phi) with phi = a theta + b rises again beyond pi, where a larger angle would be rewarded. What happens there is
// the edge:
//
//     clamped  phi stays at pi, where the slope is 0
//     linear   s - b sin(b) - c: parallel to s (ArcFace's published code; only for a = 1)
//     folded   (-1)^k cos(phi) - 2k - c for phi in [k pi, (k + 1) pi]: falls on, as SphereFace's psi does
//     easy     the margin is asked only where s > 0; other logits stay as they are ("easy margin")
#pragma once

#include <math.h>

#include "../common/host_device.h"

namespace atl {
namespace margin {

// The numbers are those of atl_label_rule and atl_angle_edge.
enum LabelRule { kAdd = 0, kScale = 1, kPower = 2, kAngle = 3 };
enum AngleEdge { kClamped = 0, kLinear = 1, kFolded = 2, kEasy = 3 };

struct LabelLogit {
    double value;
    double slope;
};

// cos(phi) - c at the edges of the angles, where sin(theta) is 0, has an infinite slope: cosines stay this far from -1
// and 1.
constexpr double kLargestCosine = 1.0 - 1e-7;

constexpr double kPi = 3.14159265358979323846;

ATL_HOST_DEVICE inline LabelLogit angle_logit(AngleEdge edge, double s, double a, double b, double c) {
    const double cosine = s > kLargestCosine ? kLargestCosine : s < -kLargestCosine ? -kLargestCosine : s;
    const double phi = a * acos(cosine) + b, sine = sqrt(1 - cosine * cosine);
    const bool beyond = edge == kEasy ? !(s > 0) : phi > kPi;
    LabelLogit logit;
    if (beyond && edge == kClamped) {
        logit.value = -1 - c;
        logit.slope = 0;
    } else if (beyond && edge == kLinear) {
        logit.value = s - b * sin(b) - c;
        logit.slope = 1;
    } else if (beyond && edge == kFolded) {
        const double k = floor(phi / kPi), sign = fmod(k, 2.0) == 0 ? 1.0 : -1.0;
        logit.value = sign * cos(phi) - 2 * k - c;
        logit.slope = sign * a * sin(phi) / sine;
    } else if (beyond) {
        logit.value = s;
        logit.slope = 1;
    } else {
        logit.value = cos(phi) - c;
        logit.slope = a * sin(phi) / sine;
    }
    return logit;
}

// The label's logit under a rule with its constants, and its slope. NaN stays NaN.
ATL_HOST_DEVICE inline LabelLogit label_logit(LabelRule rule, AngleEdge edge, double s, double a, double b, double c) {
    LabelLogit logit;
    switch (rule) {
        case kAdd:
            logit.value = s > -b ? s + b : s;
            logit.slope = 1;
            break;
        case kScale:
            logit.value = a * s + b;
            logit.slope = a;
            break;
        case kPower: {
            const double size = fabs(s);
            logit.value = s < 0 ? -pow(size, a) : pow(size, a);
            logit.slope = size > 0 ? a * pow(size, a - 1) : a == 1 ? 1 : 0;
            break;
        }
        default: return angle_logit(edge, s, a, b, c);
    }
    return logit;
}

}  // namespace margin
}  // namespace atl
