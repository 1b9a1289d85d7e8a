#include "atl/dropout.h"

#include <vector>

#include "common/layout.h"
#include "common/parallel.h"
#include "common/philox.h"

namespace {

constexpr int64_t kBlocks = 256;  // of four words, drawn in one go

// factors[i] = scale where word position + i of the stream is at least threshold, else 0.
void draw(uint64_t key, uint64_t position, int64_t count, uint64_t threshold, float scale, float* factors) {
    uint32_t words[4 * kBlocks];
    const uint64_t end = position + static_cast<uint64_t>(count);
    while (position < end) {
        const uint64_t block = position / 4, blocks = std::min<uint64_t>(kBlocks, (end + 3) / 4 - block),
                       skipped = position % 4;
        for (uint64_t b = 0; b < blocks; ++b) atl::philox(block + b, key, words + 4 * b);
        const int64_t drawn = static_cast<int64_t>(std::min(end, 4 * (block + blocks)) - position);
        const uint32_t* first = words + skipped;
        for (int64_t i = 0; i < drawn; ++i) factors[i] = first[i] >= threshold ? scale : 0.0f;
        factors += drawn;
        position += static_cast<uint64_t>(drawn);
    }
}

}  // namespace

extern "C" atl_status atl_dropout(int64_t n, int64_t c, int64_t spatial, atl_layout layout, float ratio, uint64_t key,
    uint64_t position, const float* x, float* y) {
    return atl::guard([&] {
        const atl::LayoutView v(n, c, spatial, layout);
        atl::require(ratio >= 0 && ratio < 1, "ratio must lie in [0, 1)");
        if (v.count() == 0) return;
        atl::require(
            position <= UINT64_MAX - 4 - static_cast<uint64_t>(v.count()), "the random stream has no such words");
        atl::require(x != nullptr && y != nullptr, "an array is NULL");
        const uint64_t threshold = static_cast<uint64_t>(static_cast<double>(ratio) * 4294967296.0);
        const float scale = 1.0f / (1.0f - ratio);
        if (v.block == 1) {
            constexpr int64_t kPiece = 4 * kBlocks;
            atl::parallel_for(v.count(), atl::kElementGrain / 4, [=](int64_t begin, int64_t end) {
                float factors[kPiece];
                for (int64_t first = begin; first < end; first += kPiece) {
                    const int64_t size = std::min(kPiece, end - first);
                    draw(key, position + static_cast<uint64_t>(first), size, threshold, scale, factors);
                    for (int64_t i = 0; i < size; ++i) y[first + i] = x[first + i] * factors[i];
                }
            });
            return;
        }
        // The channels that lie side by side have their draws one row of spatial elements after another.
        const int64_t size = v.spatial * v.block, rows = v.n * v.groups,
                      room = std::max<int64_t>(1, atl::kElementGrain / 4 / size);
        atl::parallel_for(rows, room, [&](int64_t begin, int64_t end) {
            std::vector<float> factors(static_cast<size_t>(size));
            for (int64_t row = begin; row < end; ++row) {
                const int64_t base = row * size;
                draw(key, position + static_cast<uint64_t>(base), size, threshold, scale, factors.data());
                for (int64_t s = 0; s < v.spatial; ++s)
                    for (int64_t lane = 0; lane < v.block; ++lane) {
                        const int64_t i = base + s * v.block + lane;
                        y[i] = x[i] * factors[static_cast<size_t>(lane * v.spatial + s)];
                    }
            }
        });
    });
}
