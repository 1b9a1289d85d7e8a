// L2 or L1 normalisation over the channels of each place of a samples x channels x spatial array, or over all of a
// sample.
#include "atl/normalize.h"
#include "cuda/channel_sums.cuh"

namespace {

// Which elements share a norm.
struct NormalizeShape {
    int64_t samples, channels, spatial;
    int32_t across;

    __device__ __forceinline__ explicit NormalizeShape(const atl_normalize& of)
        : samples(of.n), channels(of.c), spatial(of.spatial), across(of.across_spatial) {}

    __device__ __forceinline__ int64_t count() const { return samples * channels * spatial; }

    // The norm of an element.
    __device__ __forceinline__ int64_t norm_of(int64_t i) const {
        const int64_t sample = atl::cuda::quotient(i, channels * spatial);
        if (across != 0) return sample;
        const int64_t rest = i - sample * channels * spatial;
        return sample * spatial + (rest - atl::cuda::quotient(rest, spatial) * spatial);
    }

    __device__ __forceinline__ int64_t channel_of(int64_t i) const {
        const int64_t row = atl::cuda::quotient(i, spatial);
        return row - atl::cuda::quotient(row, channels) * channels;
    }

    // Calls finish(norm, sum of term(element, channel)) for every norm: a block a norm where its elements lie together,
    // else a thread a norm.
    template <class Term, class Finish>
    __device__ __forceinline__ void sum(Term term, Finish finish) const {
        if (across != 0 || spatial == 1) {
            const int64_t size = channels * spatial;
            for (int64_t norm = blockIdx.x; norm < samples; norm += gridDim.x) {
                double all = 0;
                for (int64_t j = threadIdx.x; j < size; j += blockDim.x)
                    all += static_cast<double>(term(norm * size + j, atl::cuda::quotient(j, spatial)));
                all = atl::cuda::block_sum(all);
                if (threadIdx.x == 0) finish(norm, all);
            }
            return;
        }
        const NormalizeShape s = *this;
        atl::cuda::for_indices(samples * spatial, [=](int64_t norm) {
            const int64_t sample = atl::cuda::quotient(norm, s.spatial),
                          first = sample * s.channels * s.spatial + (norm - sample * s.spatial);
            double all = 0;
            for (int64_t c = 0; c < s.channels; ++c) all += static_cast<double>(term(first + c * s.spatial, c));
            finish(norm, all);
        });
    }
};

// The scale of a channel.
__device__ __forceinline__ float scale_of(atl_normalize_scale kind, const float* scale, int64_t c) {
    return kind == ATL_NORMALIZE_NO_SCALE ? 1.0f : scale[kind == ATL_NORMALIZE_SHARED_SCALE ? 0 : c];
}

}  // namespace

// inverse = 1 / |x| for each norm, 0 for a norm of 0, and norms, where it is there, |x|.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_normalize_norms(atl_normalize of, const float* x, float* inverse, ATL_OPTIONAL float* norms) {
    const NormalizeShape shape(of);
    shape.sum([=](int64_t i, int64_t) { return of.norm == ATL_NORMALIZE_L1 ? fabsf(x[i]) : x[i] * x[i]; },
        [=](int64_t norm, double sum) {
            const double length = of.norm == ATL_NORMALIZE_L1 ? sum + of.eps : sqrt(sum + of.eps);
            inverse[norm] = length == 0 ? 0.0f : static_cast<float>(1 / length);
            if (norms != nullptr) norms[norm] = static_cast<float>(length);
        });
}

// y = scale x / |x|.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_normalize_forward(
    atl_normalize of, const float* x, ATL_OPTIONAL const float* scale, const float* inverse, float* y) {
    const NormalizeShape shape(of);
    atl::cuda::for_indices(shape.count(),
        [=](int64_t i) { y[i] = x[i] * inverse[shape.norm_of(i)] * scale_of(of.scale, scale, shape.channel_of(i)); });
}

// What the derivative of each norm is multiplied by: -sum(x / |x| scale dy), divided by |x| unless the gradient is
// fixed, plus dnorms where it is there.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_normalize_shares(atl_normalize of, const float* x, ATL_OPTIONAL const float* scale, const float* inverse,
        const float* dy, ATL_OPTIONAL const float* dnorms, float* shares) {
    const NormalizeShape shape(of);
    shape.sum([=](int64_t i, int64_t c) { return x[i] * dy[i] * scale_of(of.scale, scale, c); },
        [=](int64_t norm, double sum) {
            const float dot = static_cast<float>(sum * inverse[norm]);
            shares[norm] =
                -dot * (of.fix_gradient != 0 ? 1.0f : inverse[norm]) + (dnorms == nullptr ? 0.0f : dnorms[norm]);
        });
}

// dx = scale dy / |x| (undivided where the gradient is fixed) + the norm's derivative times its share.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_normalize_backward(atl_normalize of, const float* x, ATL_OPTIONAL const float* scale, const float* inverse,
        const float* dy, const float* shares, float* dx) {
    const NormalizeShape shape(of);
    atl::cuda::for_indices(shape.count(), [=](int64_t i) {
        const int64_t norm = shape.norm_of(i);
        const float v = x[i], times = inverse[norm];
        const float direction = of.norm == ATL_NORMALIZE_L1 ? (v > 0 ? 1.0f : v < 0 ? -1.0f : 0.0f) : v * times;
        dx[i] = dy[i] * scale_of(of.scale, scale, shape.channel_of(i)) * (of.fix_gradient != 0 ? 1.0f : times)
            + direction * shares[norm];
    });
}

// The parts of the sums of dy x / |x| over each channel.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_normalize_scale_parts(
    atl_normalize of, int64_t slices, const float* x, const float* inverse, const float* dy, double* parts) {
    const NormalizeShape shape(of);
    atl::cuda::sum_channels<1>(of.n, of.c, of.spatial, slices, parts,
        [=](int64_t i, int64_t, float(&terms)[1]) { terms[0] = dy[i] * x[i] * inverse[shape.norm_of(i)]; });
}

// dscale[0] += the sum of all channels' sums; one block.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_normalize_scale_add(int64_t channels, int64_t spatial, int64_t slices, const double* parts, float* dscale) {
    if (blockIdx.x != 0) return;
    double all = 0;
    for (int64_t c = threadIdx.x; c < channels; c += blockDim.x)
        all += atl::cuda::sum_of_parts(1, 0, c, channels, spatial, slices, parts);
    all = atl::cuda::block_sum(all);
    if (threadIdx.x == 0) dscale[0] += static_cast<float>(all);
}
