// Local response normalisation: y = x s^-beta with s = k + alpha (sum of x^2 over a window), over channels of one place
// or places of one channel. Windows have few elements, which neighbouring threads read too, so that they come from
// cache.
#include "cuda/maps.cuh"

namespace {

struct LrnWindows {
    int64_t channels, height, width;
    int32_t within, size;

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

// y from x; they do not overlap. alpha is divided by the number of elements of a window.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_lrn_forward(int64_t count, int64_t channels, int64_t height, int64_t width, int32_t within, int32_t size,
        float alpha, float beta, float k, const float* x, float* y) {
    const LrnWindows windows = {channels, height, width, within, size};
    atl::cuda::for_indices(count, [=](int64_t i) {
        const float s = k + alpha * windows.sum(i, [=](int64_t j) { return x[j] * x[j]; });
        y[i] = x[i] * powf(s, -beta);
    });
}

// power = s^-beta and ratio = dy x s^-beta / s.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_lrn_ratios(int64_t count, int64_t channels, int64_t height, int64_t width, int32_t within, int32_t size,
        float alpha, float beta, float k, const float* x, const float* dy, float* power, float* ratio) {
    const LrnWindows windows = {channels, height, width, within, size};
    atl::cuda::for_indices(count, [=](int64_t i) {
        const float s = k + alpha * windows.sum(i, [=](int64_t j) { return x[j] * x[j]; }), p = powf(s, -beta);
        power[i] = p;
        ratio[i] = dy[i] * x[i] * p / s;
    });
}

// dx = dy power - 2 alpha beta x (sum of the ratios over the window); dx may be dy.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_lrn_backward(int64_t count, int64_t channels, int64_t height, int64_t width, int32_t within, int32_t size,
        float alpha, float beta, const float* x, const float* dy, const float* power, const float* ratio, float* dx) {
    const LrnWindows windows = {channels, height, width, within, size};
    const float factor = 2 * alpha * beta;
    atl::cuda::for_indices(count, [=](int64_t i) {
        dx[i] = dy[i] * power[i] - factor * x[i] * windows.sum(i, [=](int64_t j) { return ratio[j]; });
    });
}
