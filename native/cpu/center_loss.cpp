#include "atl/center_loss.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "common/parallel.h"
#include "common/reduce.h"
#include "cpu/labels.h"

namespace {

atl::Labels checked(int64_t m, int64_t n, int64_t k, const float* x, const float* labels, const float* centers) {
    atl::require(m >= 0 && n >= 1 && k >= 1, "m is negative, or n or k is not positive");
    atl::checked_product("m x k", {m, k});
    atl::checked_product("n x k", {n, k});
    atl::require(centers != nullptr && (m == 0 || x != nullptr), "an array is NULL");
    const atl::Labels label{labels, m, n, false, 0};
    label.check();
    return label;
}

int64_t rows_at_once(int64_t k) { return std::max<int64_t>(1, atl::kElementGrain / k); }

float sign(float v) { return static_cast<float>((v > 0) - (v < 0)); }

// out += factor (a - b), or factor times the sign of it.
void add_difference(int64_t k, bool absolute, float factor, const float* a, const float* b, float* out) {
    if (absolute) {
#pragma omp simd
        for (int64_t j = 0; j < k; ++j) out[j] += factor * sign(a[j] - b[j]);
    } else {
#pragma omp simd
        for (int64_t j = 0; j < k; ++j) out[j] += factor * (a[j] - b[j]);
    }
}

}  // namespace

extern "C" atl_status atl_center_loss_forward(int64_t m, int64_t n, int64_t k, int32_t absolute, const float* x,
    const float* labels, const float* centers, float* loss) {
    return atl::guard([&] {
        const atl::Labels label = checked(m, n, k, x, labels, centers);
        atl::require(loss != nullptr, "loss is NULL");
        const double sum = atl::parallel_sum(m, rows_at_once(k), [&](int64_t begin, int64_t end) {
            double partial = 0;
            for (int64_t i = begin; i < end; ++i) {
                const float *a = x + i * k, *c = centers + label[i] * k;
                float of_row = 0;
                if (absolute) {
#pragma omp simd reduction(+ : of_row)
                    for (int64_t j = 0; j < k; ++j) of_row += std::fabs(a[j] - c[j]);
                } else {
#pragma omp simd reduction(+ : of_row)
                    for (int64_t j = 0; j < k; ++j) of_row += (a[j] - c[j]) * (a[j] - c[j]);
                }
                partial += of_row;
            }
            return partial;
        });
        loss[0] = static_cast<float>(sum / (absolute ? 1 : 2) / static_cast<double>(std::max<int64_t>(1, m)));
    });
}

extern "C" atl_status atl_center_loss_backward(int64_t m, int64_t n, int64_t k, int32_t absolute, float weight,
    const float* x, const float* labels, const float* centers, float* dx) {
    return atl::guard([&] {
        const atl::Labels label = checked(m, n, k, x, labels, centers);
        atl::require(m == 0 || dx != nullptr, "dx is NULL");
        const float factor = weight / static_cast<float>(m);
        atl::parallel_for(m, rows_at_once(k), [&](int64_t begin, int64_t end) {
            std::fill(dx + begin * k, dx + end * k, 0.0f);
            for (int64_t i = begin; i < end; ++i)
                add_difference(k, absolute != 0, factor, x + i * k, centers + label[i] * k, dx + i * k);
        });
    });
}

extern "C" atl_status atl_center_loss_update(int64_t m, int64_t n, int64_t k, int32_t absolute, const float* x,
    const float* labels, const float* centers, float* dcenters) {
    return atl::guard([&] {
        const atl::Labels label = checked(m, n, k, x, labels, centers);
        atl::require(dcenters != nullptr, "dcenters is NULL");
        // The samples by class, each class' in their own order; a class belongs to one thread.
        std::vector<int64_t> order(static_cast<size_t>(m));
        std::iota(order.begin(), order.end(), int64_t{0});
        std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return label[a] < label[b]; });
        std::vector<size_t> starts;
        for (size_t i = 0; i < order.size(); ++i)
            if (i == 0 || label[order[i]] != label[order[i - 1]]) starts.push_back(i);
        const int64_t classes = static_cast<int64_t>(starts.size());
        starts.push_back(order.size());
        atl::parallel_for(classes, rows_at_once(k), [&](int64_t begin, int64_t end) {
            for (int64_t c = begin; c < end; ++c) {
                const size_t first = starts[static_cast<size_t>(c)], last = starts[static_cast<size_t>(c) + 1];
                const int64_t row = label[order[first]] * k;
                const float factor = 1.0f / static_cast<float>(last - first + 1);
                for (size_t i = first; i < last; ++i)
                    add_difference(k, absolute != 0, factor, centers + row, x + order[i] * k, dcenters + row);
            }
        });
    });
}
