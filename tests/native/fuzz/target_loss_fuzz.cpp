// Losses of arrays against others, without labels.
#include "atl/contrastive_loss.h"
#include "atl/euclidean_loss.h"
#include "atl/sigmoid_cross_entropy_loss.h"
#include "atl/smooth_l1_loss.h"
#include "fuzz_input.h"

namespace {

void pairs_of(fuzz::Input& input, int64_t pairs, int64_t features) {
    const int64_t count = fuzz::product({pairs, features});
    if (!fuzz::held({count})) return;
    const std::vector<float> a = input.numbers(count), b = input.numbers(count);
    const std::vector<float> similar = input.numbers(fuzz::product({pairs}));
    std::vector<float> da = a;
    const int32_t legacy = input.byte() % 2;
    float loss = 0;
    fuzz::expect(
        {count}, atl_contrastive_loss_forward(pairs, features, 1, legacy, a.data(), b.data(), similar.data(), &loss));
    fuzz::expect({count},
        atl_contrastive_loss_backward(pairs, features, 1, legacy, 1, a.data(), b.data(), similar.data(), da.data()));
}

void targets(fuzz::Input& input, int64_t count) {
    const int64_t held = fuzz::product({count});
    if (!fuzz::held({held})) return;
    atl_target_loss of{};
    of.count = count;
    of.batch = input.size(4);
    of.normalization = static_cast<atl_normalization>(input.byte() % 5);
    of.has_ignored = input.byte() % 2;
    of.ignored = input.byte() - 1;
    const std::vector<float> a = input.numbers(held), b = input.numbers(held), weights = input.numbers(held);
    std::vector<float> da = a;
    const float sigma = input.byte() % 2 == 0 ? 1.0f : input.number();
    const float *inside = input.byte() % 2 == 0 ? weights.data() : nullptr,
                *outside = input.byte() % 2 == 0 ? b.data() : nullptr;
    float loss = 0;
    fuzz::expect({held}, atl_euclidean_loss_forward(count, of.batch, a.data(), b.data(), &loss));
    fuzz::expect({held}, atl_euclidean_loss_backward(count, sigma, a.data(), b.data(), da.data()));
    fuzz::expect({held}, atl_sigmoid_cross_entropy_loss_forward(&of, a.data(), b.data(), &loss));
    fuzz::expect({held}, atl_sigmoid_cross_entropy_loss_backward(&of, sigma, a.data(), b.data(), da.data()));
    fuzz::expect({held}, atl_smooth_l1_loss_forward(count, sigma, 1, a.data(), b.data(), inside, outside, &loss));
    fuzz::expect({held}, atl_smooth_l1_loss_backward(count, sigma, 1, a.data(), b.data(), inside, outside, da.data()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    if (input.byte() % 2 == 0) {
        const int64_t pairs = input.size(9);
        pairs_of(input, pairs, input.size(20));
    } else {
        targets(input, input.size(60));
    }
    return 0;
}
