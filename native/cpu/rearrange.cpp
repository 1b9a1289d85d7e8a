#include "atl/rearrange.h"

#include <algorithm>

#include "common/guard.h"
#include "common/parallel.h"

namespace {

// Where row `row` of y (all axes but the last) begins in x.
int64_t row_start(int32_t axes, const int64_t* extents, const int64_t* strides, int64_t offset, int64_t row) {
    for (int32_t axis = axes - 2; axis >= 0; --axis) {
        offset += row % extents[axis] * strides[axis];
        row /= extents[axis];
    }
    return offset;
}

// Calls body(where a row begins in x, the row of y, its length, its stride in x) for all rows.
template <class Body>
void each_row(int32_t axes, const int64_t* extents, const int64_t* strides, int64_t offset, int64_t x_count,
    bool arrays, const Body& body) {
    atl::require(axes >= 1 && axes <= 16 && extents != nullptr && strides != nullptr,
        "needs 1 to 16 axes with extents and strides");
    int64_t count = 1, least = atl::checked_sum("offset", {offset}), most = least;
    for (int32_t axis = 0; axis < axes; ++axis) {
        atl::require(extents[axis] >= 0, "a negative extent");
        if (extents[axis] == 0) return;
        const int64_t reach = atl::checked_product("(extent - 1) x stride", {extents[axis] - 1, strides[axis]});
        int64_t& end = reach < 0 ? least : most;
        end = atl::checked_sum("a place in x", {end, reach});
        count = atl::checked_product("the extents of y", {count, extents[axis]});
    }
    atl::require(least >= 0 && most < x_count, "a place lies outside x");
    atl::require(arrays, "an array is NULL");
    const int64_t length = extents[axes - 1], stride = strides[axes - 1];
    atl::parallel_for(
        count / length, std::max<int64_t>(1, atl::kElementGrain / length), [&](int64_t begin, int64_t end) {
            for (int64_t row = begin; row < end; ++row)
                body(row_start(axes, extents, strides, offset, row), row * length, length, stride);
        });
}

}  // namespace

extern "C" atl_status atl_rearrange(int32_t axes, const int64_t* extents, const int64_t* strides, int64_t offset,
    int64_t x_count, const float* x, float* y) {
    return atl::guard([&] {
        atl::checked_product("x_count", {x_count});
        each_row(axes, extents, strides, offset, x_count, x != nullptr && y != nullptr,
            [=](int64_t from, int64_t to, int64_t length, int64_t stride) {
                if (stride == 1) std::copy(x + from, x + from + length, y + to);
                else
                    for (int64_t i = 0; i < length; ++i) y[to + i] = x[from + i * stride];
            });
    });
}

extern "C" atl_status atl_rearrange_back(int32_t axes, const int64_t* extents, const int64_t* strides, int64_t offset,
    int64_t x_count, const float* y, float* x) {
    return atl::guard([&] {
        atl::checked_product("x_count", {x_count});
        atl::require(x_count <= 0 || x != nullptr, "x is NULL");
        if (x_count > 0) std::fill(x, x + x_count, 0.0f);
        each_row(axes, extents, strides, offset, x_count, y != nullptr,
            [=](int64_t to, int64_t from, int64_t length, int64_t stride) {
                if (stride == 1) std::copy(y + from, y + from + length, x + to);
                else
                    for (int64_t i = 0; i < length; ++i) x[to + i * stride] = y[from + i];
            });
    });
}
