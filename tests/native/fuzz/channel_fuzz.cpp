// What treats every channel of an array by itself, in any layout, and changes of layout.
#include "atl/affine.h"
#include "atl/channel_scale.h"
#include "atl/convolution.h"
#include "atl/dropout.h"
#include "atl/memory.h"
#include "atl/prelu.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    const uint8_t target = input.byte(), wants = input.byte();
    const auto layout = static_cast<atl_layout>(input.byte() % 5), other = static_cast<atl_layout>(input.byte() % 5);
    const int64_t n = input.size(5), spatial = input.size(70);
    int64_t c = input.size(20);
    if (input.byte() % 2 == 0) c = fuzz::whole_blocks(c);
    const int64_t count = fuzz::product({n, c, spatial});
    if (!fuzz::held({count})) return 0;
    std::vector<float> x = input.numbers(count), y = x, dx = x;
    std::vector<float> scale = input.numbers(fuzz::product({c})), shift = scale, sums = scale, more = scale;
    const auto wanted = [=](int bit, std::vector<float>& array) {
        return (wants >> bit & 1) != 0 ? array.data() : nullptr;
    };
    switch (target % 5) {
        case 0:
            fuzz::expect({count},
                atl_affine_forward(n, c, spatial, layout, x.data(), wanted(0, scale), wanted(1, shift), y.data()));
            fuzz::expect({count},
                atl_affine_backward(n, c, spatial, layout, x.data(), wanted(0, scale), y.data(), wanted(2, dx),
                    wanted(3, sums), wanted(4, more)));
            break;
        case 1:
            fuzz::expect({count}, atl_prelu_forward(n, c, spatial, layout, x.data(), scale.data(), y.data()));
            fuzz::expect({count},
                atl_prelu_backward(n, c, spatial, layout, wants >> 7, x.data(), scale.data(), y.data(), wanted(0, dx),
                    wanted(1, sums)));
            break;
        case 2: {
            std::vector<float> places = input.numbers(fuzz::product({n, spatial}));
            fuzz::expect({count}, atl_channel_scale_forward(n, c, spatial, layout, x.data(), places.data(), y.data()));
            fuzz::expect(
                {count}, atl_channel_scale_backward_scale(n, c, spatial, layout, y.data(), x.data(), places.data()));
            break;
        }
        case 3:
            fuzz::expect({count}, atl_channel_add(n, c, spatial, layout, scale.data(), y.data()));
            fuzz::expect({count}, atl_channel_sum(n, c, spatial, layout, y.data(), sums.data()));
            fuzz::expect({count}, atl_reorder(n, c, spatial, layout, x.data(), other, dx.data()));
            break;
        default: {
            const float ratio = wants % 4 > 0 ? 0.5f : input.number();
            const auto position = static_cast<uint64_t>(input.size(9));
            fuzz::expect({count}, atl_dropout(n, c, spatial, layout, ratio, 7, position, x.data(), y.data()));
            break;
        }
    }
    return 0;
}
