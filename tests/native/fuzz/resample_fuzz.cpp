// Images brought to another size, and windows of images brought to planes.
#include <utility>

#include "atl/image.h"
#include "atl/resample.h"
#include "fuzz_input.h"

namespace {

void resample(fuzz::Input& input) {
    atl_resample r{};
    for (int64_t* field : {&r.n, &r.c}) *field = input.size(3);
    if (input.byte() % 4 == 0) r.c = fuzz::whole_blocks(r.c);
    r.layout = static_cast<atl_layout>(input.byte() % 5);
    r.method = static_cast<atl_resample_method>(input.byte() % 3);
    for (int64_t* field : {&r.in_height, &r.in_width, &r.out_height, &r.out_width}) *field = input.size(9);
    // Mostly the whole image.
    const bool whole = input.byte() % 2 == 0;
    r.height = whole ? r.in_height : input.size(9);
    r.width = whole ? r.in_width : input.size(9);
    for (int64_t* field : {&r.top, &r.left}) *field = whole ? 0 : input.size(4);
    const int64_t in = fuzz::product({r.n, r.c, r.in_height, r.in_width});
    const int64_t out = fuzz::product({r.n, r.c, r.out_height, r.out_width});
    if (!fuzz::held({in, out})) return;
    std::vector<float> x = input.numbers(in), dx = x, y = fuzz::array(out);
    fuzz::expect({in, out}, atl_resample_forward(&r, x.data(), y.data()));
    fuzz::expect({in, out}, atl_resample_backward(&r, y.data(), dx.data()));
}

// Where a sum of sizes times strides lies; kRefused where it, or a part of it, is beyond all memory.
int64_t reach(std::initializer_list<std::pair<int64_t, int64_t>> terms) {
    int64_t sum = 0;
    for (const auto& [size, stride] : terms) {
        const int64_t part = fuzz::product({size, stride});
        if (part < 0) return part;
        sum += part;
    }
    return sum;
}

// One layout serves for pixels and mean. Negative strides are taken, but lead to before the arrays here.
void planes(fuzz::Input& input) {
    atl_image_window window{};
    for (int64_t* field : {&window.channels, &window.top, &window.left, &window.height, &window.width})
        *field = input.size(6);
    window.mirror = input.byte() % 2;
    atl_image_layout layout{};
    for (int64_t* field : {&layout.channel_stride, &layout.row_stride, &layout.column_stride}) *field = input.size(20);
    const int64_t out = fuzz::product({window.channels, window.height, window.width});
    const auto all = {window.channels, window.top, window.left, window.height, window.width};
    bool small = true;
    for (const int64_t size : all) {
        if (!fuzz::held({fuzz::product({size})})) return;
        small = small && fuzz::product({size}) >= 0;
    }
    const int64_t bottom = small ? window.top + window.height : INT64_MAX,
                  right = small ? window.left + window.width : INT64_MAX;
    const int64_t in =
        reach({{window.channels, layout.channel_stride}, {bottom, layout.row_stride}, {right, layout.column_stride}});
    if (!fuzz::held({out, in}) || (small && in == fuzz::kNegative)) return;
    std::vector<float> pixels = input.numbers(in < 0 ? in : in + 1), mean = pixels, y = fuzz::array(out);
    const std::vector<uint8_t> bytes(pixels.size(), 7);
    const float* const means = input.byte() % 2 == 0 ? mean.data() : nullptr;
    fuzz::expect({out}, atl_image_to_planes_f32(pixels.data(), &layout, means, &layout, &window, 2, y.data()));
    fuzz::expect({out}, atl_image_to_planes_u8(bytes.data(), &layout, means, &layout, &window, 2, y.data()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    if (input.byte() % 2 == 0) resample(input);
    else planes(input);
    return 0;
}
