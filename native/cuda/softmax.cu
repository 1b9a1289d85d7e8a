// The softmax over one axis of an outer x channels x inner array, and the loss of its logarithm. With inner = 1 a block
// works on a row; else a thread on a position, with neighbouring positions in neighbouring threads.
#include <float.h>

#include "atl/loss.h"
#include "common/vector_math.h"
#include "cuda/labels.cuh"

namespace {

namespace vm = atl::vm;
using atl::cuda::first_of;
using atl::cuda::label_of;

// The largest of some values and the sum of exp(value - largest), of any part of a row: parts are joined.
struct Peak {
    float largest;
    double sum;

    __device__ __forceinline__ void add(float v) {
        if (v > largest) {
            sum = sum * vm::exp(largest - v) + 1;
            largest = v;
        } else {
            // Where nothing was added yet, and NaN, which is passed on.
            sum += largest == -INFINITY ? (v == v ? 1.0 : static_cast<double>(v))
                                        : static_cast<double>(vm::exp(v - largest));
        }
    }
    __device__ __forceinline__ void join(float other, double other_sum) {
        const float most = other > largest ? other : largest;
        sum = scaled(sum, largest, most) + scaled(other_sum, other, most);
        largest = most;
    }
    // A part's sum for a larger value than its own largest.
    static __device__ __forceinline__ double scaled(double sum, float from, float to) {
        return sum == 0 || from == to ? sum : sum * vm::exp(from - to);
    }
};

// The peak of a row, in every thread of the block.
__device__ __forceinline__ Peak row_peak(const float* row, int64_t channels) {
    using namespace atl::cuda;
    __shared__ float largest[kWarp];
    __shared__ double sums[kWarp];
    Peak peak = {-INFINITY, 0};
    for (int64_t c = threadIdx.x; c < channels; c += blockDim.x) peak.add(row[c]);
    const int lane = static_cast<int>(threadIdx.x) % kWarp, warps = static_cast<int>(blockDim.x) / kWarp;
#pragma unroll
    for (int step = kWarp / 2; step > 0; step /= 2) {
        const float other = __shfl_xor_sync(kAllLanes, peak.largest, step);
        const double other_sum = __shfl_xor_sync(kAllLanes, peak.sum, step);
        peak.join(other, other_sum);
    }
    __syncthreads();  // what an earlier row left is read
    if (lane == 0) {
        largest[threadIdx.x / kWarp] = peak.largest;
        sums[threadIdx.x / kWarp] = peak.sum;
    }
    __syncthreads();
    peak = {-INFINITY, 0};
    for (int w = 0; w < warps; ++w) peak.join(largest[w], sums[w]);
    return peak;
}

// The peak of a position; the elements of its channels lie `inner` apart.
__device__ __forceinline__ Peak position_peak(const float* first, int64_t channels, int64_t inner) {
    Peak peak = {-INFINITY, 0};
    for (int64_t c = 0; c < channels; ++c) peak.add(first[c * inner]);
    return peak;
}

// What the sum of losses is divided by where so many labels count. Other counts are a float's, as what is stored.
__device__ __forceinline__ double divisor_of(const atl_label_loss& of, double counted) {
    double by = 1;
    switch (of.normalization) {
        case ATL_NORMALIZE_FULL: by = static_cast<float>(of.outer * of.inner); break;
        case ATL_NORMALIZE_VALID: by = counted; break;
        case ATL_NORMALIZE_BATCH_SIZE: by = static_cast<float>(of.batch); break;
        case ATL_NORMALIZE_NONE: break;
    }
    return by > 1 ? by : 1.0;
}

}  // namespace

// y = exp(x - max x) / sum exp(x - max x) along the channels; y may be x.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_softmax_forward(int64_t outer, int64_t channels, int64_t inner, const float* x, float* y) {
    if (inner == 1) {
        for (int64_t row = blockIdx.x; row < outer; row += gridDim.x) {
            const Peak peak = row_peak(x + row * channels, channels);
            const float inverse = static_cast<float>(1 / peak.sum);
            for (int64_t c = threadIdx.x; c < channels; c += blockDim.x)
                y[row * channels + c] = vm::exp(x[row * channels + c] - peak.largest) * inverse;
        }
        return;
    }
    atl::cuda::for_indices(outer * inner, [=](int64_t position) {
        const int64_t first = first_of(position, channels, inner);
        const Peak peak = position_peak(x + first, channels, inner);
        const float inverse = static_cast<float>(1 / peak.sum);
        for (int64_t c = 0; c < channels; ++c)
            y[first + c * inner] = vm::exp(x[first + c * inner] - peak.largest) * inverse;
    });
}

