// Local response normalisation: y = x s^-beta with s = k + alpha (sum of x^2 over a window), over channels of one place
// or places of one channel. Windows have few elements, which neighbouring threads read too, so that they come from
// cache.
#include "atl/lrn.h"
#include "cuda/maps.cuh"

namespace {

struct LrnWindows {
    int64_t count, channels, height, width;
    int32_t size, within;
    float alpha, k;

    // alpha is divided by the number of elements of a window.
    __device__ __forceinline__ explicit LrnWindows(const atl_lrn& of)
        : count(of.n * of.channels * of.height * of.width),
          channels(of.channels),
          height(of.height),
          width(of.width),
          size(static_cast<int32_t>(of.size)),
          within(of.within),
          alpha(of.alpha / static_cast<float>(within != 0 ? size * size : size)),
          k(within != 0 ? 1.0f : of.k) {}

    // The sum of f(element) over the window around an element; what lies outside counts as 0.
    template <class F>
    __device__ __forceinline__ float sum(int64_t i, F f) const {
        const int64_t spatial = height * width, plane = atl::cuda::quotient(i, spatial), half = size / 2;
        float all = 0;
        if (within == 0) {
            const int64_t c = plane - atl::cuda::quotient(plane, channels) * channels;
            for (int64_t d = c < half ? -c : -half; d <= half && c + d < channels; ++d) all += f(i + d * spatial);
            return all;
        }
        const int64_t at = i - plane * spatial, h = atl::cuda::quotient(at, width), w = at - h * width;
        for (int64_t dh = h < half ? -h : -half; dh <= half && h + dh < height; ++dh)
            for (int64_t dw = w < half ? -w : -half; dw <= half && w + dw < width; ++dw) all += f(i + dh * width + dw);
        return all;
    }
};

}  // namespace

// y from x; they do not overlap.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_lrn_forward(atl_lrn of, const float* x, float* y) {
    const LrnWindows windows(of);
    atl::cuda::for_indices(windows.count, [=](int64_t i) {
        const float s = windows.k + windows.alpha * windows.sum(i, [=](int64_t j) { return x[j] * x[j]; });
        y[i] = x[i] * powf(s, -of.beta);
    });
}

// power = s^-beta and ratio = dy x s^-beta / s.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_lrn_ratios(atl_lrn of, const float* x, const float* dy, float* power, float* ratio) {
    const LrnWindows windows(of);
    atl::cuda::for_indices(windows.count, [=](int64_t i) {
        const float s = windows.k + windows.alpha * windows.sum(i, [=](int64_t j) { return x[j] * x[j]; }),
                    p = powf(s, -of.beta);
        power[i] = p;
        ratio[i] = dy[i] * x[i] * p / s;
    });
}

// dx = dy power - 2 alpha beta x (sum of the ratios over the window); dx may be dy.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_lrn_backward(atl_lrn of, const float* x, const float* dy, const float* power, const float* ratio, float* dx) {
    const LrnWindows windows(of);
    const float factor = 2 * windows.alpha * of.beta;
    atl::cuda::for_indices(windows.count, [=](int64_t i) {
        dx[i] = dy[i] * power[i] - factor * x[i] * windows.sum(i, [=](int64_t j) { return ratio[j]; });
    });
}
