// Pooling over windows of the two spatial axes; arrays are plain, n x channels planes of height x width. Gradients are
// gathered: each pixel sums over the windows that hold it, in their order.
#include <float.h>

#include "atl/pooling.h"
#include "common/philox.h"
#include "cuda/maps.cuh"

namespace {

// The windows in 32 bits, which the host has checked to suffice.
struct PoolingWindows {
    int64_t planes;
    int32_t height, width, out_height, out_width, kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w;

    __device__ __forceinline__ explicit PoolingWindows(const atl_pooling& p)
        : planes(p.n * p.channels),
          height(static_cast<int32_t>(p.height)),
          width(static_cast<int32_t>(p.width)),
          out_height(static_cast<int32_t>(p.out_height)),
          out_width(static_cast<int32_t>(p.out_width)),
          kernel_h(static_cast<int32_t>(p.kernel_h)),
          kernel_w(static_cast<int32_t>(p.kernel_w)),
          stride_h(static_cast<int32_t>(p.stride_h)),
          stride_w(static_cast<int32_t>(p.stride_w)),
          pad_h(static_cast<int32_t>(p.pad_h)),
          pad_w(static_cast<int32_t>(p.pad_w)) {}

    __device__ __forceinline__ int64_t pixels() const { return static_cast<int64_t>(height) * width; }
    __device__ __forceinline__ int64_t windows() const { return static_cast<int64_t>(out_height) * out_width; }

    // Calls f(pixel) for each pixel of a window, row by row.
    template <class F>
    __device__ __forceinline__ void for_pixels(int64_t window, F f) const {
        const int32_t oh = static_cast<int32_t>(window / out_width), ow = static_cast<int32_t>(window % out_width);
        // Windows that are far larger than the image begin and end beyond 32 bits.
        const int64_t top = start(oh, stride_h, pad_h), left = start(ow, stride_w, pad_w);
        const int32_t bottom = end(top, kernel_h, height), right = end(left, kernel_w, width);
        for (int32_t h = begin(top); h < bottom; ++h)
            for (int32_t w = begin(left); w < right; ++w) f(h * width + w);
    }

    // Calls f(window) for each window that holds a pixel.
    template <class F>
    __device__ __forceinline__ void for_windows(int64_t pixel, F f) const {
        const uint32_t h = static_cast<uint32_t>(pixel / width) + static_cast<uint32_t>(pad_h);
        const uint32_t w = static_cast<uint32_t>(pixel % width) + static_cast<uint32_t>(pad_w);
        const int32_t last_h = last(h, stride_h, out_height), last_w = last(w, stride_w, out_width);
        for (int32_t oh = first(h, kernel_h, stride_h); oh <= last_h; ++oh)
            for (int32_t ow = first(w, kernel_w, stride_w); ow <= last_w; ++ow) f(oh * out_width + ow);
    }

    // 1 / the window's area, padding included but clipped where the padded image ends.
    __device__ __forceinline__ float share(int64_t window) const {
        const int64_t top = start(static_cast<int32_t>(window / out_width), stride_h, pad_h);
        const int64_t left = start(static_cast<int32_t>(window % out_width), stride_w, pad_w);
        return 1 / static_cast<float>(extent(top, kernel_h, height, pad_h) * extent(left, kernel_w, width, pad_w));
    }

    __device__ __forceinline__ float sum(int64_t window, const float* x) const {
        float all = 0;
        for_pixels(window, [&](int32_t pixel) { all += x[pixel]; });
        return all;
    }

private:
    // Where a window begins, and which of its pixels along the axis lie inside the image.
    static __device__ __forceinline__ int64_t start(int32_t window, int32_t stride, int32_t pad) {
        return static_cast<int64_t>(window) * stride - pad;
    }
    static __device__ __forceinline__ int32_t begin(int64_t at) { return at > 0 ? static_cast<int32_t>(at) : 0; }
    static __device__ __forceinline__ int32_t end(int64_t at, int32_t kernel, int32_t size) {
        return at + kernel < size ? static_cast<int32_t>(at + kernel) : size;
    }
    static __device__ __forceinline__ int64_t extent(int64_t at, int32_t kernel, int32_t size, int32_t pad) {
        const int64_t room = static_cast<int64_t>(size) + pad - at;
        return room < kernel ? room : kernel;
    }
    // The first and the last window that hold a pixel, counted from where the padded image begins.
    static __device__ __forceinline__ int32_t first(uint32_t at, int32_t kernel, int32_t stride) {
        const uint32_t reach = static_cast<uint32_t>(kernel);
        return at < reach ? 0 : static_cast<int32_t>((at - reach) / static_cast<uint32_t>(stride)) + 1;
    }
    static __device__ __forceinline__ int32_t last(uint32_t at, int32_t stride, int32_t count) {
        const int64_t window = at / static_cast<uint32_t>(stride);
        return window < count ? static_cast<int32_t>(window) : count - 1;
    }
};

// Calls f(i, x of the plane, window) for every output i.
template <class F>
__device__ __forceinline__ void for_outputs(const PoolingWindows& g, const float* x, F f) {
    const int64_t windows = g.windows(), pixels = g.pixels();
    atl::cuda::for_indices(g.planes * windows, [=](int64_t i) {
        const int64_t plane = atl::cuda::quotient(i, windows);
        f(i, x + plane * pixels, i - plane * windows);
    });
}

// dx[i] = the sum of f(output, window, pixel) over the windows that hold the pixel.
template <class F>
__device__ __forceinline__ void gather_windows(const PoolingWindows& g, float* dx, F f) {
    const int64_t windows = g.windows(), pixels = g.pixels();
    atl::cuda::for_indices(g.planes * pixels, [=](int64_t i) {
        const int64_t plane = atl::cuda::quotient(i, pixels), pixel = i - plane * pixels;
        float sum = 0;
        g.for_windows(pixel,
            [&](int32_t window) { sum += f(plane * windows + window, window, plane, static_cast<int32_t>(pixel)); });
        dx[i] = sum;
    });
}

}  // namespace

