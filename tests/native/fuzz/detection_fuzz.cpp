// Detections from any numbers, in just as many rows as they are given.
#include "atl/detection.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    atl_detection d{};
    d.images = input.size(3);
    d.priors = input.size(9);
    d.classes = input.size(4);
    d.background = input.size(4);
    d.top_k = input.size(6);
    d.keep_top_k = input.size(6);
    d.code = static_cast<atl_box_code>(input.byte() % 4);
    d.share_location = input.byte() % 2;
    d.variance_encoded = input.byte() % 2;
    d.nms_threshold = input.byte() % 4 > 0 ? 0.45f : input.number();
    d.eta = input.byte() % 4 > 0 ? 0.9f : input.number();
    d.score_threshold = input.byte() % 4 > 0 ? 0.01f : input.number();
    const int64_t boxes = fuzz::product({d.images, d.priors, d.share_location != 0 ? 1 : d.classes, 4});
    const int64_t scores = fuzz::product({d.images, d.priors, d.classes}), capacity = input.size(30);
    // The boxes of one image are held in any case.
    if (!fuzz::held({boxes, scores, fuzz::product({d.priors, d.classes, 8}), fuzz::product({capacity, 7})})) return 0;
    std::vector<float> loc = input.numbers(boxes), conf = input.numbers(scores);
    std::vector<float> prior = input.numbers(fuzz::product({d.priors, 8})),
                       rows = fuzz::array(fuzz::product({capacity, 7}));
    int64_t count = 0;
    if (atl_detection_forward(&d, loc.data(), conf.data(), prior.data(), capacity, rows.data(), &count) == ATL_OK
        && count > capacity && count > 0)
        __builtin_trap();
    return 0;
}
