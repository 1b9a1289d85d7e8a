// Pooling with any geometry: what the ABI takes must stay within arrays of the sizes that it is given.
#include "atl/pooling.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    atl_pooling p{};
    for (int64_t* field : {&p.n, &p.channels}) *field = input.size(3);
    if (input.byte() % 4 == 0) p.channels = fuzz::whole_blocks(p.channels);
    p.layout = static_cast<atl_layout>(input.byte() % 4);
    for (int64_t* field : {&p.height, &p.width, &p.out_height, &p.out_width}) *field = input.size(9);
    for (int64_t* field : {&p.kernel_h, &p.kernel_w, &p.stride_h, &p.stride_w, &p.pad_h, &p.pad_w})
        *field = input.size(5);
    const int64_t in = fuzz::product({p.n, p.channels, p.height, p.width});
    const int64_t out = fuzz::product({p.n, p.channels, p.out_height, p.out_width});
    if (!fuzz::held({in, out})) return 0;
    std::vector<float> x = input.numbers(in), dx = fuzz::array(in), y = fuzz::array(out), dy = fuzz::array(out);
    std::vector<int32_t> places(y.size());
    switch (input.byte() % 4) {
        case 0:
            if (atl_pooling_max_forward(&p, x.data(), y.data(), places.data()) == ATL_OK)
                atl_pooling_places_backward(&p, dy.data(), places.data(), dx.data());
            break;
        case 1:
            atl_pooling_average_forward(&p, x.data(), y.data());
            atl_pooling_average_backward(&p, dy.data(), dx.data());
            break;
        case 2:
            if (atl_pooling_draw_forward(&p, 7, 0, x.data(), y.data(), places.data()) == ATL_OK)
                atl_pooling_places_backward(&p, dy.data(), places.data(), dx.data());
            break;
        default:
            if (atl_pooling_expectation_forward(&p, x.data(), y.data()) == ATL_OK)
                atl_pooling_expectation_backward(&p, x.data(), y.data(), dy.data(), dx.data());
            break;
    }
    return 0;
}
