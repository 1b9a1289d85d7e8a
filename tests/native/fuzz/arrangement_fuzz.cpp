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
    int64_t places = 1;
    for (int32_t axis = 0; axis < count; ++axis) places = places < 0 ? places : fuzz::product({places, extents[axis]});
    const int64_t offset = input.size(60), held = input.size(120);
    if (places == -2) return;
    std::vector<float> x = fuzz::array(held), y = fuzz::array(places);
    atl_rearrange(count, extents, strides, offset, held, x.data(), y.data());
    atl_rearrange_back(count, extents, strides, offset, held, y.data(), x.data());
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
        if (floats == -2) return;
        held[i] = fuzz::array(floats);
        if (input.byte() % 8 > 0) from[i] = to[i] = held[i].data();
        row = row < 0 || sizes[i] < 0 ? -1 : row + sizes[i];
    }
    const int64_t whole = fuzz::product({outer, row});
    if (whole == -2) return;
    std::vector<float> y = fuzz::array(whole);
    atl_concat(outer, count, sizes, from, y.data());
    atl_slice(outer, count, sizes, y.data(), to);
}

void along(fuzz::Input& input, int64_t outer, int64_t channels, int64_t inner) {
    const int64_t count = fuzz::product({outer, channels, inner}), best = input.size(5);
    const int64_t kept = fuzz::product({outer, best, inner}), tiles = input.size(4);
    const int64_t tiled = fuzz::product({outer, channels, tiles}), rows = fuzz::product({outer, channels});
    if (count == -2 || kept == -2 || tiled == -2 || rows == -2) return;
    std::vector<float> x = input.numbers(count > 0 ? count : 0), y = fuzz::array(count), dx = fuzz::array(count);
    atl_softmax_forward(outer, channels, inner, x.data(), y.data());
    atl_softmax_backward(outer, channels, inner, y.data(), x.data(), dx.data());
    std::vector<float> indices = fuzz::array(kept), sums = fuzz::array(outer), copies = fuzz::array(tiled);
    if (kept >= 0 && best >= 0 && inner >= 0)
        atl_argmax(outer, channels, inner, best, best * inner, x.data(), indices.data(), nullptr);
    std::vector<float> matrix = fuzz::array(rows), dmatrix = fuzz::array(rows);
    const auto what = static_cast<atl_reduction>(input.byte() % 4);
    atl_reduction_forward(what, outer, channels, 0.5f, matrix.data(), sums.data());
    atl_reduction_backward(what, outer, channels, 0.5f, matrix.data(), sums.data(), dmatrix.data());
    atl_tile_forward(outer, channels, tiles, matrix.data(), copies.data());
    atl_tile_backward(outer, channels, tiles, copies.data(), dmatrix.data());
}

void numbered(fuzz::Input& input, int64_t count, int64_t width, int64_t rows) {
    const int64_t chosen = fuzz::product({count, width}), held = fuzz::product({rows, width});
    if (chosen == -2 || held == -2 || count > 1000) return;
    std::vector<int32_t> numbers(static_cast<size_t>(count > 0 ? count : 0));
    for (int32_t& number : numbers) number = static_cast<int32_t>(input.size(7));
    std::vector<float> table = fuzz::array(held), y = fuzz::array(chosen);
    atl_rows_gather(count, width, rows, numbers.data(), table.data(), nullptr, y.data());
    atl_rows_scatter(count, width, rows, numbers.data(), y.data(), table.data());
}

void images(fuzz::Input& input, int64_t n, int64_t c, int64_t pixels) {
    const auto layout = static_cast<atl_layout>(input.byte() % 4);
    const int64_t width = input.size(5), out = input.size(9), window = input.size(7);
    const int64_t in_count = fuzz::product({n, c, pixels}), out_count = fuzz::product({n, c, out});
    const int64_t image = fuzz::product({n, c, pixels, width});
    if (in_count == -2 || out_count == -2 || image == -2) return;
    const atl_unpooling u{n, c, pixels, out, layout};
    std::vector<float> x = fuzz::array(in_count), mask = x, y = fuzz::array(out_count), dx = x;
    for (float& place : mask) place = input.byte() % 8 > 0 ? static_cast<float>(input.byte() % 10) - 1 : input.number();
    atl_unpooling_forward(&u, x.data(), mask.data(), y.data());
    atl_unpooling_backward(&u, y.data(), mask.data(), dx.data());
    std::vector<float> a = fuzz::array(image), b = a, da = a;
    atl_lrn_across_forward(n, c, pixels, layout, window, 1e-4f, 0.75f, 1, x.data(), dx.data());
    atl_lrn_across_backward(n, c, pixels, layout, window, 1e-4f, 0.6f, 1, x.data(), mask.data(), dx.data());
    atl_lrn_within_forward(n, c, pixels, width, layout, window, 1e-4f, 0.75f, a.data(), b.data());
    atl_lrn_within_backward(n, c, pixels, width, layout, window, 1e-4f, 0.75f, a.data(), b.data(), da.data());
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
    // Blocked layouts take whole blocks.
    if (input.byte() % 8 == 0 && second > 0) second *= 8;
    switch (target % 5) {
        case 2: along(input, first, second, third); break;
        case 3: numbered(input, first, second, third); break;
        default: images(input, first, second, third); break;
    }
    return 0;
}
