// Labels and what losses over them are divided by.
#pragma once

#include <algorithm>

#include "atl/loss.h"
#include "common/guard.h"

namespace atl {

// Labels stored as floats: whole numbers in 0..classes-1, or the ignored one. A fraction is cut off.
struct Labels {
    const float* values;
    int64_t count, classes;
    bool has_ignored;
    int64_t ignored;

    bool counts(int64_t i) const { return !has_ignored || (*this)[i] != ignored; }
    int64_t operator[](int64_t i) const { return static_cast<int64_t>(values[i]); }

    int64_t counted() const {
        int64_t n = 0;
        for (int64_t i = 0; i < count; ++i) n += counts(i);
        return n;
    }

    void check() const {
        require(count == 0 || values != nullptr, "labels is NULL");
        for (int64_t i = 0; i < count; ++i)
            require(values[i] > -2147483648.0f && values[i] < 2147483648.0f
                    && (!counts(i) || ((*this)[i] >= 0 && (*this)[i] < classes)),
                "a label is out of range");
    }
};

inline double loss_divisor(atl_normalization normalization, int64_t all, int64_t batch, int64_t counted) {
    int64_t divisor = 1;
    switch (normalization) {
        case ATL_NORMALIZE_FULL: divisor = all; break;
        case ATL_NORMALIZE_VALID: divisor = counted; break;
        case ATL_NORMALIZE_BATCH_SIZE: divisor = batch; break;
        case ATL_NORMALIZE_NONE: break;
        default: throw Error(ATL_INVALID_ARGUMENT, "unknown normalization");
    }
    return static_cast<double>(std::max<int64_t>(1, divisor));
}

// atl_label_loss with its labels, checked.
struct LabelLoss : atl_label_loss {
    LabelLoss(const atl_label_loss* of, const float* labels_)
        : atl_label_loss(checked(of)), labels{labels_, positions(), channels, has_ignored != 0, ignored} {
        labels.check();
    }

    int64_t positions() const { return outer * inner; }
    double divisor() const { return loss_divisor(normalization, positions(), batch, labels.counted()); }
    // The offset in the scores of a class at a position.
    int64_t at(int64_t position, int64_t channel) const {
        return (position / inner * channels + channel) * inner + position % inner;
    }

    Labels labels;

private:
    static const atl_label_loss& checked(const atl_label_loss* of) {
        require(of != nullptr && of->outer >= 0 && of->channels >= 1 && of->inner >= 0,
            "loss_of is NULL, or has a negative size or no class");
        checked_product("outer x channels x inner", {of->outer, of->channels, of->inner});
        return *of;
    }
};

}  // namespace atl
