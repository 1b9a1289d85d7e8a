// What surrounds the products of a convolution: the kernel's windows as columns of a matrix, and the way back; and
// depthwise convolutions as a whole. Arrays are plain, images x channels x depth x height x width.
//
// A chunk of `images` images becomes a matrix of channels * taps rows with a column for each window of each image, side
// by side, so that one product serves the whole chunk however small the images are.
#include "atl/convolution.h"
#include "cuda/maps.cuh"

namespace {

// One spatial axis.
struct ConvolutionAxis : atl_convolution_axis {
    __device__ __forceinline__ explicit ConvolutionAxis(const atl_convolution_axis& axis)
        : atl_convolution_axis{axis} {}

    // Where tap `tap` of window `window` reads.
    __device__ __forceinline__ int64_t place(int64_t window, int32_t tap) const {
        return window * stride - pad + static_cast<int64_t>(tap) * dilation;
    }
    __device__ __forceinline__ bool holds(int64_t at) const { return at >= 0 && at < input; }
    // The window whose tap `tap` reads `at`, or -1.
    __device__ __forceinline__ int64_t window(int64_t at, int32_t tap) const {
        const int64_t begin = at + pad - static_cast<int64_t>(tap) * dilation;
        if (begin < 0) return -1;
        const int64_t found = stride == 1 ? begin : atl::cuda::quotient(begin, stride);
        return found * stride == begin && found < output ? found : -1;
    }
};

struct ConvolutionAxes {
    ConvolutionAxis d, h, w;

    __device__ __forceinline__ explicit ConvolutionAxes(const atl_convolution_windows& of)
        : d(of.depth), h(of.height), w(of.width) {}

    __device__ __forceinline__ int64_t pixels() const { return static_cast<int64_t>(d.input) * h.input * w.input; }
    __device__ __forceinline__ int64_t windows() const { return static_cast<int64_t>(d.output) * h.output * w.output; }
    __device__ __forceinline__ int64_t taps() const { return static_cast<int64_t>(d.kernel) * h.kernel * w.kernel; }

    // Calls f(tap, pixel) for each tap of a window, with -1 for a pixel outside the image.
    template <class F>
    __device__ __forceinline__ void for_taps(int64_t window, F f) const {
        const int64_t row = atl::cuda::quotient(window, w.output), ow = window - row * w.output,
                      od = atl::cuda::quotient(row, h.output), oh = row - od * h.output;
        int64_t tap = 0;
        for (int32_t kd = 0; kd < d.kernel; ++kd)
            for (int32_t kh = 0; kh < h.kernel; ++kh)
                for (int32_t kw = 0; kw < w.kernel; ++kw, ++tap) {
                    const int64_t zd = d.place(od, kd), zh = h.place(oh, kh), zw = w.place(ow, kw);
                    f(tap,
                        d.holds(zd) && h.holds(zh) && w.holds(zw) ? (zd * h.input + zh) * w.input + zw : int64_t{-1});
                }
    }

    // Calls f(tap, window) for each window that holds a pixel, with the tap that does.
    template <class F>
    __device__ __forceinline__ void for_windows(int64_t pixel, F f) const {
        const int64_t row = atl::cuda::quotient(pixel, w.input), x = pixel - row * w.input,
                      z = atl::cuda::quotient(row, h.input), y = row - z * h.input;
        for (int32_t kd = 0; kd < d.kernel; ++kd) {
            const int64_t od = d.window(z, kd);
            if (od < 0) continue;
            for (int32_t kh = 0; kh < h.kernel; ++kh) {
                const int64_t oh = h.window(y, kh);
                if (oh < 0) continue;
                for (int32_t kw = 0; kw < w.kernel; ++kw) {
                    const int64_t ow = w.window(x, kw);
                    if (ow >= 0)
                        f((static_cast<int64_t>(kd) * h.kernel + kh) * w.kernel + kw,
                            (od * h.output + oh) * w.output + ow);
                }
            }
        }
    }
};

// Taps whose gradients a thread sums at once.
constexpr int kTapsAtOnce = 9;

}  // namespace

