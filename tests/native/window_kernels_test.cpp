// The kernels of windows and neighbourhoods - convolution, pooling, response normalisation, norms - against plain loops
// in double precision.
#include <cfloat>

#include "kernel_cases.h"

#include "cuda/convolution.cu"
#include "cuda/lrn.cu"
#include "cuda/normalize.cu"
#include "cuda/pooling.cu"

namespace {

using cases::Array;
using cases::compare;
using cases::gaussians;
using cases::Launch;
using device::launch;

struct Geometry {
    int input[3], kernel[3], stride[3], pad[3], dilation[3];
    int output(int axis) const {
        return (input[axis] + 2 * pad[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis] + 1;
    }
    int64_t pixels() const { return int64_t{1} * input[0] * input[1] * input[2]; }
    int64_t windows() const { return int64_t{1} * output(0) * output(1) * output(2); }
    int64_t taps() const { return int64_t{1} * kernel[0] * kernel[1] * kernel[2]; }
    // The pixel that a tap of a window reads, or -1.
    int64_t pixel(int64_t window, int64_t tap) const {
        int64_t at = 0;
        const int64_t w[3] = {window / output(2) / output(1), window / output(2) % output(1), window % output(2)};
        const int64_t t[3] = {tap / kernel[2] / kernel[1], tap / kernel[2] % kernel[1], tap % kernel[2]};
        for (int axis = 0; axis < 3; ++axis) {
            const int64_t place = w[axis] * stride[axis] - pad[axis] + t[axis] * dilation[axis];
            if (place < 0 || place >= input[axis]) return -1;
            at = at * input[axis] + place;
        }
        return at;
    }
};

const Geometry kGeometries[] = {{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}},
    {{1, 6, 5}, {1, 3, 3}, {1, 1, 1}, {0, 1, 1}, {1, 1, 1}}, {{1, 7, 8}, {1, 3, 2}, {1, 2, 3}, {0, 1, 0}, {1, 1, 1}},
    {{1, 9, 7}, {1, 3, 3}, {1, 2, 1}, {0, 2, 2}, {1, 2, 2}}, {{4, 5, 3}, {2, 2, 3}, {2, 1, 1}, {1, 0, 1}, {1, 1, 1}},
    {{1, 1, 40}, {1, 1, 5}, {1, 1, 4}, {0, 0, 3}, {1, 1, 1}}};

atl_convolution_windows windows_of(const Geometry& g, int64_t images, int64_t channels, int64_t multiplier) {
    const auto axis = [&](int i) {
        return atl_convolution_axis{g.input[i], g.kernel[i], g.stride[i], g.pad[i], g.dilation[i], g.output(i)};
    };
    return {images, channels, multiplier, axis(0), axis(1), axis(2)};
}

void test_columns(const Geometry& g, const Launch& l) {
    const int64_t images = 3, channels = 2, windows = g.windows(), taps = g.taps(), row = images * windows;
    const std::vector<float> x = gaussians(images * channels * g.pixels(), 1),
                             gradients = gaussians(channels * taps * row, 2);
    std::vector<double> columns(gradients.size()), pixels(x.size());
    for (int64_t c = 0; c < channels; ++c)
        for (int64_t t = 0; t < taps; ++t)
            for (int64_t i = 0; i < images; ++i)
                for (int64_t p = 0; p < windows; ++p) {
                    const int64_t pixel = g.pixel(p, t);
                    if (pixel < 0) continue;
                    const size_t at = static_cast<size_t>((i * channels + c) * g.pixels() + pixel),
                                 column = static_cast<size_t>((c * taps + t) * row + i * windows + p);
                    columns[column] = x[at];
                    pixels[at] += gradients[column];
                }
    Array<float> fx(x, l.shift), fcolumns(gradients, l.shift), fgradients(gradients, l.shift), fpixels(x, l.shift);
    const atl_convolution_windows of = windows_of(g, images, channels, 1);
    launch(atl_convolution_columns, l.grid, l.threads, l.order, of, fx.data(), fcolumns.data());
    compare(fcolumns.values(), columns, 0, "columns");
    launch(atl_convolution_pixels, l.grid, l.threads, l.order, of, fgradients.data(), fpixels.data());
    compare(fpixels.values(), pixels, 4e-6, "pixels");
}

void test_pack(const Launch& l) {
    for (const int64_t places : {int64_t{1}, int64_t{8}, int64_t{7}}) {
        const int64_t images = 3, channels = 5;
        const std::vector<float> y = gaussians(images * channels * places, 1), bias = gaussians(channels, 2);
        std::vector<double> packed(y.size()), back(y.size());
        for (int64_t i = 0; i < images; ++i)
            for (int64_t c = 0; c < channels; ++c)
                for (int64_t p = 0; p < places; ++p) {
                    const size_t plain = static_cast<size_t>((i * channels + c) * places + p);
                    packed[static_cast<size_t>((c * images + i) * places + p)] = y[plain];
                    back[plain] = double(y[plain]) + bias[static_cast<size_t>(c)];
                }
        Array<float> fy(y, l.shift), fpacked(y, l.shift), fbias(bias, l.shift), fback(y, l.shift);
        const float* none = nullptr;
        launch(atl_convolution_pack, l.grid, l.threads, l.order, images, channels, places, fy.data(), fpacked.data());
        compare(fpacked.values(), packed, 0, "pack");
        launch(atl_convolution_unpack, l.grid, l.threads, l.order, images, channels, places, fpacked.data(),
            fbias.data(), fback.data());
        compare(fback.values(), back, 4e-6, "unpack with a bias");
        launch(atl_convolution_unpack, l.grid, l.threads, l.order, images, channels, places, fpacked.data(), none,
            fback.data());
        compare(fback.values(), y, 0, "unpack");
    }
}

void test_depthwise(const Geometry& g, const Launch& l, int64_t multiplier) {
    const int64_t images = 3, channels = 2, outputs = channels * multiplier, windows = g.windows(), taps = g.taps(),
                  slices = 2;
    const std::vector<float> x = gaussians(images * channels * g.pixels(), 1), w = gaussians(outputs * taps, 2),
                             bias = gaussians(outputs, 3), dy = gaussians(images * outputs * windows, 4);
    std::vector<double> y(dy.size()), dx(x.size()), dw(w.begin(), w.end());
    for (int64_t i = 0; i < images; ++i)
        for (int64_t o = 0; o < outputs; ++o)
            for (int64_t p = 0; p < windows; ++p) {
                const size_t at = static_cast<size_t>((i * outputs + o) * windows + p);
                y[at] = bias[static_cast<size_t>(o)];
                for (int64_t t = 0; t < taps; ++t) {
                    const int64_t pixel = g.pixel(p, t);
                    if (pixel < 0) continue;
                    const size_t from = static_cast<size_t>((i * channels + o / multiplier) * g.pixels() + pixel),
                                 weight = static_cast<size_t>(o * taps + t);
                    y[at] += double(w[weight]) * x[from];
                    dx[from] += double(w[weight]) * dy[at];
                    dw[weight] += double(x[from]) * dy[at];
                }
            }
    Array<float> fx(x, l.shift), fw(w, l.shift), fbias(bias, l.shift), fy(dy, l.shift), fdy(dy, l.shift),
        fdx(x, l.shift), fdw(w, l.shift);
    Array<double> parts(std::vector<double>(static_cast<size_t>(slices * outputs * taps), -7.0));
    const atl_convolution_windows of = windows_of(g, images, channels, multiplier);
    launch(atl_depthwise_forward, l.grid, l.threads, l.order, of, fx.data(), fw.data(), fbias.data(), fy.data());
    compare(fy.values(), y, 1e-5, "depthwise");
    launch(atl_depthwise_backward_data, l.grid, l.threads, l.order, of, fdy.data(), fw.data(), fdx.data());
    compare(fdx.values(), dx, 1e-5, "depthwise's gradient");
    launch(atl_depthwise_weight_parts, l.grid, l.threads, l.order, of, slices, fx.data(), fdy.data(), parts.data());
    launch(atl_depthwise_weights_add, l.grid, l.threads, l.order, outputs * taps, slices, parts.data(), fdw.data());
    compare(fdw.values(), dw, 1e-5, "depthwise's weights");
}

struct Pool {
    int height, width, kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w;
    // As in Caffe: rounded up, and a window that begins beyond the padded image left out.
    static int count(int64_t size, int64_t kernel, int64_t stride, int64_t pad) {
        int64_t windows = (size + 2 * pad - kernel + stride - 1) / stride + 1;
        if (pad > 0 && (windows - 1) * stride >= size + pad) --windows;
        return static_cast<int>(windows);
    }
    int out_height() const { return count(height, kernel_h, stride_h, pad_h); }
    int out_width() const { return count(width, kernel_w, stride_w, pad_w); }
};

atl_pooling pooling_of(const Pool& g, int64_t n, int64_t channels) {
    return {n, channels, g.height, g.width, g.out_height(), g.out_width(), g.kernel_h, g.kernel_w, g.stride_h,
        g.stride_w, g.pad_h, g.pad_w, ATL_LAYOUT_PLAIN};
}

const Pool kPools[] = {{1, 1, 1, 1, 1, 1, 0, 0}, {6, 7, 3, 3, 2, 2, 0, 0}, {5, 5, 3, 2, 2, 1, 1, 1},
    {4, 9, 4, 9, 1, 1, 0, 0}, {7, 3, 2, 3, 3, 1, 1, 2},
    {6, 5, INT32_MAX, INT32_MAX, 1 << 30, 1 << 30, INT32_MAX - 1, INT32_MAX - 1}};

void test_pooling(const Pool& g, const Launch& l) {
    const int64_t planes = 5, pixels = int64_t{1} * g.height * g.width,
                  windows = int64_t{1} * g.out_height() * g.out_width();
    // Many ties.
    const std::vector<float> ties = cases::labels(planes * pixels, 4, 1), dy = gaussians(planes * windows, 2);
    std::vector<float> x = gaussians(planes * pixels, 3);
    for (float& v : x) v = std::fabs(v);
    x[0] = 0;
    std::vector<double> most(dy.size()), places(dy.size()), average(dy.size()), drawn(dy.size()), expected(dy.size()),
        dmost(x.size()), daverage(x.size()), dexpected(x.size());
    for (int64_t plane = 0; plane < planes; ++plane)
        for (int64_t window = 0; window < windows; ++window) {
            const size_t i = static_cast<size_t>(plane * windows + window);
            const int64_t top = window / g.out_width() * g.stride_h - g.pad_h,
                          left = window % g.out_width() * g.stride_w - g.pad_w;
            const int64_t bottom = top + g.kernel_h, right = left + g.kernel_w;
            std::vector<size_t> held;
            for (int64_t h = std::max<int64_t>(top, 0); h < std::min<int64_t>(bottom, g.height); ++h)
                for (int64_t w = std::max<int64_t>(left, 0); w < std::min<int64_t>(right, g.width); ++w)
                    held.push_back(static_cast<size_t>(plane * pixels + h * g.width + w));
            const double area = static_cast<double>(std::min(bottom, int64_t{g.height} + g.pad_h) - top)
                * static_cast<double>(std::min(right, int64_t{g.width} + g.pad_w) - left);
            double sum = 0, squares = 0;
            size_t best = held[0];
            for (const size_t at : held) {
                if (ties[at] > ties[best]) best = at;
                sum += x[at];
                squares += double(x[at]) * x[at];
            }
            most[i] = ties[best];
            places[i] = static_cast<double>(best) - static_cast<double>(plane * pixels);
            average[i] = sum / area;
            expected[i] = sum > 0 ? squares / sum : 0;
            dmost[best] += dy[i];
            for (const size_t at : held) {
                daverage[at] += dy[i] / area;
                if (sum > 0) dexpected[at] += dy[i] * (2 * x[at] - expected[i]) / sum;
            }
            const double u = ((atl::philox_word(7 + i, 9) >> 8) + 1) / 16777216.0;
            double before = 0;
            for (const size_t at : held) {
                before += x[at];
                drawn[i] = x[at];
                if (before >= u * sum * (1 - 1e-6)) break;
            }
        }
    Array<float> fties(ties, l.shift), fx(x, l.shift), fy(dy, l.shift), fdy(dy, l.shift), fdx(x, l.shift),
        mask(dy, l.shift);
    Array<int32_t> fplaces(std::vector<int32_t>(dy.size()), l.shift);
    int32_t* nowhere = nullptr;
    float* none = nullptr;
    const atl_pooling p = pooling_of(g, planes, 1);
    launch(
        atl_pooling_max_forward, l.grid, l.threads, l.order, p, fties.data(), fy.data(), fplaces.data(), mask.data());
    compare(fy.values(), most, 0, "max pooling");
    compare(fplaces.values(), places, 0, "max pooling's places");
    compare(mask.values(), places, 0, "max pooling's mask");
    launch(atl_pooling_max_forward, l.grid, l.threads, l.order, p, fties.data(), fdx.data(), nowhere, none);
    launch(atl_pooling_places_backward, l.grid, l.threads, l.order, p, fdy.data(), fplaces.data(), fdx.data());
    compare(fdx.values(), dmost, 4e-6, "max pooling's gradient");
    launch(atl_pooling_average_forward, l.grid, l.threads, l.order, p, fx.data(), fy.data());
    compare(fy.values(), average, 4e-6, "average pooling");
    launch(atl_pooling_average_backward, l.grid, l.threads, l.order, p, fdy.data(), fdx.data());
    compare(fdx.values(), daverage, 4e-6, "average pooling's gradient");
    launch(atl_pooling_draw_forward, l.grid, l.threads, l.order, p, uint64_t{9}, uint64_t{7}, fx.data(), fy.data(),
        fplaces.data());
    compare(fy.values(), drawn, 0, "drawn pooling");
    launch(atl_pooling_expectation_forward, l.grid, l.threads, l.order, p, fx.data(), fy.data());
    compare(fy.values(), expected, 1e-5, "expected pooling");
    launch(
        atl_pooling_expectation_backward, l.grid, l.threads, l.order, p, fx.data(), fy.data(), fdy.data(), fdx.data());
    compare(fdx.values(), dexpected, 1e-4, "expected pooling's gradient");
}

void test_lrn(const Launch& l, int within, int size) {
    const int64_t n = 2, channels = 5, height = 4, width = 3, spatial = height * width, count = n * channels * spatial;
    const double alpha = 0.3, beta = 0.75, k = within != 0 ? 1 : 1.5, elements = within != 0 ? size * size : size;
    const std::vector<float> x = gaussians(count, 1), dy = gaussians(count, 2);
    const auto window = [=](int64_t i, const std::function<double(int64_t)>& f) {
        double sum = 0;
        const int64_t half = size / 2, s = i % spatial, c = i / spatial % channels;
        for (int64_t j = 0; j < count; ++j) {
            if (j / (channels * spatial) != i / (channels * spatial)) continue;
            const int64_t t = j % spatial, d = j / spatial % channels;
            const bool near = within != 0
                ? c == d && std::abs(t / width - s / width) <= half && std::abs(t % width - s % width) <= half
                : s == t && std::abs(c - d) <= half;
            if (near) sum += f(j);
        }
        return sum;
    };
    std::vector<double> y, s, dx;
    for (int64_t i = 0; i < count; ++i) {
        s.push_back(k + alpha * window(i, [&](int64_t j) {
            return double(x[static_cast<size_t>(j)]) * x[static_cast<size_t>(j)];
        }));
        y.push_back(x[static_cast<size_t>(i)] * std::pow(s.back(), -beta));
    }
    for (int64_t i = 0; i < count; ++i) {
        const size_t at = static_cast<size_t>(i);
        const double sum = window(i, [&](int64_t j) {
            const size_t o = static_cast<size_t>(j);
            return double(dy[o]) * x[o] * std::pow(s[o], -beta - 1);
        });
        dx.push_back(dy[at] * std::pow(s[at], -beta) - 2 * alpha * beta * x[at] * sum);
    }
    Array<float> fx(x, l.shift), fy(x, l.shift), fdy(dy, l.shift), power(x, l.shift), ratio(x, l.shift);
    const atl_lrn lrn = {
        n, channels, height, width, ATL_LAYOUT_PLAIN, within, size, float(alpha * elements), float(beta), float(k)};
    launch(atl_lrn_forward, l.grid, l.threads, l.order, lrn, fx.data(), fy.data());
    compare(fy.values(), y, 1e-5, "lrn");
    launch(atl_lrn_ratios, l.grid, l.threads, l.order, lrn, fx.data(), fdy.data(), power.data(), ratio.data());
    launch(atl_lrn_backward, l.grid, l.threads, l.order, lrn, fx.data(), fdy.data(), power.data(), ratio.data(),
        fdy.data());
    compare(fdy.values(), dx, 1e-5, "lrn's gradient");
}

void test_normalize(const Launch& l, int64_t spatial, int across, int l1, int kind, int fixed) {
    const int64_t samples = 3, channels = 7, count = samples * channels * spatial,
                  norms = across != 0 ? samples : samples * spatial;
    const double eps = 1e-6;
    std::vector<float> x = gaussians(count, 1);
    const std::vector<float> dy = gaussians(count, 2), scale = gaussians(channels, 3), dnorms = gaussians(norms, 4);
    for (int64_t j = 0; j < channels * spatial; ++j) x[static_cast<size_t>(channels * spatial + j)] *= 1e-2f;
    const auto norm_of = [=](int64_t i) {
        return static_cast<size_t>(
            across != 0 ? i / (channels * spatial) : i / (channels * spatial) * spatial + i % spatial);
    };
    const auto scale_of = [&](int64_t i) {
        return kind == 0 ? 1.0 : scale[kind == 1 ? 0 : static_cast<size_t>(i / spatial % channels)];
    };
    std::vector<double> length(static_cast<size_t>(norms), eps), dot(length.size()), y, dx,
        dscale(scale.begin(), scale.end());
    for (int64_t i = 0; i < count; ++i)
        length[norm_of(i)] += l1 != 0 ? std::fabs(x[static_cast<size_t>(i)])
                                      : double(x[static_cast<size_t>(i)]) * x[static_cast<size_t>(i)];
    if (l1 == 0)
        for (double& v : length) v = std::sqrt(v);
    for (int64_t i = 0; i < count; ++i) {
        const size_t at = static_cast<size_t>(i);
        const double u = x[at] / length[norm_of(i)];
        y.push_back(u * scale_of(i));
        dot[norm_of(i)] += u * dy[at] * scale_of(i);
        dscale[kind == 1 ? 0 : static_cast<size_t>(i / spatial % channels)] += u * dy[at];
    }
    for (int64_t i = 0; i < count; ++i) {
        const size_t at = static_cast<size_t>(i), norm = norm_of(i);
        const double direction = l1 != 0 ? (x[at] > 0 ? 1
                                         : x[at] < 0  ? -1
                                                      : 0)
                                         : x[at] / length[norm],
                     by = fixed != 0 ? 1 : length[norm];
        dx.push_back((dy[at] * scale_of(i) - direction * dot[norm]) / by + direction * dnorms[norm]);
    }
    Array<float> fx(x, l.shift), fscale(scale, l.shift), inverse(dnorms, l.shift), flength(dnorms, l.shift),
        fy(x, l.shift), fdy(dy, l.shift), fdnorms(dnorms, l.shift), shares(dnorms, l.shift), fdx(x, l.shift),
        fdscale(scale, l.shift);
    const atl_normalize shape = {samples, channels, spatial, ATL_LAYOUT_PLAIN, static_cast<atl_normalize_scale>(kind),
        across, float(eps), l1 != 0 ? ATL_NORMALIZE_L1 : ATL_NORMALIZE_L2, fixed};
    launch(atl_normalize_norms, l.grid, l.threads, l.order, shape, fx.data(), inverse.data(), flength.data());
    compare(flength.values(), length, 1e-5, "norms");
    launch(
        atl_normalize_forward, l.grid, l.threads, l.order, shape, fx.data(), fscale.data(), inverse.data(), fy.data());
    compare(fy.values(), y, 1e-5, "normalize");
    launch(atl_normalize_shares, l.grid, l.threads, l.order, shape, fx.data(), fscale.data(), inverse.data(),
        fdy.data(), fdnorms.data(), shares.data());
    launch(atl_normalize_backward, l.grid, l.threads, l.order, shape, fx.data(), fscale.data(), inverse.data(),
        fdy.data(), shares.data(), fdx.data());
    compare(fdx.values(), dx, 1e-4, "normalize's gradient");
    if (kind == 0) return;
    Array<double> parts(
        std::vector<double>(static_cast<size_t>(channels * (spatial < atl::cuda::kFewPlaces ? spatial : 1))));
    launch(atl_normalize_scale_parts, l.grid, l.threads, l.order, shape, int64_t{1}, fx.data(), inverse.data(),
        fdy.data(), parts.data());
    if (kind == 1) {
        launch(atl_normalize_scale_add, 1, l.threads, l.order, channels, spatial, int64_t{1}, parts.data(),
            fdscale.data());
        compare(std::vector<float>(1, fdscale.values()[0]), std::vector<double>{dscale[0]}, 1e-5, "normalize's scale");
        return;
    }
    const std::vector<double> sums = parts.values();
    const size_t per = static_cast<size_t>(spatial < atl::cuda::kFewPlaces ? spatial : 1);
    for (size_t c = 0; c < dscale.size(); ++c) {
        double sum = scale[c];
        for (size_t j = 0; j < per; ++j) sum += sums[c * per + j];
        check::that(check::close(sum, dscale[c], 1e-5), "normalize's scales");
    }
}

}  // namespace

int main() {
    if (!device::present()) {
        std::printf("no GPU to run on\n");
        return 77;
    }
    cases::for_launches([](const Launch& l) {
        for (const Geometry& g : kGeometries) {
            test_columns(g, l);
            test_depthwise(g, l, 1);
            test_depthwise(g, l, 3);
        }
        test_pack(l);
        for (const Pool& g : kPools) test_pooling(g, l);
        for (const int within : {0, 1})
            for (const int size : {1, 3, 5}) test_lrn(l, within, size);
        for (const int64_t spatial : {int64_t{1}, int64_t{6}, int64_t{40}})
            for (int across = 0; across < 2; ++across)
                for (int l1 = 0; l1 < 2; ++l1)
                    for (int kind = 0; kind < 3; ++kind)
                        test_normalize(l, spatial, across, l1, kind, kind == 1 ? 1 : 0);
    });
    return check::result();
}
