// The kernels of scores and labels against plain loops in double precision.
#include <cfloat>

#include "kernel_cases.h"

#include "cuda/accuracy.cu"
#include "cuda/center_loss.cu"
#include "cuda/euclidean_loss.cu"
#include "cuda/label_logits.cu"
#include "cuda/loss.cu"
#include "cuda/softmax.cu"

namespace {

using cases::Array;
using cases::compare;
using cases::gaussians;
using cases::Launch;
using device::launch;

struct Shape {
    int64_t outer, channels, inner;
    int64_t positions() const { return outer * inner; }
    int64_t count() const { return outer * channels * inner; }
    size_t at(int64_t position, int64_t c) const {
        return static_cast<size_t>((position / inner * channels + c) * inner + position % inner);
    }
};

const Shape kShapes[] = {{1, 1, 1}, {5, 3, 1}, {4, 1030, 1}, {2, 4, 7}, {1, 9, 70}, {3, 33, 2}};

std::vector<double> softmax_of(const Shape& s, const std::vector<float>& x) {
    std::vector<double> y(x.size());
    for (int64_t p = 0; p < s.positions(); ++p) {
        double most = -INFINITY, sum = 0;
        for (int64_t c = 0; c < s.channels; ++c) most = std::fmax(most, x[s.at(p, c)]);
        for (int64_t c = 0; c < s.channels; ++c) sum += std::exp(x[s.at(p, c)] - most);
        for (int64_t c = 0; c < s.channels; ++c) y[s.at(p, c)] = std::exp(x[s.at(p, c)] - most) / sum;
    }
    return y;
}

std::vector<float> scores_of(const Shape& s, double size) {
    std::vector<float> x = gaussians(s.count(), 1);
    for (float& v : x) v = static_cast<float>(v * size);
    return x;
}

void test_softmax(const Shape& s, const Launch& l) {
    const std::string what =
        "softmax of " + std::to_string(s.outer) + " x " + std::to_string(s.channels) + " x " + std::to_string(s.inner);
    const std::vector<float> x = scores_of(s, 20), dy = gaussians(s.count(), 2);
    const std::vector<double> y = softmax_of(s, x);
    std::vector<double> dx(y.size());
    for (int64_t p = 0; p < s.positions(); ++p) {
        double dot = 0;
        for (int64_t c = 0; c < s.channels; ++c) dot += y[s.at(p, c)] * dy[s.at(p, c)];
        for (int64_t c = 0; c < s.channels; ++c) dx[s.at(p, c)] = y[s.at(p, c)] * (dy[s.at(p, c)] - dot);
    }
    Array<float> fx(x, l.shift), fdy(dy, l.shift);
    launch(atl_softmax_forward, l.grid, l.threads, l.order, s.outer, s.channels, s.inner, fx.data(), fx.data());
    compare(fx.values(), y, 4e-6, what);
    launch(atl_softmax_backward, l.grid, l.threads, l.order, s.outer, s.channels, s.inner, fx.data(), fdy.data(),
        fdy.data());
    compare(fdy.values(), dx, 1e-5, "gradient of " + what);
}

void test_loss(const Shape& s, const Launch& l, bool ignores, atl_normalization normalization) {
    const std::vector<float> x = scores_of(s, 3), labels = cases::labels(s.positions(), s.channels, 3);
    const int32_t ignored = static_cast<int32_t>(s.channels / 2);
    const std::vector<double> p = softmax_of(s, x);
    double sum = 0, counted = 0;
    std::vector<bool> counts;
    for (int64_t i = 0; i < s.positions(); ++i) {
        const int64_t label = static_cast<int64_t>(labels[static_cast<size_t>(i)]);
        counts.push_back(!ignores || label != ignored);
        if (!counts.back()) continue;
        ++counted;
        sum -= std::log(std::fmax(p[s.at(i, label)], FLT_MIN));
    }
    const int64_t batch = 3;
    const double weight = 0.7,
                 divisor = normalization == ATL_NORMALIZE_VALID ? std::fmax(1, counted)
        : normalization == ATL_NORMALIZE_FULL                   ? static_cast<double>(s.positions())
        : normalization == ATL_NORMALIZE_BATCH_SIZE             ? static_cast<double>(batch)
                                                                : 1;
    std::vector<double> dx(p.size());
    for (int64_t i = 0; i < s.positions(); ++i)
        for (int64_t c = 0; c < s.channels; ++c)
            dx[s.at(i, c)] = counts[static_cast<size_t>(i)]
                ? weight * (p[s.at(i, c)] - (c == static_cast<int64_t>(labels[static_cast<size_t>(i)]))) / divisor
                : 0;
    Array<float> fx(x, l.shift), flabels(labels, l.shift),
        stats(std::vector<float>(static_cast<size_t>(3 * s.positions()))), by({0.0f}), loss({0.0f}), fdx(x, l.shift);
    const atl_label_loss of = {s.outer, s.channels, s.inner, batch, normalization, ignores ? 1 : 0, ignored};
    launch(atl_softmax_loss_stats, l.grid, l.threads, l.order, of, fx.data(), flabels.data(), stats.data());
    launch(atl_softmax_loss_sum, 1, l.threads, l.order, of, flabels.data(), stats.data() + 2 * s.positions(), by.data(),
        loss.data());
    launch(atl_softmax_loss_backward, l.grid, l.threads, l.order, of, float(weight), fx.data(), flabels.data(),
        stats.data(), by.data(), fdx.data());
    compare(loss.values(), std::vector<double>{sum / divisor}, 1e-5, "softmax loss");
    compare(fdx.values(), dx, 1e-5, "gradient of the softmax loss");
}

void test_accuracy(const Shape& s, const Launch& l, int64_t top, bool ignores) {
    // Whole numbers: many ties.
    std::vector<float> x = cases::labels(s.count(), 5, 1);
    if (s.positions() > 3) x[s.at(2, 0)] = NAN;
    const std::vector<float> labels = cases::labels(s.positions(), s.channels, 3);
    double all = 0, rights = 0;
    std::vector<double> of(static_cast<size_t>(s.channels)), right_of(of.size());
    for (int64_t i = 0; i < s.positions(); ++i) {
        const int64_t label = static_cast<int64_t>(labels[static_cast<size_t>(i)]);
        if (ignores && label == 1) continue;
        int64_t better = 0;
        for (int64_t c = 0; c < s.channels; ++c) better += c != label && x[s.at(i, c)] >= x[s.at(i, label)];
        const bool right = x[s.at(i, label)] == x[s.at(i, label)] && better < top;
        ++all;
        rights += right;
        ++of[static_cast<size_t>(label)];
        right_of[static_cast<size_t>(label)] += right;
    }
    for (size_t c = 0; c < of.size(); ++c) right_of[c] = of[c] == 0 ? 0 : right_of[c] / of[c];
    Array<float> fx(x, l.shift), flabels(labels, l.shift), flags(labels, l.shift), share({-1.0f}),
        shares(std::vector<float>(of.size()));
    launch(atl_accuracy_rights, l.grid, l.threads, l.order, s.outer, s.channels, s.inner, top, ignores ? 1 : 0, 1,
        fx.data(), flabels.data(), flags.data());
    launch(atl_accuracy_share, l.grid, l.threads, l.order, s.positions(), s.channels, flabels.data(), flags.data(),
        share.data(), shares.data());
    compare(share.values(), std::vector<double>{all == 0 ? 0 : rights / all}, 1e-6, "accuracy");
    compare(shares.values(), right_of, 1e-6, "accuracy by class");
}

void test_label_logits(const Launch& l, int rule, bool only_positive, float others, float hard) {
    namespace margin = atl::margin;
    const int64_t m = 6, n = 75;
    const double a = rule == margin::kAngle ? 1 : 1.5, b = rule == margin::kAngle ? 0.4 : -0.2, c = 0.1, limit = 2;
    std::vector<float> x = gaussians(m * n, 1), labels = cases::labels(m, n, 2);
    const std::vector<float> dy = gaussians(m * n, 3);
    for (float& v : x) v = std::tanh(v);
    labels[1] = -1;
    std::vector<double> y(x.begin(), x.end()), dx(dy.begin(), dy.end());
    for (int64_t i = 0; i < m; ++i) {
        if (labels[static_cast<size_t>(i)] < 0) continue;
        const int64_t label = static_cast<int64_t>(labels[static_cast<size_t>(i)]);
        const double s = x[static_cast<size_t>(i * n + label)], phi = a * std::acos(s) + b;
        double value = s, slope = 1;
        if (!only_positive || s > 0) {
            if (rule == margin::kAdd) value = s > -b ? s + b : s;
            if (rule == margin::kScale) value = a * s + b, slope = a;
            if (rule == margin::kPower)
                value = (s < 0 ? -1 : 1) * std::pow(std::fabs(s), a), slope = a * std::pow(std::fabs(s), a - 1);
            if (rule == margin::kAngle)
                value = phi > M_PI ? -1 - c : std::cos(phi) - c,
                slope = phi > M_PI ? 0 : a * std::sin(phi) / std::sqrt(1 - s * s);
        }
        slope = std::fmin(std::fmax(slope, 0), limit);
        for (int64_t j = 0; j < n; ++j) {
            const size_t at = static_cast<size_t>(i * n + j);
            const double scaled = others * double(x[at]);
            const bool above = hard != 1 && scaled > value;
            y[at] = j == label ? value : above ? hard * scaled + hard - 1 : scaled;
            dx[at] = j == label ? dy[at] * slope : others * dy[at] * (above ? hard : 1);
        }
    }
    Array<float> fx(x, l.shift), before(x, l.shift), flabels(labels, l.shift), state(std::vector<float>(2 * m)),
        fdy(dy, l.shift);
    const float* none = nullptr;
    const atl_label_logits of = {m, n, static_cast<atl_label_rule>(rule), ATL_ANGLE_CLAMPED, only_positive ? 1 : 0,
        float(a), float(b), float(c), float(limit), others, hard};
    launch(
        atl_label_logits_forward, l.grid, l.threads, l.order, of, fx.data(), flabels.data(), fx.data(), state.data());
    compare(fx.values(), y, 1e-5, "label_logits of rule " + std::to_string(rule));
    launch(atl_label_logits_backward, l.grid, l.threads, l.order, of, hard == 1 ? none : before.data(), flabels.data(),
        state.data(), fdy.data(), fdy.data());
    compare(fdy.values(), dx, 1e-4, "gradient of label_logits of rule " + std::to_string(rule));
}

void test_distances(const Launch& l, int absolute) {
    const int64_t m = 11, n = 4, k = 70, pieces = 3;
    const std::vector<float> x = gaussians(m * k, 1), other = gaussians(m * k, 2), centers = gaussians(n * k, 3),
                             labels = cases::labels(m, n, 4);
    double euclidean = 0, loss = 0;
    std::vector<double> dx, dcenters(centers.begin(), centers.end());
    std::vector<int64_t> samples(static_cast<size_t>(n));
    for (const float label : labels) ++samples[static_cast<size_t>(label)];
    for (size_t at = 0; at < x.size(); ++at) {
        const size_t y = static_cast<size_t>(labels[at / static_cast<size_t>(k)]),
                     of = y * static_cast<size_t>(k) + at % static_cast<size_t>(k);
        const double d = double(x[at]) - centers[of], e = double(x[at]) - other[at],
                     slope = absolute == 0 ? d
            : d > 0                        ? 1
                                           : -1;
        euclidean += e * e;
        loss += absolute == 0 ? d * d : std::fabs(d);
        dx.push_back(0.3 * slope);
        dcenters[of] -= slope / double(samples[y] + 1);
    }
    Array<float> fx(x, l.shift), fother(other, l.shift), fcenters(centers, l.shift), flabels(labels, l.shift),
        fdx(x, l.shift), fdcenters(centers, l.shift), floss({0.0f});
    Array<double> parts(std::vector<double>(static_cast<size_t>(m)));
    launch(atl_euclidean_loss_parts, l.grid, l.threads, l.order, m * k, pieces, fx.data(), fother.data(), parts.data());
    launch(atl_loss_of_parts, l.grid, l.threads, l.order, pieces, 4.0f, parts.data(), floss.data());
    compare(floss.values(), std::vector<double>{euclidean / 4}, 1e-5, "euclidean loss");
    launch(atl_center_loss_parts, l.grid, l.threads, l.order, m, n, k, absolute, fx.data(), flabels.data(),
        fcenters.data(), parts.data());
    launch(atl_loss_of_parts, l.grid, l.threads, l.order, m, 2.0f, parts.data(), floss.data());
    compare(floss.values(), std::vector<double>{loss / 2}, 1e-5, "center loss");
    launch(atl_center_loss_backward, l.grid, l.threads, l.order, m, n, k, absolute, 0.3f, fx.data(), flabels.data(),
        fcenters.data(), fdx.data());
    compare(fdx.values(), dx, 1e-5, "center loss' gradient");
    launch(atl_center_loss_update, l.grid, l.threads, l.order, m, n, k, absolute, fx.data(), flabels.data(),
        fcenters.data(), fdcenters.data());
    compare(fdcenters.values(), dcenters, 1e-5, "center loss' centres");
}

// Labels that are no class must not make a kernel touch memory outside its arrays.
void test_labels_out_of_range(const Launch& l) {
    const Shape s = {5, 3, 1};
    const std::vector<float> x = gaussians(15, 1), labels = {-1, 3, NAN, 1e30f, 1};
    Array<float> fx(x), flabels(labels), stats(std::vector<float>(15)), by({0.0f}), loss({0.0f}), dx(x), flags(labels),
        state(std::vector<float>(10)), y(x);
    const atl_label_loss of = {s.outer, s.channels, s.inner, s.outer, ATL_NORMALIZE_VALID, 0, 0};
    const atl_label_logits logits = {5, 3, ATL_LABEL_ADD, ATL_ANGLE_CLAMPED, 0, 1, 0.5f, 0, 0, 1, 1};
    launch(atl_softmax_loss_stats, l.grid, l.threads, l.order, of, fx.data(), flabels.data(), stats.data());
    launch(atl_softmax_loss_sum, 1, l.threads, l.order, of, flabels.data(), stats.data() + 10, by.data(), loss.data());
    launch(atl_softmax_loss_backward, l.grid, l.threads, l.order, of, 1.0f, fx.data(), flabels.data(), stats.data(),
        by.data(), dx.data());
    launch(atl_accuracy_rights, l.grid, l.threads, l.order, s.outer, s.channels, s.inner, int64_t{1}, 0, 0, fx.data(),
        flabels.data(), flags.data());
    launch(atl_label_logits_forward, l.grid, l.threads, l.order, logits, fx.data(), flabels.data(), y.data(),
        state.data());
    check::that(by.values()[0] == 1, "labels that are no class count");
    for (size_t i = 0; i < 12; ++i)
        check::that(dx.values()[i] == 0 && y.values()[i] == x[i], "a sample without a class changed");
}

}  // namespace

int main() {
    if (!device::present()) {
        std::printf("no GPU to run on\n");
        return 77;
    }
    cases::for_launches([](const Launch& l) {
        for (const Shape& s : kShapes) {
            test_softmax(s, l);
            for (const bool ignores : {false, true})
                for (const atl_normalization normalization :
                    {ATL_NORMALIZE_FULL, ATL_NORMALIZE_VALID, ATL_NORMALIZE_BATCH_SIZE, ATL_NORMALIZE_NONE})
                    test_loss(s, l, ignores, normalization);
            test_accuracy(s, l, 1, false);
            test_accuracy(s, l, 2, true);
        }
        for (int rule = 0; rule < 4; ++rule) {
            test_label_logits(l, rule, false, 1, 1);
            test_label_logits(l, rule, true, 0.5f, 1);
            test_label_logits(l, rule, false, 1, 1.2f);
        }
        test_distances(l, 0);
        test_distances(l, 1);
        test_labels_out_of_range(l);
    });
    return check::result();
}
