// Losses, margins and accuracies over labels that are any numbers: what lies outside of the classes is refused before
// an array is read there.
#include "atl/accuracy.h"
#include "atl/center_loss.h"
#include "atl/hinge_loss.h"
#include "atl/infogain_loss.h"
#include "atl/label_logits.h"
#include "atl/margin_inner_product.h"
#include "atl/multinomial_loss.h"
#include "atl/softmax.h"
#include "fuzz_input.h"

namespace {

// Mostly a class, else any number.
std::vector<float> labels_of(fuzz::Input& input, int64_t count, int64_t classes) {
    std::vector<float> labels = fuzz::array(fuzz::product({count}));
    for (float& label : labels) {
        const uint8_t kind = input.byte();
        label = kind < 240 && classes > 0 ? static_cast<float>(kind % classes) : kind < 245 ? -1.0f : input.number();
    }
    return labels;
}

void margin(fuzz::Input& input, int64_t m, int64_t n, int64_t k) {
    const atl_margin spec{m, n, k, static_cast<atl_margin_type>(input.byte() % 4), input.byte() % 2, input.byte() % 2};
    const int64_t samples = fuzz::product({m, k}), weights = fuzz::product({n, k}), scores = fuzz::product({m, n});
    if (!fuzz::held({samples, weights, scores})) return;
    const std::vector<float> label = labels_of(input, m, n);
    std::vector<float> x = input.numbers(samples), w = input.numbers(weights);
    std::vector<float> logits = fuzz::array(scores), state = fuzz::array(fuzz::product({3, m}));
    std::vector<float> dx = fuzz::array(samples), dw = fuzz::array(weights);
    const float lambda = input.byte() % 2 == 0 ? 5.0f : input.number();
    if (atl_margin_forward(&spec, lambda, x.data(), label.data(), w.data(), logits.data(), state.data()) == ATL_OK)
        atl_margin_backward(
            &spec, lambda, x.data(), label.data(), w.data(), state.data(), logits.data(), dx.data(), dw.data());
    atl_margin_replace_rows(m, n, k, x.data(), label.data(), input.byte(), input.byte(), w.data());
}

void label_logits(fuzz::Input& input, int64_t m, int64_t n) {
    atl_label_logits spec{};
    spec.m = m;
    spec.n = n;
    spec.rule = static_cast<atl_label_rule>(input.byte() % 4);
    spec.edge = static_cast<atl_angle_edge>(input.byte() % 4);
    spec.only_positive = input.byte() % 2;
    for (float* field : {&spec.a, &spec.b, &spec.c, &spec.slope_limit, &spec.others, &spec.hard})
        *field = input.byte() % 2 == 0 ? 1.0f : input.number();
    const int64_t scores = fuzz::product({m, n});
    if (!fuzz::held({scores})) return;
    const std::vector<float> label = labels_of(input, m, n);
    std::vector<float> x = input.numbers(scores), y = fuzz::array(scores), dx = fuzz::array(scores);
    std::vector<float> state = fuzz::array(fuzz::product({2, m}));
    if (atl_label_logits_forward(&spec, x.data(), label.data(), y.data(), state.data()) == ATL_OK)
        atl_label_logits_backward(&spec, x.data(), label.data(), state.data(), y.data(), dx.data());
}

void label_losses(fuzz::Input& input, int64_t outer, int64_t channels, int64_t inner) {
    atl_label_loss of{};
    of.outer = outer;
    of.channels = channels;
    of.inner = inner;
    of.batch = input.size(4);
    of.normalization = static_cast<atl_normalization>(input.byte() % 4);
    of.has_ignored = input.byte() % 2;
    of.ignored = input.byte() % 2 == 0 ? -1 : static_cast<int32_t>(input.size(8));
    const int64_t count = fuzz::product({outer, channels, inner}), positions = fuzz::product({outer, inner});
    const int64_t square = fuzz::product({channels, channels});
    if (!fuzz::held({count, positions, square})) return;
    const std::vector<float> label = labels_of(input, positions > 0 ? positions : 0, channels), h = fuzz::array(square);
    std::vector<float> x = input.numbers(count), dx = fuzz::array(count);
    std::vector<float> stats = fuzz::array(fuzz::product({2, outer, inner}));
    std::vector<float> classes = fuzz::array(fuzz::product({channels}));
    float loss = 0;
    if (atl_softmax_loss_forward(&of, x.data(), label.data(), stats.data(), &loss) == ATL_OK)
        atl_softmax_loss_backward(&of, 1, x.data(), label.data(), stats.data(), dx.data());
    if (atl_infogain_loss_forward(&of, x.data(), label.data(), h.data(), &loss) == ATL_OK)
        atl_infogain_loss_backward(&of, 1, x.data(), label.data(), h.data(), dx.data());
    atl_accuracy(outer, channels, inner, input.size(4), of.has_ignored, of.ignored, x.data(), label.data(), &loss,
        input.byte() % 2 == 0 ? classes.data() : nullptr);
}

void row_losses(fuzz::Input& input, int64_t rows, int64_t classes, int64_t features) {
    const int64_t scores = fuzz::product({rows, classes}), samples = fuzz::product({rows, features});
    const int64_t bank = fuzz::product({classes, features});
    if (!fuzz::held({scores, samples, bank})) return;
    const std::vector<float> label = labels_of(input, rows, classes);
    std::vector<float> p = input.numbers(scores), dp = fuzz::array(scores);
    std::vector<float> x = input.numbers(samples), dx = fuzz::array(samples);
    std::vector<float> centers = fuzz::array(bank), dcenters = fuzz::array(bank);
    const int32_t kind = input.byte() % 2;
    float loss = 0;
    if (atl_hinge_loss_forward(rows, classes, kind, p.data(), label.data(), &loss) == ATL_OK)
        atl_hinge_loss_backward(rows, classes, kind, 1, p.data(), label.data(), dp.data());
    if (atl_multinomial_loss_forward(rows, classes, p.data(), label.data(), &loss) == ATL_OK)
        atl_multinomial_loss_backward(rows, classes, 1, p.data(), label.data(), dp.data());
    if (atl_center_loss_forward(rows, classes, features, kind, x.data(), label.data(), centers.data(), &loss) != ATL_OK)
        return;
    atl_center_loss_backward(rows, classes, features, kind, 1, x.data(), label.data(), centers.data(), dx.data());
    atl_center_loss_update(rows, classes, features, kind, x.data(), label.data(), centers.data(), dcenters.data());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    const uint8_t target = input.byte();
    const int64_t first = input.size(6), second = input.size(9), third = input.size(6);
    switch (target % 4) {
        case 0: margin(input, first, second, third); break;
        case 1: label_logits(input, first, second); break;
        case 2: label_losses(input, first, second, third); break;
        default: row_losses(input, first, second, third); break;
    }
    return 0;
}
