// The kernels that treat elements one by one, and sums over channels, against plain loops in double precision.
#include "kernel_cases.h"

#include "cuda/affine.cu"
#include "cuda/batch_norm.cu"
#include "cuda/channel_sums.cu"
#include "cuda/concat.cu"
#include "cuda/dropout.cu"
#include "cuda/elementwise.cu"
#include "cuda/eltwise.cu"
#include "cuda/memory.cu"
#include "cuda/prelu.cu"
#include "cuda/solver_update.cu"

namespace {

using cases::Array;
using cases::compare;
using cases::gaussians;
using cases::Launch;
using device::launch;

constexpr double kTolerance = 4e-6;

struct Shape {
    int64_t n, channels, spatial;
    int64_t count() const { return n * channels * spatial; }
};

const Shape kShapes[] = {
    {1, 1, 1}, {3, 5, 4}, {2, 3, 7}, {70, 33, 1}, {9, 2, 31}, {2, 3, 36}, {5, 2, 100}, {1, 1, 1001}};

std::string describe(const char* kernel, const Shape& s, const Launch& l) {
    return std::string(kernel) + " n " + std::to_string(s.n) + " channels " + std::to_string(s.channels) + " spatial "
        + std::to_string(s.spatial) + " threads " + std::to_string(l.threads) + " grid " + std::to_string(l.grid)
        + " shift " + std::to_string(l.shift);
}

int64_t parts_of(const Shape& s, int terms, int64_t slices) {
    return slices * terms * s.channels * (s.spatial < atl::cuda::kFewPlaces ? s.spatial : 1);
}

std::vector<double> zeros(int64_t count) { return std::vector<double>(static_cast<size_t>(count), -7.0); }

double channel_value(const std::vector<float>& values, const Shape& s, size_t i) {
    return values[static_cast<size_t>(static_cast<int64_t>(i) / s.spatial % s.channels)];
}

size_t channel_of(const Shape& s, size_t i) {
    return static_cast<size_t>(static_cast<int64_t>(i) / s.spatial % s.channels);
}

// f and its derivative, each in its plainest form.
double plain_function(int f, double a, double b, double c, double v) {
    using namespace atl::elementwise;
    switch (f) {
        case kRelu: return v > 0 ? v : a * v;
        case kRelu6: return std::fmin(std::fmax(v, 0), 6);
        case kSigmoid: return 1 / (1 + std::exp(-v));
        case kTanh: return std::tanh(v);
        case kElu: return v > 0 ? v : a * (std::exp(v) - 1);
        case kExp: return b * std::exp(a * v);
        case kAbs: return std::fabs(v);
        case kBnll: return std::log(1 + std::exp(v));
        case kClip: return std::fmin(std::fmax(v, a), b);
        case kLog: return a * std::log(b * v + c);
        case kPower: return std::pow(b * v + c, a);
        case kSwish: return v / (1 + std::exp(-a * v));
        default: return v > a ? 1 : 0;
    }
}

void test_elementwise() {
    using namespace atl::elementwise;
    const struct {
        int f;
        float a, b, c;
        bool positive;
    } functions[] = {{kRelu, 0.1f, 0, 0, false}, {kRelu, -0.5f, 0, 0, false}, {kRelu6, 0, 0, 0, false},
        {kSigmoid, 0, 0, 0, false}, {kTanh, 0, 0, 0, false}, {kElu, 0.7f, 0, 0, false}, {kElu, -0.7f, 0, 0, false},
        {kExp, 0.5f, 2, 0, false}, {kAbs, 0, 0, 0, false}, {kBnll, 0, 0, 0, false}, {kClip, -0.5f, 0.8f, 0, false},
        {kLog, 0.5f, 2, 3, true}, {kPower, 2, 0.5f, 1, false}, {kPower, 3, 0.5f, 1, false}, {kPower, 0.5f, 2, 3, true},
        {kPower, -0.5f, 2, 3, true}, {kPower, -1, 2, 3, true}, {kPower, 1.7f, 2, 3, true}, {kPower, 1, 2, 3, false},
        {kPower, 0, 2, 3, false}, {kSwish, 1.5f, 0, 0, false}, {kThreshold, 0.2f, 0, 0, false}};
    for (const auto& f : functions)
        for (const int64_t count : {int64_t{1}, int64_t{7}, int64_t{1030}})
            cases::for_launches([&](const Launch& l) {
                std::vector<float> x = gaussians(count, 1), dy = gaussians(count, 2);
                if (f.positive)
                    for (float& v : x) v = std::fabs(v);
                std::vector<double> y, slope;
                for (size_t i = 0; i < x.size(); ++i) {
                    y.push_back(plain_function(f.f, f.a, f.b, f.c, x[i]));
                    const double step = 1e-5;
                    slope.push_back(dy[i]
                        * (plain_function(f.f, f.a, f.b, f.c, x[i] + step)
                            - plain_function(f.f, f.a, f.b, f.c, x[i] - step))
                        / (2 * step));
                }
                const std::string what = "function " + std::to_string(f.f) + " of " + std::to_string(count);
                Array<float> fx(x, l.shift), fy(std::vector<float>(x.size()), l.shift), fdy(dy, l.shift);
                launch(atl_elementwise_forward, l.grid, l.threads, l.order, f.f, f.a, f.b, f.c, count, fx.data(),
                    fy.data());
                compare(fy.values(), y, kTolerance, what);
                if (f.f == kThreshold) return;
                const bool from_x = source_of_slope(f.f, {f.a, f.b, f.c}) == kFromX;
                launch(atl_elementwise_backward, l.grid, l.threads, l.order, f.f, f.a, f.b, f.c, count,
                    from_x ? fx.data() : fy.data(), fdy.data(), fdy.data());
                compare(fdy.values(), slope, 1e-4, "gradient of " + what);
            });
}

void test_eltwise() {
    for (const int64_t count : {int64_t{1}, int64_t{6}, int64_t{515}})
        cases::for_launches([&](const Launch& l) {
            const std::vector<float> x = gaussians(count, 1), z = gaussians(count, 2), dy = gaussians(count, 3);
            for (const int operation : {0, 1, 2}) {
                std::vector<double> y;
                for (size_t i = 0; i < x.size(); ++i)
                    y.push_back(operation == 0 ? double(x[i]) * z[i]
                            : operation == 1   ? 0.5 * x[i] - 2.0 * z[i]
                                               : std::fmax(x[i], z[i]));
                Array<float> fx(x, l.shift), fz(z, l.shift);
                launch(atl_eltwise_pair, l.grid, l.threads, l.order, operation, count, 0.5f, fx.data(), -2.0f,
                    fz.data(), fz.data());
                compare(fz.values(), y, kTolerance, "eltwise " + std::to_string(operation));
            }
            std::vector<double> scaled, quotient, largest, which, selected;
            const std::vector<float> third = gaussians(count, 4);
            for (size_t i = 0; i < x.size(); ++i) {
                scaled.push_back(0.25 * dy[i]);
                quotient.push_back(double(x[i]) / (z[i] + 9) * dy[i]);
                largest.push_back(std::fmax(std::fmax(x[i], z[i]), third[i]));
                which.push_back(third[i] > std::fmax(x[i], z[i]) ? 2 : x[i] > z[i] ? 0 : 1);
                selected.push_back(which.back() == 1 ? dy[i] : 0);
            }
            std::vector<float> shifted = z;
            for (float& v : shifted) v += 9;
            Array<float> fx(x, l.shift), fz(z, l.shift), fs(shifted, l.shift), ft(third, l.shift), fdy(dy, l.shift),
                to(x, l.shift), most(x, l.shift), place(x, l.shift);
            launch(atl_eltwise_scale, l.grid, l.threads, l.order, count, 0.25f, fdy.data(), to.data());
            compare(to.values(), scaled, kTolerance, "eltwise_scale");
            launch(
                atl_eltwise_quotient, l.grid, l.threads, l.order, count, fx.data(), fs.data(), fdy.data(), to.data());
            compare(to.values(), quotient, kTolerance, "eltwise_quotient");
            launch(atl_eltwise_largest, l.grid, l.threads, l.order, count, 1, fx.data(), fz.data(), most.data(),
                place.data());
            launch(atl_eltwise_largest, l.grid, l.threads, l.order, count, 2, fx.data(), ft.data(), most.data(),
                place.data());
            compare(most.values(), largest, 0, "eltwise_largest");
            compare(place.values(), which, 0, "eltwise_largest's places");
            launch(atl_eltwise_select, l.grid, l.threads, l.order, count, 1, place.data(), fdy.data(), to.data());
            compare(to.values(), selected, 0, "eltwise_select");
        });
}

void test_prelu(const Shape& s, const Launch& l) {
    const std::vector<float> x = gaussians(s.count(), 1), slope = gaussians(s.channels, 2),
                             dy = gaussians(s.count(), 3);
    std::vector<double> y, dx, dslope(slope.begin(), slope.end());
    for (size_t i = 0; i < x.size(); ++i) {
        const double below = channel_value(slope, s, i);
        y.push_back(x[i] > 0 ? x[i] : below * x[i]);
        dx.push_back(x[i] > 0 ? dy[i] : below * dy[i]);
        dslope[channel_of(s, i)] += x[i] > 0 ? 0 : double(x[i]) * dy[i];
    }
    Array<float> fx(x, l.shift), fslope(slope, l.shift), fy(x, l.shift), kept(std::vector<float>(x.size()), l.shift),
        fdy(dy, l.shift), fdx(x, l.shift), fdslope(slope, l.shift);
    float* none = nullptr;
    launch(atl_prelu_forward, l.grid, l.threads, l.order, s.count(), s.channels, s.spatial, fx.data(), fslope.data(),
        fy.data(), none);
    compare(fy.values(), y, kTolerance, describe("prelu", s, l));
    launch(atl_prelu_forward, l.grid, l.threads, l.order, s.count(), s.channels, s.spatial, fx.data(), fslope.data(),
        fx.data(), kept.data());
    compare(fx.values(), y, kTolerance, describe("prelu in place", s, l));
    compare(kept.values(), x, 0, describe("prelu's copy", s, l));
    launch(atl_prelu_backward, l.grid, l.threads, l.order, s.count(), s.channels, s.spatial, kept.data(), fslope.data(),
        fdy.data(), fdx.data());
    compare(fdx.values(), dx, kTolerance, describe("prelu's gradient", s, l));
    for (const int64_t slices : {int64_t{1}, std::min<int64_t>(3, s.n)}) {
        Array<double> parts(zeros(parts_of(s, 1, slices)));
        Array<float> again(dy, l.shift), sums(slope, l.shift);
        launch(atl_prelu_backward_parts, l.grid, l.threads, l.order, s.n, s.channels, s.spatial, slices, kept.data(),
            fslope.data(), again.data(), again.data(), parts.data());
        launch(atl_channel_sums_add, l.grid, l.threads, l.order, 1, s.channels, s.spatial, slices, parts.data(),
            sums.data(), none);
        compare(again.values(), dx, kTolerance, describe("prelu's gradient in place", s, l));
        compare(sums.values(), dslope, 1e-5, describe("prelu's slopes", s, l));
    }
}

void test_affine(const Shape& s, const Launch& l) {
    const std::vector<float> x = gaussians(s.count(), 1), scale = gaussians(s.channels, 2),
                             shift = gaussians(s.channels, 3), dy = gaussians(s.count(), 4);
    const float* none = nullptr;
    for (const int with : {1, 2, 3}) {
        std::vector<double> y;
        for (size_t i = 0; i < x.size(); ++i)
            y.push_back(
                (with & 1 ? channel_value(scale, s, i) : 1) * x[i] + (with & 2 ? channel_value(shift, s, i) : 0));
        Array<float> fx(x, l.shift), fscale(scale, l.shift), fshift(shift, l.shift);
        launch(atl_affine_forward, l.grid, l.threads, l.order, s.count(), s.channels, s.spatial, fx.data(),
            with & 1 ? fscale.data() : none, with & 2 ? fshift.data() : none, fx.data());
        compare(fx.values(), y, kTolerance, describe("affine", s, l));
    }
    std::vector<double> dx, dscale(scale.begin(), scale.end()), dshift(shift.begin(), shift.end());
    for (size_t i = 0; i < x.size(); ++i) {
        dx.push_back(channel_value(scale, s, i) * dy[i]);
        dscale[channel_of(s, i)] += double(x[i]) * dy[i];
        dshift[channel_of(s, i)] += dy[i];
    }
    const int64_t slices = std::min<int64_t>(2, s.n);
    Array<double> parts(zeros(parts_of(s, 2, slices)));
    Array<float> fx(x, l.shift), fscale(scale, l.shift), fdy(dy, l.shift), fdx(x, l.shift), sums(scale, l.shift),
        more(shift, l.shift);
    launch(atl_affine_backward_parts, l.grid, l.threads, l.order, s.n, s.channels, s.spatial, slices, fx.data(),
        fscale.data(), fdy.data(), fdx.data(), parts.data());
    launch(atl_channel_sums_add, l.grid, l.threads, l.order, 2, s.channels, s.spatial, slices, parts.data(),
        sums.data(), more.data());
    compare(fdx.values(), dx, kTolerance, describe("affine's gradient", s, l));
    compare(sums.values(), dscale, 1e-5, describe("affine's scale", s, l));
    compare(more.values(), dshift, 1e-5, describe("affine's shift", s, l));
    // The shift alone: no x, no scale, no dx.
    Array<float> alone(shift, l.shift);
    float* nothing = nullptr;
    launch(atl_affine_backward_parts, l.grid, l.threads, l.order, s.n, s.channels, s.spatial, slices, none, none,
        fdy.data(), nothing, parts.data());
    launch(atl_channel_sums_add, l.grid, l.threads, l.order, 2, s.channels, s.spatial, slices, parts.data(), nothing,
        alone.data());
    compare(alone.values(), dshift, 1e-5, describe("affine's shift alone", s, l));
}

void test_bias(const Shape& s, const Launch& l) {
    const std::vector<float> y = gaussians(s.count(), 1), bias = gaussians(s.channels, 2);
    std::vector<double> sum, sums(bias.begin(), bias.end());
    for (size_t i = 0; i < y.size(); ++i) {
        sum.push_back(double(y[i]) + channel_value(bias, s, i));
        sums[channel_of(s, i)] += y[i];
    }
    Array<float> fy(y, l.shift), fbias(bias, l.shift);
    Array<double> parts(zeros(parts_of(s, 1, 1)));
    float* none = nullptr;
    launch(atl_channel_sum_parts, l.grid, l.threads, l.order, s.n, s.channels, s.spatial, int64_t{1}, fy.data(),
        parts.data());
    launch(atl_channel_add, l.grid, l.threads, l.order, s.count(), s.channels, s.spatial, fbias.data(), fy.data());
    launch(atl_channel_sums_add, l.grid, l.threads, l.order, 1, s.channels, s.spatial, int64_t{1}, parts.data(),
        fbias.data(), none);
    compare(fy.values(), sum, kTolerance, describe("channel_add", s, l));
    compare(fbias.values(), sums, 1e-5, describe("channel_sum", s, l));
}

void test_batch_norm(const Shape& s, const Launch& l) {
    std::vector<float> x = gaussians(s.count(), 1);
    for (float& v : x) v = 3 * v + 20;
    const std::vector<float> dy = gaussians(s.count(), 2), stored = gaussians(s.channels, 3);
    const double count = double(s.n * s.spatial), eps = 1e-5, fraction = 0.9, share = 0.7, correction = 1.25;
    std::vector<double> mean(stored.size()), variance(stored.size()), y(x.size()), dx(x.size()), sums(stored.size()),
        products(stored.size());
    for (size_t i = 0; i < x.size(); ++i) mean[channel_of(s, i)] += x[i] / count;
    for (size_t i = 0; i < x.size(); ++i)
        variance[channel_of(s, i)] += (x[i] - mean[channel_of(s, i)]) * (x[i] - mean[channel_of(s, i)]) / count;
    for (size_t i = 0; i < x.size(); ++i) {
        const size_t c = channel_of(s, i);
        y[i] = (x[i] - mean[c]) / std::sqrt(variance[c] + eps);
        sums[c] += dy[i] / count;
        products[c] += dy[i] * y[i] / count;
    }
    for (size_t i = 0; i < x.size(); ++i) {
        const size_t c = channel_of(s, i);
        dx[i] = (dy[i] - sums[c] - y[i] * products[c]) / std::sqrt(variance[c] + eps);
    }
    std::vector<double> stored_mean, stored_variance;
    for (size_t c = 0; c < stored.size(); ++c) {
        stored_mean.push_back(fraction * stored[c] + share * mean[c]);
        stored_variance.push_back(fraction * std::fabs(stored[c]) + share * correction * variance[c]);
    }
    const int64_t slices = std::min<int64_t>(2, s.n);
    std::vector<float> positive = stored;
    for (float& v : positive) v = std::fabs(v);
    Array<double> parts(zeros(parts_of(s, 2, slices)));
    Array<float> fx(x, l.shift), fm(stored), inverse(stored), means(std::vector<float>(2 * stored.size())), sm(stored),
        sv(positive), weight({2.0f}), fy(x, l.shift), fdy(dy, l.shift);
    const atl_batch_norm of = {
        s.n, s.channels, s.spatial, float(eps), float(fraction), float(share), float(share * correction)};
    launch(atl_batch_norm_statistics_parts, l.grid, l.threads, l.order, of, slices, fx.data(), parts.data());
    launch(atl_batch_norm_statistics, l.grid, l.threads, l.order, of, slices, fx.data(), parts.data(), fm.data(),
        inverse.data(), sm.data(), sv.data(), weight.data());
    compare(fm.values(), mean, 1e-5, describe("batch_norm's mean", s, l));
    compare(sm.values(), stored_mean, 1e-5, describe("batch_norm's stored mean", s, l));
    compare(sv.values(), stored_variance, 1e-5, describe("batch_norm's stored variance", s, l));
    compare(weight.values(), std::vector<double>{2 * fraction + share}, 1e-6, "batch_norm's weight");
    // A channel of one value has no variance: its y is 0 but for rounding, of which the division makes much.
    if (s.n * s.spatial == 1) return;
    launch(atl_batch_norm_forward, l.grid, l.threads, l.order, of, fx.data(), fm.data(), inverse.data(), fy.data());
    compare(fy.values(), y, 1e-4, describe("batch_norm", s, l));
    launch(atl_batch_norm_backward_parts, l.grid, l.threads, l.order, of, slices, fx.data(), fm.data(), inverse.data(),
        fdy.data(), parts.data());
    launch(atl_batch_norm_backward_means, l.grid, l.threads, l.order, of, slices, parts.data(), means.data());
    launch(atl_batch_norm_backward, l.grid, l.threads, l.order, of, fx.data(), fm.data(), inverse.data(), means.data(),
        fdy.data(), fdy.data());
    compare(fdy.values(), dx, 1e-4, describe("batch_norm's gradient", s, l));
    std::vector<double> global, deviation;
    for (size_t c = 0; c < stored.size(); ++c) {
        global.push_back(stored_mean[c] / (2 * fraction + share));
        deviation.push_back(1 / std::sqrt(stored_variance[c] / (2 * fraction + share) + eps));
    }
    launch(atl_batch_norm_stored, l.grid, l.threads, l.order, of, sm.data(), sv.data(), weight.data(), fm.data(),
        inverse.data());
    compare(fm.values(), global, 1e-5, describe("batch_norm's global mean", s, l));
    compare(inverse.values(), deviation, 1e-5, describe("batch_norm's global deviation", s, l));
}

void test_dropout(const Launch& l) {
    for (const uint64_t position : {uint64_t{0}, uint64_t{3}, uint64_t{1} << 33})
        for (const int64_t count : {int64_t{1}, int64_t{5}, int64_t{1031}}) {
            const std::vector<float> x = gaussians(count, 1);
            const uint64_t threshold = uint64_t{1} << 31;
            std::vector<double> y;
            for (size_t i = 0; i < x.size(); ++i)
                y.push_back(atl::philox_word(position + i, 9) >= threshold ? 2.0 * x[i] : 0);
            Array<float> fx(x, l.shift);
            launch(atl_dropout, l.grid, l.threads, l.order, count, threshold, 2.0f, uint64_t{9}, position, fx.data(),
                fx.data());
            compare(fx.values(), y, kTolerance, "dropout");
        }
}

void test_concat(const Launch& l) {
    for (const int64_t size : {int64_t{1}, int64_t{8}, int64_t{7}})
        for (const bool there : {true, false}) {
            const int64_t rows = 9, from_step = size + 4, to_step = size + 8;
            const std::vector<float> from = gaussians(rows * from_step, 1), before = gaussians(rows * to_step, 2);
            std::vector<double> to(before.begin(), before.end());
            for (int64_t r = 0; r < rows; ++r)
                for (int64_t j = 0; j < size; ++j)
                    to[static_cast<size_t>(r * to_step + j)] = there ? from[static_cast<size_t>(r * from_step + j)] : 0;
            Array<float> ffrom(from, l.shift), fto(before, l.shift);
            const float* none = nullptr;
            launch(atl_concat_copy, l.grid, l.threads, l.order, rows, size, there ? ffrom.data() : none, from_step,
                fto.data(), to_step);
            compare(fto.values(), to, 0, "concat");
        }
}

void test_reorder(const Launch& l) {
    const int64_t n = 2, channels = 16, spatial = 5;
    for (const int64_t from : {int64_t{1}, int64_t{8}, int64_t{16}})
        for (const int64_t to : {int64_t{1}, int64_t{8}, int64_t{16}}) {
            const auto at = [=](int64_t block, int64_t i, int64_t c, int64_t s) {
                return static_cast<size_t>(((i * (channels / block) + c / block) * spatial + s) * block + c % block);
            };
            const std::vector<float> x = gaussians(n * channels * spatial, 1);
            std::vector<double> y(x.size());
            for (int64_t i = 0; i < n; ++i)
                for (int64_t c = 0; c < channels; ++c)
                    for (int64_t s = 0; s < spatial; ++s) y[at(to, i, c, s)] = x[at(from, i, c, s)];
            Array<float> fx(x, l.shift), fy(x, l.shift);
            launch(atl_reorder, l.grid, l.threads, l.order, n * channels * spatial, channels, spatial, from, fx.data(),
                to, fy.data());
            compare(fy.values(), y, 0, "reorder");
        }
}

void test_solver(const Launch& l) {
    for (int rule = 0; rule < 6; ++rule)
        for (int regularization = 0; regularization < 3; ++regularization) {
            const int64_t count = 131;
            const std::vector<float> w = gaussians(count, 1), diff = gaussians(count, 2);
            std::vector<float> first = gaussians(count, 3), second = gaussians(count, 4);
            for (float& v : first) v = std::fabs(v);
            for (float& v : second) v = std::fabs(v);
            const double r = 0.1, m = 0.9, n = 0.99, d = 1e-3, decay = 0.05;
            std::vector<double> ew, ediff, efirst, esecond;
            for (size_t i = 0; i < w.size(); ++i) {
                double g = diff[i] * 0.5 * 0.25, h = first[i], k = second[i], step = 0;
                if (regularization == 1) g += decay * w[i];
                if (regularization == 2) g += decay * (w[i] > 0 ? 1 : w[i] < 0 ? -1 : 0);
                if (rule == 0) {
                    step = h = r * g + m * h;
                } else if (rule == 1) {
                    const double old = h;
                    h = r * g + m * h;
                    step = (1 + m) * h - m * old;
                } else if (rule == 2) {
                    h += g * g;
                    step = r * g / (std::sqrt(h) + d);
                } else if (rule == 3) {
                    h = (1 - n) * g * g + n * h;
                    step = r * g / (std::sqrt(h) + d);
                } else if (rule == 4) {
                    h = (1 - m) * g * g + m * h;
                    const double s = g * std::sqrt((d + k) / (d + h));
                    k = (1 - m) * s * s + m * k;
                    step = r * s;
                } else {
                    h = (1 - m) * g + m * h;
                    k = (1 - n) * g * g + n * k;
                    step = r * h / (std::sqrt(k) + d);
                }
                ew.push_back(w[i] - step);
                ediff.push_back(step);
                efirst.push_back(h);
                esecond.push_back(k);
            }
            Array<float> fw(w, l.shift), fdiff(diff, l.shift), ffirst(first, l.shift), fsecond(second, l.shift);
            float* none = nullptr;
            const atl_solver_step of = {count, static_cast<atl_solver_rule>(rule),
                static_cast<atl_regularization>(regularization), 0.5f, 0.25f, float(decay), float(r), float(m),
                float(n), float(d)};
            launch(atl_solver_update, l.grid, l.threads, l.order, of, fw.data(), fdiff.data(), ffirst.data(),
                rule < 4 ? none : fsecond.data());
            const std::string what = "solver rule " + std::to_string(rule);
            compare(fw.values(), ew, 1e-5, what);
            compare(fdiff.values(), ediff, 1e-5, what + "'s step");
            compare(ffirst.values(), efirst, 1e-5, what + "'s history");
            compare(fsecond.values(), esecond, 1e-5, what + "'s second history");
        }
    for (const int64_t count : {int64_t{1}, int64_t{300}, int64_t{5003}}) {
        const std::vector<float> x = gaussians(count, 5);
        double sum = 0;
        for (const float v : x) sum += double(v) * v;
        const int64_t pieces = count < 5 ? 1 : 5;
        Array<float> fx(x, l.shift);
        Array<double> parts(zeros(pieces)), total({-1.0});
        launch(atl_sum_of_squares_parts, l.grid, l.threads, l.order, count, pieces, fx.data(), parts.data());
        launch(atl_sum_of_parts, l.grid, l.threads, l.order, pieces, parts.data(), total.data());
        compare(total.values(), std::vector<double>{sum}, 1e-12, "sum of squares");
    }
}

}  // namespace

int main() {
    if (!device::present()) {
        std::printf("no GPU to run on\n");
        return 77;
    }
    test_elementwise();
    test_eltwise();
    for (const Shape& s : kShapes)
        cases::for_launches([&](const Launch& l) {
            test_prelu(s, l);
            test_affine(s, l);
            test_bias(s, l);
            test_batch_norm(s, l);
        });
    cases::for_launches([](const Launch& l) {
        test_dropout(l);
        test_concat(l);
        test_reorder(l);
        test_solver(l);
    });
    return check::result();
}