// columns[(c * taps + t) * images * windows + i * windows + p] = what tap t of window p of image i, channel c, reads of
// x; 0 outside the image.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_convolution_columns(atl_convolution_windows of, const float* x, float* columns) {
    using namespace atl::cuda;
    const ConvolutionAxes axes(of);
    const int64_t images = of.images, channels = of.channels, windows = axes.windows(), pixels = axes.pixels(),
                  taps = axes.taps(), row = images * windows;
    for_indices(channels * row, [=](int64_t i) {
        const int64_t c = quotient(i, row), at = i - c * row, image = quotient(at, windows);
        const float* from = x + (image * channels + c) * pixels;
        float* to = columns + c * taps * row + at;
        axes.for_taps(
            at - image * windows, [=](int64_t tap, int64_t pixel) { to[tap * row] = pixel < 0 ? 0.0f : from[pixel]; });
    });
}

// x = for each pixel the sum over the windows that hold it: the transpose of atl_convolution_columns.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_convolution_pixels(atl_convolution_windows of, const float* columns, float* x) {
    using namespace atl::cuda;
    const ConvolutionAxes axes(of);
    const int64_t images = of.images, channels = of.channels, windows = axes.windows(), pixels = axes.pixels(),
                  taps = axes.taps(), row = images * windows;
    for_indices(images * channels * pixels, [=](int64_t i) {
        const int64_t plane = quotient(i, pixels), image = quotient(plane, channels), c = plane - image * channels;
        const float* from = columns + c * taps * row + image * windows;
        float sum = 0;
        axes.for_windows(i - plane * pixels, [&](int64_t tap, int64_t window) { sum += from[tap * row + window]; });
        x[i] = sum;
    });
}

// to[c * images * places + i * places + p] = from[(i * channels + c) * places + p].
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_convolution_pack(int64_t images, int64_t channels, int64_t places, const float* from, float* to) {
    using namespace atl::cuda;
    const bool wide = places % 4 == 0 && is_wide(from) && is_wide(to);
    const int64_t width = wide ? 4 : 1, items = places / width;
    for_indices(images * channels * items, [=](int64_t i) {
        const int64_t row = quotient(i, items), c = quotient(row, images), image = row - c * images,
                      at = (image * channels + c) * items + (i - row * items);
        if (wide) reinterpret_cast<Pack<float, 4>*>(to)[i] = reinterpret_cast<const Pack<float, 4>*>(from)[at];
        else to[i] = from[at];
    });
}

// The way back, with bias[c] added where it is there.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_convolution_unpack(
    int64_t images, int64_t channels, int64_t places, const float* from, ATL_OPTIONAL const float* bias, float* to) {
    using namespace atl::cuda;
    const bool wide = places % 4 == 0 && is_wide(from) && is_wide(to);
    const int64_t width = wide ? 4 : 1, items = places / width;
    for_indices(images * channels * items, [=](int64_t i) {
        const int64_t row = quotient(i, items), image = quotient(row, channels), c = row - image * channels,
                      at = (c * images + image) * items + (i - row * items);
        const float add = bias == nullptr ? 0.0f : bias[c];
        if (wide) {
            Pack<float, 4> v = reinterpret_cast<const Pack<float, 4>*>(from)[at];
#pragma unroll
            for (int j = 0; j < 4; ++j) v.v[j] += add;
            reinterpret_cast<Pack<float, 4>*>(to)[i] = v;
        } else {
            to[i] = from[at] + add;
        }
    });
}

