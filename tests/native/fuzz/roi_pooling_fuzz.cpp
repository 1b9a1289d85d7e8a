// Pooling of boxes whose coordinates are any numbers.
#include "atl/roi_pooling.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    atl_roi_pooling p{};
    for (int64_t* field : {&p.n, &p.c, &p.height, &p.width, &p.rois, &p.out_height, &p.out_width})
        *field = input.size(6);
    p.spatial_scale = input.byte() % 2 == 0 ? 0.5f : input.number();
    const int64_t in = fuzz::product({p.n, p.c, p.height, p.width});
    const int64_t out = fuzz::product({p.rois, p.c, p.out_height, p.out_width});
    if (!fuzz::held({in, out}) || (out >= 0 && p.rois > 6)) return 0;
    std::vector<float> boxes;
    for (int64_t i = 0; out >= 0 && i < 5 * p.rois; ++i)
        boxes.push_back(input.byte() % 4 > 0 ? static_cast<float>(input.byte() % 12) - 2 : input.number());
    std::vector<float> x = fuzz::array(in), dx = fuzz::array(in), y = fuzz::array(out), dy = fuzz::array(out);
    std::vector<int32_t> places(y.size());
    if (atl_roi_pooling_forward(&p, x.data(), boxes.data(), y.data(), places.data()) == ATL_OK)
        atl_roi_pooling_backward(&p, dy.data(), boxes.data(), places.data(), dx.data());
    return 0;
}
