// What moves values or works along an axis: shapes, places and numbers of rows are any.
#include "atl/argmax.h"
#include "atl/concat.h"
#include "atl/lrn.h"
#include "atl/rearrange.h"
#include "atl/reduction.h"
#include "atl/rows.h"
#include "atl/softmax.h"
#include "atl/tile.h"
#include "atl/unpooling.h"
#include "fuzz_input.h"

namespace {

void axes(fuzz::Input& input) {
    const int32_t count = input.byte() % 5;
    int64_t extents[4] = {}, strides[4] = {};
    for (int64_t& extent : extents) extent = input.size(5);
    for (int64_t& stride : strides) stride = static_cast<int64_t>(input.byte() % 41) - 20;
    // Strides that lead anywhere, too.
    if (input.byte() % 4 == 0) strides[input.byte() % 4] = input.size(60);
    int64_t places = 1;
    for (int32_t axis = 0; axis < count; ++axis) places = places < 0 ? places : fuzz::product({places, extents[axis]});
    const int64_t offset = input.size(60), x_count = input.size(120), held = fuzz::product({x_count});
    if (!fuzz::held({places, held})) return;
    std::vector<float> x = fuzz::array(held), y = fuzz::array(places);
    atl_rearrange(count, extents, strides, offset, x_count, x.data(), y.data());
    atl_rearrange_back(count, extents, strides, offset, x_count, y.data(), x.data());
}

void pieces(fuzz::Input& input) {
    const int64_t outer = input.size(5);
    const int32_t count = input.byte() % 5;
    int64_t sizes[4] = {}, row = 0;
    std::vector<float> held[4];
    const float* from[4] = {};
    float* to[4] = {};
    for (int32_t i = 0; i < count; ++i) {
        sizes[i] = input.size(6);
        const int64_t floats = fuzz::product({outer, sizes[i]});
        if (!fuzz::held({floats})) return;
        held[i] = fuzz::array(floats);
        if (input.byte() % 8 > 0) from[i] = to[i] = held[i].data();
        const int64_t size = fuzz::product({sizes[i]});
        row = row < 0 ? row : size < 0 ? size : row + size;
    }
    const int64_t whole = row < 0 ? row : fuzz::product({outer, row});
    if (!fuzz::held({whole})) return;
    std::vector<float> y = fuzz::array(whole);
    fuzz::expect({whole}, atl_concat(outer, count, sizes, from, y.data()));
    fuzz::expect({whole}, atl_slice(outer, count, sizes, y.data(), to));
}

void along(fuzz::Input& input, int64_t outer, int64_t channels, int64_t inner) {
    const int64_t count = fuzz::product({outer, channels, inner}), best = input.size(5);
    const int64_t kept = fuzz::product({outer, best, inner}), tiles = input.size(4);
    const int64_t tiled = fuzz::product({outer, channels, tiles}), rows = fuzz::product({outer, channels});
    if (!fuzz::held({count, kept, tiled, rows})) return;
    std::vector<float> x = input.numbers(count), y = fuzz::array(count), dx = fuzz::array(count);
    fuzz::expect({count}, atl_softmax_forward(outer, channels, inner, x.data(), y.data()));
    fuzz::expect({count}, atl_softmax_backward(outer, channels, inner, y.data(), x.data(), dx.data()));
    std::vector<float> indices = fuzz::array(kept), sums = fuzz::array(fuzz::product({outer})),
                       copies = fuzz::array(tiled);
    const int64_t stride = kept >= 0 ? best * inner : best;
    fuzz::expect({count}, atl_argmax(outer, channels, inner, best, stride, x.data(), indices.data(), nullptr));
    std::vector<float> matrix = fuzz::array(rows), dmatrix = fuzz::array(rows);
    const auto what = static_cast<atl_reduction>(input.byte() % 4);
    fuzz::expect({rows}, atl_reduction_forward(what, outer, channels, 0.5f, matrix.data(), sums.data()));
    fuzz::expect(
        {rows}, atl_reduction_backward(what, outer, channels, 0.5f, matrix.data(), sums.data(), dmatrix.data()));
    fuzz::expect({tiled}, atl_tile_forward(outer, channels, tiles, matrix.data(), copies.data()));
    fuzz::expect({tiled}, atl_tile_backward(outer, channels, tiles, copies.data(), dmatrix.data()));
}

void numbered(fuzz::Input& input, int64_t count, int64_t width, int64_t rows) {
    const int64_t chosen = fuzz::product({count, width}), held = fuzz::product({rows, width});
    if (!fuzz::held({chosen, held})) return;
    std::vector<int32_t> numbers(fuzz::array(fuzz::product({count})).size());
    for (int32_t& number : numbers) number = static_cast<int32_t>(input.size(7));
    std::vector<float> table = fuzz::array(held), y = fuzz::array(chosen);
    fuzz::expect({chosen, held}, atl_rows_gather(count, width, rows, numbers.data(), table.data(), nullptr, y.data()));
    fuzz::expect({chosen, held}, atl_rows_scatter(count, width, rows, numbers.data(), y.data(), table.data()));
}

void images(fuzz::Input& input, int64_t n, int64_t c, int64_t pixels) {
    const auto layout = static_cast<atl_layout>(input.byte() % 4);
    const int64_t width = input.size(5), out = input.size(9), window = input.size(7);
    const int64_t in_count = fuzz::product({n, c, pixels}), out_count = fuzz::product({n, c, out});
    const int64_t image = fuzz::product({n, c, pixels, width});
    if (!fuzz::held({in_count, out_count, image})) return;
    const atl_unpooling u{n, c, pixels, out, layout};
    std::vector<float> x = fuzz::array(in_count), mask = x, y = fuzz::array(out_count), dx = x;
    for (float& place : mask) place = input.byte() % 8 > 0 ? static_cast<float>(input.byte() % 10) - 1 : input.number();
    fuzz::expect({in_count, out_count}, atl_unpooling_forward(&u, x.data(), mask.data(), y.data()));
    fuzz::expect({in_count, out_count}, atl_unpooling_backward(&u, y.data(), mask.data(), dx.data()));
    std::vector<float> a = fuzz::array(image), b = a, da = a;
    atl_lrn across{n, c, pixels, 1, layout, 0, window, 1e-4f, 0.75f, 1};
    fuzz::expect({in_count}, atl_lrn_forward(&across, x.data(), dx.data()));
    across.beta = 0.6f;
    fuzz::expect({in_count}, atl_lrn_backward(&across, x.data(), mask.data(), dx.data()));
    const atl_lrn within{n, c, pixels, width, layout, 1, window, 1e-4f, 0.75f, 1};
    fuzz::expect({image}, atl_lrn_forward(&within, a.data(), b.data()));
    fuzz::expect({image}, atl_lrn_backward(&within, a.data(), b.data(), da.data()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    const uint8_t target = input.byte();
    if (target % 5 == 0) axes(input);
    if (target % 5 == 1) pieces(input);
    if (target % 5 < 2) return 0;
    const int64_t first = input.size(4), third = input.size(8);
    int64_t second = input.size(8);
    if (input.byte() % 8 == 0) second = fuzz::whole_blocks(second);
    switch (target % 5) {
        case 2: along(input, first, second, third); break;
        case 3: numbered(input, first, second, third); break;
        default: images(input, first, second, third); break;
    }
    return 0;
}
