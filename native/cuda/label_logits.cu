// Margins on the logits of labels; native/margin/label_logit.h has the rules.
#include "atl/label_logits.h"
#include "cuda/labels.cuh"
#include "margin/label_logit.h"

// y from x, m x n, which may be y; a block a row. state takes 2 m numbers: the slope and the new logit of each label.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_label_logits_forward(atl_label_logits of, const float* x, const float* labels, float* y, float* state) {
    namespace margin = atl::margin;
    const int64_t m = of.m, n = of.n;
    const float hard = of.hard;
    for (int64_t i = blockIdx.x; i < m; i += gridDim.x) {
        const float* from = x + i * n;
        float* to = y + i * n;
        // No label: the row stays as it is. Every thread knows the label's logit before any of them changes it.
        const int64_t label = atl::cuda::label_of(labels[i], n, 0, 0);
        const float s = label < 0 ? 0.0f : from[label];
        __syncthreads();
        margin::LabelLogit logit = {s, 1};
        if (label >= 0 && (of.only_positive == 0 || s > 0))
            logit = margin::label_logit(
                static_cast<margin::LabelRule>(of.rule), static_cast<margin::AngleEdge>(of.edge), s, of.a, of.b, of.c);
        const float value = static_cast<float>(logit.value), factor = label < 0 ? 1.0f : of.others;
        for (int64_t j = threadIdx.x; j < n; j += blockDim.x) {
            const float scaled = factor * from[j];
            to[j] = label < 0                 ? scaled
                : j == label                  ? value
                : hard != 1 && scaled > value ? hard * scaled + hard - 1
                                              : scaled;
        }
        if (threadIdx.x != 0) continue;
        const double limit = of.slope_limit, slope = logit.slope;
        state[i] = static_cast<float>(limit > 0 ? (slope < 0 ? 0 : slope > limit ? limit : slope) : slope);
        state[m + i] = value;
    }
}

// dx from dy, which may be dx; a block a row. x, what the forward read, is there where hard is not 1.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads) atl_label_logits_backward(atl_label_logits of,
    ATL_OPTIONAL const float* x, const float* labels, const float* state, const float* dy, float* dx) {
    const int64_t m = of.m, n = of.n;
    const float others = of.others, hard = of.hard;
    for (int64_t i = blockIdx.x; i < m; i += gridDim.x) {
        const float* from = dy + i * n;
        float* to = dx + i * n;
        const int64_t label = atl::cuda::label_of(labels[i], n, 0, 0);
        const float slope = state[i], value = state[m + i];
        for (int64_t j = threadIdx.x; j < n; j += blockDim.x) {
            const float g = from[j];
            const bool above = x != nullptr && others * x[i * n + j] > value;
            to[j] = label < 0 ? g : j == label ? g * slope : above ? hard * (others * g) : others * g;
        }
    }
}
