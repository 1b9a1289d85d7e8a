// The formulas of the margin inner product, for one sample and its labelled class: the CPU operator, the CUDA kernels
// and the Caffe layer all compute with these. C++11, nothing but the language and <math.h>; T is float or double.
//
// A sample x of class y meets W, whose rows have unit length. For j != y the logit is x.w_j. For the label it is
//
//     (lambda x.w_y + |x| psi(c)) / (1 + lambda),     c = x.w_y / |x| = cos(theta),
//
// where psi continues cos(m theta), which is not monotonic beyond pi/m, downwards: psi = (-1)^k cos(m theta) - 2k for
// theta in [k pi/m, (k+1) pi/m]. With the sign function deciding the branch (sign(0) = 0):
//
//     single     psi = c: the plain inner product
//     double     psi = 2 s0 c^2 - 1                       s0 = sign(c)
//     triple     psi = s1 (4 c^3 - 3 c) + s2              s1 = sign(|c| - 1/2),  s2 = s0 (1 + s1) - 2
//     quadruple  psi = s3 (8 c^4 - 8 c^2 + 1) + s4        s3 = s0 sign(2 c^2 - 1),  s4 = 2 s0 + s3 - 3
//
// The gradient of |x| psi(c) with respect to x is a w_y + b x with a = psi'(c) and b = (psi - c psi') / |x|. SphereFace
// (Liu et al., CVPR 2017) was trained, and published, with (a, b) scaled to a^2 + b^2 = 1, which is not the derivative;
// both are here.
//
// A sample with |x| <= 1e-3 is degenerate: it has hardly a direction, so c is taken as 1. The double margin then gives
// the label the logit 0 and the sample no gradient; the others go on with c = 1. No finite input gives NaN.
#pragma once

#include <math.h>
#include <stdint.h>

#include "../common/host_device.h"
#include "../common/philox.h"

