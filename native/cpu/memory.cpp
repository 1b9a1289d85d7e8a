#include "atl/memory.h"

#include <cstdlib>
#include <cstring>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "common/layout.h"
#include "common/parallel.h"

namespace {

constexpr size_t kHugePage = size_t{2} << 20;

// Plain (rows = channels, columns = spatial) to interleaved and back is a transpose of small tiles.
template <bool ToBlocked>
void transpose_group(const float* x, float* y, int64_t spatial, int64_t block) {
    constexpr int64_t kTile = 16;
    for (int64_t s0 = 0; s0 < spatial; s0 += kTile)
        for (int64_t b0 = 0; b0 < block; b0 += kTile) {
            const int64_t s1 = std::min(s0 + kTile, spatial), b1 = std::min(b0 + kTile, block);
            if (ToBlocked) {
                for (int64_t s = s0; s < s1; ++s)
                    for (int64_t b = b0; b < b1; ++b) y[s * block + b] = x[b * spatial + s];
            } else {
                for (int64_t b = b0; b < b1; ++b)
                    for (int64_t s = s0; s < s1; ++s) y[b * spatial + s] = x[s * block + b];
            }
        }
}

void copy_all(int64_t count, const float* x, float* y) {
    atl::parallel_for(count, atl::kElementGrain, [=](int64_t begin, int64_t end) {
        std::memcpy(y + begin, x + begin, sizeof(float) * static_cast<size_t>(end - begin));
    });
}

}  // namespace

extern "C" atl_status atl_alloc(int64_t bytes, void** pointer) {
    return atl::guard([&] {
        atl::require(pointer != nullptr, "pointer is NULL");
        atl::require(bytes >= 0, "a negative size");
        const size_t alignment = static_cast<size_t>(bytes) >= kHugePage ? kHugePage : 64;
        const size_t size = (static_cast<size_t>(bytes) / alignment + 1) * alignment;
#ifdef _WIN32
        void* p = _aligned_malloc(size, 64);
#else
        void* p = std::aligned_alloc(alignment, size);
#endif
        if (p == nullptr) throw std::bad_alloc();
#ifdef __linux__
        if (alignment == kHugePage) madvise(p, size, MADV_HUGEPAGE);
#endif
        *pointer = p;
    });
}

extern "C" atl_status atl_free(void* pointer) {
    return atl::guard([&] {
#ifdef _WIN32
        _aligned_free(pointer);
#else
        std::free(pointer);
#endif
    });
}

extern "C" atl_status atl_fill(int64_t count, float value, float* y) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(count >= 0 && (count == 0 || y != nullptr), "count is negative or y is NULL");
        atl::parallel_for(
            count, atl::kElementGrain, [=](int64_t begin, int64_t end) { std::fill(y + begin, y + end, value); });
    });
}

extern "C" atl_status atl_copy(int64_t count, const float* x, float* y) {
    return atl::guard([&] {
        atl::checked_product("count", {count});
        atl::require(
            count >= 0 && (count == 0 || (x != nullptr && y != nullptr)), "count is negative or an array is NULL");
        copy_all(count, x, y);
    });
}

extern "C" atl_status atl_reorder(
    int64_t n, int64_t c, int64_t spatial, atl_layout from, const float* x, atl_layout to, float* y) {
    return atl::guard([&] {
        const atl::LayoutView source(n, c, spatial, from), target(n, c, spatial, to);
        atl::require(source.count() == 0 || (x != nullptr && y != nullptr), "an array is NULL");
        if (source.block == target.block) {
            copy_all(source.count(), x, y);
        } else if (source.block == 1 || target.block == 1) {
            const bool to_blocked = source.block == 1;
            const atl::LayoutView& blocked = to_blocked ? target : source;
            const int64_t size = blocked.spatial * blocked.block, items = blocked.n * blocked.groups;
            const int64_t grain = std::max<int64_t>(1, atl::kElementGrain / std::max<int64_t>(1, size));
            atl::parallel_for(items, grain, [=](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    if (to_blocked) transpose_group<true>(x + i * size, y + i * size, blocked.spatial, blocked.block);
                    else transpose_group<false>(x + i * size, y + i * size, blocked.spatial, blocked.block);
                }
            });
        } else {
            // Between two interleaved layouts: the runs of channels that lie together in both.
            const int64_t run = std::min(source.block, target.block);
            atl::require(
                source.block % run == 0 && target.block % run == 0, "layouts whose blocks do not divide one another");
            atl::parallel_for(n, 1, [=](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i)
                    for (int64_t ch = 0; ch < c; ch += run)
                        for (int64_t s = 0; s < spatial; ++s) {
                            const float* p = x + ((i * source.groups + ch / source.block) * spatial + s) * source.block
                                + ch % source.block;
                            float* q = y + ((i * target.groups + ch / target.block) * spatial + s) * target.block
                                + ch % target.block;
                            std::copy(p, p + run, q);
                        }
            });
        }
    });
}
