// One update of one parameter in a single pass; native/common/solver_rules.h has the rules. And the sum of squares that
// gradients are clipped by.
#include "atl/solver_update.h"
#include "common/solver_rules.h"
#include "cuda/maps.cuh"

namespace {

template <int kRegularization, class Rule>
__device__ __forceinline__ void update(int64_t count, const atl::solver::Gradient& gradient, const Rule& rule, float* w,
    float* diff, float* first, float* second) {
    using namespace atl::cuda;
    typedef Pack<float, 4> Four;
    const auto step = [=](float& weight, float& d, float& h, float& k) {
        d = rule(gradient.of<kRegularization>(d, weight), h, k);
        weight -= d;
    };
    const bool wide = is_wide(w) && is_wide(diff) && is_wide(first) && (!Rule::kSecond || is_wide(second));
    const int64_t packs = wide ? count / 4 : 0;
    for_indices(packs, [=](int64_t i) {
        Four weight = reinterpret_cast<Four*>(w)[i], d = reinterpret_cast<Four*>(diff)[i],
             h = reinterpret_cast<Four*>(first)[i], k = {};
        if (Rule::kSecond) k = reinterpret_cast<Four*>(second)[i];
#pragma unroll
        for (int j = 0; j < 4; ++j) step(weight.v[j], d.v[j], h.v[j], k.v[j]);
        reinterpret_cast<Four*>(w)[i] = weight;
        reinterpret_cast<Four*>(diff)[i] = d;
        reinterpret_cast<Four*>(first)[i] = h;
        if (Rule::kSecond) reinterpret_cast<Four*>(second)[i] = k;
    });
    for_indices(count - 4 * packs, [=](int64_t rest) {
        const int64_t i = 4 * packs + rest;
        float k = Rule::kSecond ? second[i] : 0.0f;
        step(w[i], diff[i], first[i], k);
        if (Rule::kSecond) second[i] = k;
    });
}

}  // namespace

extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_solver_update(atl_solver_step of, float* w, float* diff, float* first, ATL_OPTIONAL float* second) {
    const atl::solver::Gradient gradient = {of.clip_scale, of.mean_scale, of.decay};
    atl::solver::with_rule(of.rule, {of.rate, of.momentum, of.momentum2, of.delta}, [=](const auto& r) {
        switch (of.regularization) {
            case ATL_REGULARIZATION_NONE:
                update<atl::solver::kNone>(of.count, gradient, r, w, diff, first, second);
                break;
            case ATL_REGULARIZATION_L2: update<atl::solver::kL2>(of.count, gradient, r, w, diff, first, second); break;
            case ATL_REGULARIZATION_L1: update<atl::solver::kL1>(of.count, gradient, r, w, diff, first, second); break;
        }
    });
}

// parts[b] = the sum of x^2 over the b-th of `pieces` pieces; a block a piece.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_sum_of_squares_parts(int64_t count, int64_t pieces, const float* x, double* parts) {
    using namespace atl::cuda;
    for (int64_t piece = blockIdx.x; piece < pieces; piece += gridDim.x) {
        const int64_t begin = count * piece / pieces, end = count * (piece + 1) / pieces;
        double sum = 0;
        for_each(x + begin, end - begin, static_cast<int>(threadIdx.x), static_cast<int>(blockDim.x),
            [&](float v) { sum += static_cast<double>(v) * static_cast<double>(v); });
        sum = block_sum(sum);
        if (threadIdx.x == 0) parts[piece] = sum;
    }
}

// sum[0] = the sum of all parts; one block.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_sum_of_parts(int64_t count, const double* parts, double* sum) {
    if (blockIdx.x != 0) return;
    double own = 0;
    for (int64_t i = threadIdx.x; i < count; i += blockDim.x) own += parts[i];
    own = atl::cuda::block_sum(own);
    if (threadIdx.x == 0) sum[0] = own;
}