namespace atl {
namespace margin {

// The m of cos(m theta), less one; the numbers are those of MarginInnerProductParameter.MarginType.
enum Type { kSingle = 0, kDouble = 1, kTriple = 2, kQuadruple = 3 };

// -1, 0 or 1.
template <class T>
ATL_HOST_DEVICE inline T sign(T v) {
    return static_cast<T>((v > T(0)) - (v < T(0)));
}

// Whether a sample is too short to have a direction. A NaN is not: it must come out at the end.
template <class T>
ATL_HOST_DEVICE inline bool degenerate(T norm) {
    return norm <= T(1e-3);
}

// c of a sample: `dot` / `norm` held in [-1, 1] against rounding, 1 for a degenerate sample.
template <class T>
ATL_HOST_DEVICE inline T cosine(T dot, T norm) {
    if (degenerate(norm)) return T(1);
    const T c = dot / norm;
    return c > T(1) ? T(1) : c < T(-1) ? T(-1) : c;
}

// psi at one cosine, and its derivative between the branches.
template <class T>
struct Psi {
    T value;
    T slope;
};

template <class T>
ATL_HOST_DEVICE inline Psi<T> psi(Type type, T c) {
    Psi<T> result;
    const T s0 = sign(c), c2 = c * c;
    if (type == kDouble) {
        result.value = T(2) * s0 * c2 - T(1);
        result.slope = T(4) * s0 * c;
    } else if (type == kTriple) {
        const T s1 = sign((c < T(0) ? -c : c) - T(0.5)), s2 = s0 * (T(1) + s1) - T(2);
        result.value = s1 * c * (T(4) * c2 - T(3)) + s2;
        result.slope = s1 * (T(12) * c2 - T(3));
    } else if (type == kQuadruple) {
        const T s3 = s0 * sign(T(2) * c2 - T(1)), s4 = T(2) * s0 + s3 - T(3);
        result.value = s3 * (T(8) * c2 * (c2 - T(1)) + T(1)) + s4;
        result.slope = s3 * c * (T(32) * c2 - T(16));
    } else {
        result.value = c;
        result.slope = T(1);
    }
    return result;
}

// The label's logit. `dot` = x.w_y, `norm` = |x|.
template <class T>
ATL_HOST_DEVICE inline T label_logit(Type type, T lambda, T dot, T norm) {
    if (type == kSingle) return dot;
    if (type == kDouble && degenerate(norm)) return T(0);
    return (lambda * dot + norm * psi(type, cosine(dot, norm)).value) / (T(1) + lambda);
}

// Whether a sample gets a gradient at all, semi-hard mining aside.
template <class T>
ATL_HOST_DEVICE inline bool gives_gradient(Type type, T norm) {
    return !(type == kDouble && degenerate(norm));
}

// The gradient of the label's logit with respect to x is row w_y + sample x.
template <class T>
struct Coefficients {
    T row;
    T sample;
};

// (lambda + a) / (1 + lambda) and b / (1 + lambda), with (a, b) as they are (`exact`) or scaled to unit length.
template <class T>
ATL_HOST_DEVICE inline Coefficients<T> label_gradient(Type type, bool exact, T lambda, T dot, T norm) {
    Coefficients<T> result;
    if (type == kSingle) {
        result.row = T(1);
        result.sample = T(0);
        return result;
    }
    const T c = cosine(dot, norm);
    const Psi<T> p = psi(type, c);
    const T numerator = p.value - c * p.slope;  // b |x|
    T a, b;
    if (exact) {
        // At |x| = 0 the term b x is 0 whatever b is, so long as b is finite.
        a = p.slope;
        b = numerator / (norm > T(1e-30) ? norm : T(1e-30));
    } else {
        // (a, b) and (a |x|, b |x|) have the same direction; the one whose entries can't overflow is scaled. At |x| = 0
        // it is (0, -1).
        a = norm > T(1) ? p.slope : p.slope * norm;
        b = norm > T(1) ? numerator / norm : numerator;
        const T scale = T(1) / sqrt(a * a + b * b);
        a *= scale;
        b *= scale;
    }
    result.row = (lambda + a) / (T(1) + lambda);
    result.sample = b / (T(1) + lambda);
    return result;
}

// Whether the label has the largest of a sample's logits, where equal ones go to the lower class: `before` is the
// largest logit of the classes below the label, `after` of those above it, minus infinity where there are none.
template <class T>
ATL_HOST_DEVICE inline bool label_wins(T label, T before, T after) {
    return !(before >= label) && !(after > label);
}

// Semi-hard mining: whether a sample keeps its gradient. One that wins with the margin is easy; one that does not even
// win without it is hard; both are left out. Without a margin (single) the two logits are the same, and every sample
// that loses is kept.
ATL_HOST_DEVICE inline bool keeps_gradient(Type type, bool wins_with_margin, bool wins_without) {
    return !wins_with_margin && (wins_without || type == kSingle);
}

// Whether the word at `position` of a random stream has a sample replace its class's row: a draw of 0..9 above 4.
ATL_HOST_DEVICE inline bool draws_replacement(uint64_t key, uint64_t position) {
    return ((static_cast<uint64_t>(philox_word(position, key)) * 10) >> 32) > 4;
}

// What divides a row into one of unit length: 1 / sqrt(`sum_of_squares`). It is exactly 1, so that the row's bits stay
// as they are, where the row has unit length but for rounding, and where it is zero (its length below the normal
// numbers of T): such a row has no direction.
template <class T>
ATL_HOST_DEVICE inline T unit_scale(double sum_of_squares);

template <>
ATL_HOST_DEVICE inline float unit_scale<float>(double sum_of_squares) {
    const double norm = sqrt(sum_of_squares), excess = sum_of_squares - 1.0;
    if (norm < 1.17549435e-38 || (excess < 4.8e-7 && excess > -4.8e-7)) return 1.0f;
    return static_cast<float>(1.0 / norm);
}

template <>
ATL_HOST_DEVICE inline double unit_scale<double>(double sum_of_squares) {
    const double norm = sqrt(sum_of_squares), excess = sum_of_squares - 1.0;
    if (norm < 2.2250738585072014e-308 || (excess < 8.9e-16 && excess > -8.9e-16)) return 1.0;
    return 1.0 / norm;
}

// Lambda of forward number `t` (the first is `iteration` + 1): max(base (1 + gamma t)^-power, lambda_min).
inline double lambda(double base, double gamma, double power, double lambda_min, double t) {
    const double annealed = base * pow(1.0 + gamma * t, -power);
    return annealed > lambda_min ? annealed : lambda_min;
}

}  // namespace margin
}  // namespace atl
