#include "atl/euclidean_loss.h"

#include "common/guard.h"
#include "common/parallel.h"
#include "common/reduce.h"

extern "C" atl_status atl_euclidean_loss_forward(
    int64_t count, int64_t batch, const float* a, const float* b, float* loss) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(
            count >= 0 && batch >= 1 && loss != nullptr, "count is negative, the batch is empty, or loss is NULL");
        atl::require(count == 0 || (a != nullptr && b != nullptr), "an array is NULL");
        // Pieces short enough for a float sum to be exact to a few ulp; the pieces are added in double.
        const double sum = atl::parallel_sum(count, 4096, [=](int64_t begin, int64_t end) {
            float partial = 0;
#pragma omp simd reduction(+ : partial)
            for (int64_t i = begin; i < end; ++i) partial += (a[i] - b[i]) * (a[i] - b[i]);
            return static_cast<double>(partial);
        });
        loss[0] = static_cast<float>(sum / 2 / static_cast<double>(batch));
    });
}

extern "C" atl_status atl_euclidean_loss_backward(
    int64_t count, float scale, const float* a, const float* b, float* dx) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(count >= 0 && (count == 0 || (a != nullptr && b != nullptr && dx != nullptr)),
            "count is negative or an array is NULL");
        atl::parallel_for(count, atl::kElementGrain, [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) dx[i] = scale * (a[i] - b[i]);
        });
    });
}
