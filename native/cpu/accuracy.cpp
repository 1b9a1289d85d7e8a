#include "atl/accuracy.h"

#include <vector>

#include "common/guard.h"
#include "common/parallel.h"

extern "C" atl_status atl_accuracy(int64_t outer, int64_t channels, int64_t inner, int64_t top_k, int32_t has_ignored, int32_t ignored, const float* x,
    const float* labels, float* accuracy, float* per_class) {
    return atl::guard([&] {
        atl::require(outer >= 0 && channels >= 1 && inner >= 0 && top_k >= 1, "a negative size, no class, or top_k below 1");
        const int64_t positions = outer * inner;
        atl::require(accuracy != nullptr && (positions == 0 || (x != nullptr && labels != nullptr)), "an array is NULL");
        const auto counts = [=](int64_t i) { return !has_ignored || static_cast<int64_t>(labels[i]) != ignored; };
        for (int64_t i = 0; i < positions; ++i)
            atl::require(labels[i] > -2147483648.0f && labels[i] < 2147483648.0f
                    && (!counts(i) || (static_cast<int64_t>(labels[i]) >= 0 && static_cast<int64_t>(labels[i]) < channels)),
                "a label is out of range");

        std::vector<uint8_t> right(static_cast<size_t>(positions));
        atl::parallel_for(positions, std::max<int64_t>(1, atl::kElementGrain / channels), [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                if (!counts(i)) continue;
                const float* scores = x + i / inner * channels * inner + i % inner;
                const float own = scores[static_cast<int64_t>(labels[i]) * inner];
                int64_t not_worse = 0;  // the label itself included
                for (int64_t c = 0; c < channels; ++c) not_worse += scores[c * inner] >= own;
                right[static_cast<size_t>(i)] = own == own && not_worse - 1 < top_k;
            }
        });

        int64_t all = 0, all_right = 0;
        std::vector<int64_t> of_class(static_cast<size_t>(channels)), right_of_class(static_cast<size_t>(channels));
        for (int64_t i = 0; i < positions; ++i) {
            if (!counts(i)) continue;
            const size_t label = static_cast<size_t>(static_cast<int64_t>(labels[i])), is_right = right[static_cast<size_t>(i)];
            ++all;
            ++of_class[label];
            all_right += static_cast<int64_t>(is_right);
            right_of_class[label] += static_cast<int64_t>(is_right);
        }
        const auto share = [](int64_t part, int64_t of) { return of == 0 ? 0.0f : static_cast<float>(part) / static_cast<float>(of); };
        accuracy[0] = share(all_right, all);
        if (per_class != nullptr)
            for (size_t c = 0; c < of_class.size(); ++c) per_class[c] = share(right_of_class[c], of_class[c]);
    });
}
