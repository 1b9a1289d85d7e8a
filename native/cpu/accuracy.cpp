#include "atl/accuracy.h"

#include <vector>

#include "common/parallel.h"
#include "cpu/labels.h"

extern "C" atl_status atl_accuracy(int64_t outer, int64_t channels, int64_t inner, int64_t top_k, int32_t has_ignored,
    int32_t ignored, const float* x, const float* labels, float* accuracy, float* per_class) {
    return atl::guard([&] {
        atl::require(
            outer >= 0 && channels >= 1 && inner >= 0 && top_k >= 1, "a negative size, no class, or top_k below 1");
        atl::checked_product("outer x channels x inner", {outer, channels, inner});
        const int64_t positions = outer * inner;
        atl::require(accuracy != nullptr && (positions == 0 || x != nullptr), "an array is NULL");
        const atl::Labels label{labels, positions, channels, has_ignored != 0, ignored};
        label.check();
        std::vector<uint8_t> right(static_cast<size_t>(positions));
        atl::parallel_for(
            positions, std::max<int64_t>(1, atl::kElementGrain / channels), [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    if (!label.counts(i)) continue;
                    const float* scores = x + i / inner * channels * inner + i % inner;
                    const float own = scores[label[i] * inner];
                    int64_t not_worse = 0;  // the label itself included
                    for (int64_t c = 0; c < channels; ++c) not_worse += scores[c * inner] >= own;
                    right[static_cast<size_t>(i)] = own == own && not_worse - 1 < top_k;
                }
            });

        int64_t all = 0, all_right = 0;
        std::vector<int64_t> of_class(static_cast<size_t>(channels)), right_of_class(static_cast<size_t>(channels));
        for (int64_t i = 0; i < positions; ++i) {
            if (!label.counts(i)) continue;
            const size_t c = static_cast<size_t>(label[i]), is_right = right[static_cast<size_t>(i)];
            ++all;
            ++of_class[c];
            all_right += static_cast<int64_t>(is_right);
            right_of_class[c] += static_cast<int64_t>(is_right);
        }
        const auto share = [](int64_t part, int64_t of) {
            return of == 0 ? 0.0f : static_cast<float>(part) / static_cast<float>(of);
        };
        accuracy[0] = share(all_right, all);
        if (per_class != nullptr)
            for (size_t c = 0; c < of_class.size(); ++c) per_class[c] = share(right_of_class[c], of_class[c]);
    });
}