// dx = y (dy - sum y dy) along the channels; dx may be dy.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_softmax_backward(int64_t outer, int64_t channels, int64_t inner, const float* y, const float* dy, float* dx) {
    if (inner == 1) {
        for (int64_t row = blockIdx.x; row < outer; row += gridDim.x) {
            const float *p = y + row * channels, *g = dy + row * channels;
            double dot = 0;
            for (int64_t c = threadIdx.x; c < channels; c += blockDim.x) dot += static_cast<double>(p[c]) * g[c];
            const float sum = static_cast<float>(atl::cuda::block_sum(dot));
            for (int64_t c = threadIdx.x; c < channels; c += blockDim.x) dx[row * channels + c] = p[c] * (g[c] - sum);
        }
        return;
    }
    atl::cuda::for_indices(outer * inner, [=](int64_t position) {
        const int64_t first = first_of(position, channels, inner);
        float dot = 0;
        for (int64_t c = 0; c < channels; ++c) dot += y[first + c * inner] * dy[first + c * inner];
        for (int64_t c = 0; c < channels; ++c)
            dx[first + c * inner] = y[first + c * inner] * (dy[first + c * inner] - dot);
    });
}

// For every position: stats = the largest score, 1 / the sum of exponentials, and -ln max(p, FLT_MIN) at the label, 0
// where it does not count; each of outer x inner numbers.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_softmax_loss_stats(atl_label_loss of, const float* x, const float* labels, float* stats) {
    const int64_t outer = of.outer, channels = of.channels, inner = of.inner, positions = outer * inner;
    const auto finish = [=](int64_t position, int64_t first, const Peak& peak) {
        const float inverse = static_cast<float>(1 / peak.sum);
        const int64_t label = label_of(labels[position], channels, of.has_ignored, of.ignored);
        stats[position] = peak.largest;
        stats[positions + position] = inverse;
        const float p = label < 0 ? 1.0f : vm::exp(x[first + label * inner] - peak.largest) * inverse;
        stats[2 * positions + position] =
            label < 0 ? 0.0f : -static_cast<float>(log(static_cast<double>(p < FLT_MIN ? FLT_MIN : p)));
    };
    if (inner == 1) {
        for (int64_t row = blockIdx.x; row < outer; row += gridDim.x) {
            const Peak peak = row_peak(x + row * channels, channels);
            if (threadIdx.x == 0) finish(row, row * channels, peak);
        }
        return;
    }
    atl::cuda::for_indices(positions, [=](int64_t position) {
        const int64_t first = first_of(position, channels, inner);
        finish(position, first, position_peak(x + first, channels, inner));
    });
}

// loss[0] = the sum of the positions' losses / divisor, and the divisor, at least 1. One block.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_softmax_loss_sum(atl_label_loss of, const float* labels, const float* losses, float* divisor, float* loss) {
    if (blockIdx.x != 0) return;
    const int64_t positions = of.outer * of.inner, channels = of.channels;
    double sum = 0, counted = 0;
    for (int64_t i = threadIdx.x; i < positions; i += blockDim.x) {
        sum += losses[i];
        counted += label_of(labels[i], channels, of.has_ignored, of.ignored) >= 0 ? 1 : 0;
    }
    sum = atl::cuda::block_sum(sum);
    counted = atl::cuda::block_sum(counted);
    if (threadIdx.x != 0) return;
    const double by = divisor_of(of, counted);
    divisor[0] = static_cast<float>(by);
    loss[0] = static_cast<float>(sum / by);
}

// dx = weight (p - [channel is the label]) / divisor; 0 where the label does not count.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_softmax_loss_backward(atl_label_loss of,
    float weight, const float* x, const float* labels, const float* stats, const float* divisor, float* dx) {
    const int64_t outer = of.outer, channels = of.channels, inner = of.inner, positions = outer * inner;
    const float scale = static_cast<float>(static_cast<double>(weight) / static_cast<double>(divisor[0]));
    if (inner == 1) {
        for (int64_t row = blockIdx.x; row < outer; row += gridDim.x) {
            const int64_t label = label_of(labels[row], channels, of.has_ignored, of.ignored);
            const float shift = stats[row], times = stats[positions + row] * scale;
            for (int64_t c = threadIdx.x; c < channels; c += blockDim.x) {
                const float p = vm::exp(x[row * channels + c] - shift) * times;
                dx[row * channels + c] = label < 0 ? 0.0f : c == label ? p - scale : p;
            }
        }
        return;
    }
    atl::cuda::for_indices(positions, [=](int64_t position) {
        const int64_t first = first_of(position, channels, inner),
                      label = label_of(labels[position], channels, of.has_ignored, of.ignored);
        const float shift = stats[position], times = stats[positions + position] * scale;
        for (int64_t c = 0; c < channels; ++c) {
            const float p = vm::exp(x[first + c * inner] - shift) * times;
            dx[first + c * inner] = label < 0 ? 0.0f : c == label ? p - scale : p;
        }
    });
}
