// The margin inner product from its definition, in double precision and by the angle itself rather than by the
// polynomials that the layer computes with: what the layer is held against.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace reference {

struct Problem {
    int m, n, k;
    int margin;  // of cos(margin theta)
    double lambda;
    bool exact, semihard;
    std::vector<double> x, w, label, dlogits;
};

struct Result {
    std::vector<double> w, logits, dx, dw;
};

inline double dot(const double* a, const double* b, int count) {
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += a[i] * b[i];
    return sum;
}

// psi(theta) = (-1)^q cos(margin theta) - 2 q, where theta is in [q pi / margin, (q + 1) pi / margin], and its
// derivative by cos(theta).
inline void psi(int margin, double c, double* value, double* slope) {
    const double pi = std::acos(-1.0), theta = std::acos(c);
    const int q = std::min(margin - 1, static_cast<int>(std::floor(theta * margin / pi)));
    const double sign = q % 2 == 0 ? 1 : -1;
    *value = sign * std::cos(margin * theta) - 2 * q;
    // At the ends sin(margin theta) / sin(theta) tends to +-margin, with the sign that makes psi rise with c.
    *slope = std::sin(theta) < 1e-7 ? margin * margin : sign * margin * std::sin(margin * theta) / std::sin(theta);
}

inline int argmax(const double* first, int count) {
    return static_cast<int>(std::max_element(first, first + count) - first);
}

// One forward, and one backward of `dlogits`.
inline Result solve(const Problem& p) {
    Result r;
    r.w = p.w;
    for (int j = 0; j < p.n; ++j) {
        double* row = &r.w[static_cast<size_t>(j) * p.k];
        const double norm = std::sqrt(dot(row, row, p.k));
        for (int l = 0; l < p.k; ++l) row[l] = norm > 0 ? row[l] / norm : 0;
    }
    r.logits.resize(static_cast<size_t>(p.m) * p.n);
    r.dx.assign(static_cast<size_t>(p.m) * p.k, 0);
    r.dw.assign(static_cast<size_t>(p.n) * p.k, 0);
    for (int i = 0; i < p.m; ++i) {
        const double* x = &p.x[static_cast<size_t>(i) * p.k];
        double* logits = &r.logits[static_cast<size_t>(i) * p.n];
        double* dx = &r.dx[static_cast<size_t>(i) * p.k];
        for (int j = 0; j < p.n; ++j) logits[j] = dot(x, &r.w[static_cast<size_t>(j) * p.k], p.k);
        const int y = static_cast<int>(p.label[static_cast<size_t>(i)]), wins_without = argmax(logits, p.n);
        const double norm = std::sqrt(dot(x, x, p.k)), plain = logits[y];
        const bool degenerate = norm <= 1e-3;
        double value = 0, slope = 1;
        if (p.margin > 1) {
            psi(p.margin, degenerate ? 1 : std::max(-1.0, std::min(1.0, plain / norm)), &value, &slope);
            logits[y] = degenerate && p.margin == 2 ? 0 : (p.lambda * plain + norm * value) / (1 + p.lambda);
        }
        const int wins_with = argmax(logits, p.n);
        for (int j = 0; j < p.n; ++j)
            for (int l = 0; l < p.k; ++l)
                r.dw[static_cast<size_t>(j) * p.k + l] += p.dlogits[static_cast<size_t>(i) * p.n + j] * x[l];
        if (degenerate && p.margin == 2) continue;
        if (p.semihard && (wins_with == y || (wins_without != y && p.margin > 1))) continue;
        double a = 1, b = 0;
        if (p.margin > 1) {
            const double c = degenerate ? 1 : plain / norm;
            a = slope;
            b = (value - c * slope) / std::max(norm, 1e-300);
            const double length = p.exact ? 1 : std::hypot(a, b);
            a = (p.lambda + a / length) / (1 + p.lambda);
            b = b / length / (1 + p.lambda);
        }
        for (int j = 0; j < p.n; ++j) {
            const double g = p.dlogits[static_cast<size_t>(i) * p.n + j];
            for (int l = 0; l < p.k; ++l)
                dx[l] += j == y ? g * (a * r.w[static_cast<size_t>(j) * p.k + l] + b * x[l])
                                : g * r.w[static_cast<size_t>(j) * p.k + l];
        }
    }
    return r;
}

}  // namespace reference