// A convolution whose groups have one input channel each and `multiplier` output channels: y[n][o][p] = sum over taps
// of w[o][t] x[n][o / multiplier][...] + bias[o].
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_depthwise_forward(
    atl_convolution_windows of, const float* x, const float* w, ATL_OPTIONAL const float* bias, float* y) {
    using namespace atl::cuda;
    const ConvolutionAxes axes(of);
    const int64_t images = of.images, channels = of.channels, multiplier = of.multiplier, windows = axes.windows(),
                  pixels = axes.pixels(), taps = axes.taps(), outputs = channels * multiplier;
    for_indices(images * outputs * windows, [=](int64_t i) {
        const int64_t plane = quotient(i, windows), image = quotient(plane, outputs), o = plane - image * outputs;
        const float *from = x + (image * channels + quotient(o, multiplier)) * pixels, *weights = w + o * taps;
        float sum = bias == nullptr ? 0.0f : bias[o];
        axes.for_taps(i - plane * windows, [&](int64_t tap, int64_t pixel) {
            if (pixel >= 0) sum += weights[tap] * from[pixel];
        });
        y[i] = sum;
    });
}

// Its gradient with respect to x.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_depthwise_backward_data(atl_convolution_windows of, const float* dy, const float* w, float* dx) {
    using namespace atl::cuda;
    const ConvolutionAxes axes(of);
    const int64_t images = of.images, channels = of.channels, multiplier = of.multiplier, windows = axes.windows(),
                  pixels = axes.pixels(), taps = axes.taps();
    for_indices(images * channels * pixels, [=](int64_t i) {
        const int64_t plane = quotient(i, pixels), c = plane - quotient(plane, channels) * channels;
        float sum = 0;
        for (int64_t m = 0; m < multiplier; ++m) {
            const float *from = dy + (plane * multiplier + m) * windows, *weights = w + (c * multiplier + m) * taps;
            axes.for_windows(
                i - plane * pixels, [&](int64_t tap, int64_t window) { sum += weights[tap] * from[window]; });
        }
        dx[i] = sum;
    });
}

// parts[(slice * outputs + o) * taps + t] = the sum of dy x over a slice of the images' windows; a block for each slice
// of each output channel.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_depthwise_weight_parts(
    atl_convolution_windows of, int64_t slices, const float* x, const float* dy, double* parts) {
    using namespace atl::cuda;
    const ConvolutionAxes axes(of);
    const int64_t images = of.images, channels = of.channels, multiplier = of.multiplier, windows = axes.windows(),
                  pixels = axes.pixels(), taps = axes.taps(), outputs = channels * multiplier,
                  positions = images * windows;
    for (int64_t unit = blockIdx.x; unit < outputs * slices; unit += gridDim.x) {
        const int64_t slice = quotient(unit, outputs), o = unit - slice * outputs, c = quotient(o, multiplier);
        for (int64_t first = 0; first < taps; first += kTapsAtOnce) {
            double sums[kTapsAtOnce] = {};
            for (int64_t i = positions * slice / slices + threadIdx.x; i < positions * (slice + 1) / slices;
                 i += blockDim.x) {
                const int64_t image = quotient(i, windows), window = i - image * windows;
                const double gradient = dy[(image * outputs + o) * windows + window];
                const float* from = x + (image * channels + c) * pixels;
                axes.for_taps(window, [&](int64_t tap, int64_t pixel) {
#pragma unroll
                    for (int t = 0; t < kTapsAtOnce; ++t)
                        if (tap == first + t && pixel >= 0) sums[t] += gradient * from[pixel];
                });
            }
#pragma unroll
            for (int t = 0; t < kTapsAtOnce; ++t) {
                const double sum = block_sum(sums[t]);
                if (threadIdx.x == 0 && first + t < taps) parts[(slice * outputs + o) * taps + first + t] = sum;
            }
        }
    }
}

// dw[i] += the sum over slices of parts[slice * count + i].
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_depthwise_weights_add(int64_t count, int64_t slices, const double* parts, float* dw) {
    atl::cuda::for_indices(count, [=](int64_t i) {
        double sum = 0;
        for (int64_t slice = 0; slice < slices; ++slice) sum += parts[slice * count + i];
        dw[i] += static_cast<float>(sum);
    });
}