// y = the largest value of each window, the first of equals, -FLT_MAX where none is larger; places and mask, where they
// are there, take row * width + column, -1 for none.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_pooling_max_forward(
    atl_pooling p, const float* x, float* y, ATL_OPTIONAL int32_t* places, ATL_OPTIONAL float* mask) {
    const PoolingWindows g(p);
    for_outputs(g, x, [=](int64_t i, const float* from, int64_t window) {
        float largest = -FLT_MAX;
        int32_t place = -1;
        g.for_pixels(window, [&](int32_t pixel) {
            if (!(from[pixel] > largest)) return;
            largest = from[pixel];
            place = pixel;
        });
        y[i] = largest;
        if (places != nullptr) places[i] = place;
        if (mask != nullptr) mask[i] = static_cast<float>(place);
    });
}

// dx = for each pixel the sum of dy over the windows whose value came from it.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_pooling_places_backward(atl_pooling p, const float* dy, const int32_t* places, float* dx) {
    const PoolingWindows g(p);
    gather_windows(g, dx,
        [=](int64_t output, int32_t, int64_t, int32_t pixel) { return places[output] == pixel ? dy[output] : 0.0f; });
}

// y = the sum of each window divided by its area.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_pooling_average_forward(atl_pooling p, const float* x, float* y) {
    const PoolingWindows g(p);
    for_outputs(
        g, x, [=](int64_t i, const float* from, int64_t window) { y[i] = g.sum(window, from) * g.share(window); });
}

// dx = for each pixel the sum of dy / area over the windows that hold it.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_pooling_average_backward(atl_pooling p, const float* dy, float* dx) {
    const PoolingWindows g(p);
    gather_windows(
        g, dx, [=](int64_t output, int32_t window, int64_t, int32_t) { return dy[output] * g.share(window); });
}

// y = one value of each window, drawn in proportion to it by word position + i of the Philox stream `key`; places takes
// where it lies.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_pooling_draw_forward(
    atl_pooling p, uint64_t key, uint64_t position, const float* x, float* y, int32_t* places) {
    const PoolingWindows g(p);
    for_outputs(g, x, [=](int64_t i, const float* from, int64_t window) {
        const float u = static_cast<float>((atl::philox_word(position + static_cast<uint64_t>(i), key) >> 8) + 1)
            * (1.0f / 16777216.0f);
        const float threshold = u * g.sum(window, from);
        float sum = 0, drawn = 0;
        int32_t place = -1;
        g.for_pixels(window, [&](int32_t pixel) {
            sum += from[pixel];
            if (place >= 0 || !(sum >= threshold)) return;
            place = pixel;
            drawn = from[pixel];
        });
        y[i] = drawn;
        places[i] = place;
    });
}

// y = sum x^2 / sum x of each window, 0 where the sum is not positive.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_pooling_expectation_forward(atl_pooling p, const float* x, float* y) {
    const PoolingWindows g(p);
    for_outputs(g, x, [=](int64_t i, const float* from, int64_t window) {
        float sum = 0, squares = 0;
        g.for_pixels(window, [&](int32_t pixel) {
            sum += from[pixel];
            squares += from[pixel] * from[pixel];
        });
        y[i] = sum > 0 ? squares / sum : 0.0f;
    });
}

// dx = for each pixel the sum of dy (2 x - y) / sum x over the windows that hold it and have a positive sum.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_pooling_expectation_backward(atl_pooling p, const float* x, const float* y, const float* dy, float* dx) {
    const PoolingWindows g(p);
    gather_windows(g, dx, [=](int64_t output, int32_t window, int64_t plane, int32_t pixel) {
        const float* from = x + plane * g.pixels();
        const float sum = g.sum(window, from);
        return sum > 0 ? dy[output] * (2 * from[pixel] - y[output]) / sum : 0.0f;
    });
}
