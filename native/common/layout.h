// The address arithmetic of the memory layouts.
#pragma once

#include "common/guard.h"

namespace atl {

// The channels that lie side by side: 1 for the plain layout, C for channels-last, else the block.
inline int64_t layout_block(atl_layout layout, int64_t c) {
    switch (layout) {
        case ATL_LAYOUT_PLAIN: return 1;
        case ATL_LAYOUT_CHANNELS_LAST: return c;
        case ATL_LAYOUT_BLOCKED8: return 8;
        case ATL_LAYOUT_BLOCKED16: return 16;
    }
    throw Error(ATL_INVALID_ARGUMENT, "unknown layout");
}

// Every layout is N x C/block x spatial x block for some block; this is that view.
struct LayoutView {
    int64_t n, groups, spatial, block;
    LayoutView(int64_t n_, int64_t c, int64_t spatial_, atl_layout layout)
        : n(n_), spatial(spatial_), block(layout_block(layout, c)) {
        require(n >= 0 && c >= 0 && spatial >= 0, "a negative size");
        checked_product("n x c x spatial", {n, c, spatial});
        if (block == 0) block = 1;
        require(c % block == 0, "a blocked layout needs a channel count that is a multiple of its block");
        groups = c / block;
    }
    int64_t count() const { return n * groups * spatial * block; }
};

}  // namespace atl
