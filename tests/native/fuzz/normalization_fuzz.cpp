// Normalizations over channels, rows, places and samples.
#include "atl/batch_norm.h"
#include "atl/mvn.h"
#include "atl/normalize.h"
#include "atl/unit_rows.h"
#include "fuzz_input.h"

namespace {

void batch_norm(fuzz::Input& input, int64_t n, int64_t c, int64_t spatial) {
    const auto layout = static_cast<atl_layout>(input.byte() % 5);
    const int64_t count = fuzz::product({n, c, spatial});
    if (!fuzz::held({count})) return;
    const std::vector<float> x = input.numbers(count);
    std::vector<float> mean = fuzz::array(fuzz::product({c})), variance = mean, y = x, dx = x;
    const float eps = input.byte() % 2 == 0 ? 1e-5f : input.number();
    fuzz::expect({count}, atl_batch_norm_statistics(n, c, spatial, layout, x.data(), mean.data(), variance.data()));
    fuzz::expect(
        {count}, atl_batch_norm_forward(n, c, spatial, layout, eps, x.data(), mean.data(), variance.data(), y.data()));
    fuzz::expect({count},
        atl_batch_norm_backward(
            n, c, spatial, layout, eps, x.data(), mean.data(), variance.data(), y.data(), dx.data()));
    fuzz::expect(
        {count}, atl_batch_norm_backward_global(n, c, spatial, layout, eps, variance.data(), y.data(), dx.data()));
}

void rows(fuzz::Input& input, int64_t n, int64_t size) {
    const int64_t count = fuzz::product({n, size});
    if (!fuzz::held({count})) return;
    std::vector<float> x = input.numbers(count), y = x, dx = x, deviations = fuzz::array(fuzz::product({n}));
    float* const kept = input.byte() % 2 == 0 ? deviations.data() : nullptr;
    fuzz::expect({count}, atl_mvn_forward(n, size, 1e-9f, x.data(), y.data(), kept));
    fuzz::expect({count}, atl_mvn_backward(n, size, y.data(), kept, x.data(), dx.data()));
    fuzz::expect({count}, atl_unit_rows(n, size, x.data()));
}

void normalize(fuzz::Input& input, int64_t n, int64_t c, int64_t spatial) {
    atl_normalize spec{};
    spec.n = n;
    spec.c = c;
    spec.spatial = spatial;
    spec.layout = static_cast<atl_layout>(input.byte() % 5);
    spec.scale = static_cast<atl_normalize_scale>(input.byte() % 4);
    spec.across_spatial = input.byte() % 2;
    spec.eps = input.byte() % 2 == 0 ? 1e-10f : input.number();
    spec.norm = static_cast<atl_normalize_norm>(input.byte() % 3);
    spec.fix_gradient = input.byte() % 2;
    const int64_t count = fuzz::product({n, c, spatial});
    if (!fuzz::held({count})) return;
    const std::vector<float> x = input.numbers(count);
    const bool shared = spec.scale == ATL_NORMALIZE_SHARED_SCALE;
    std::vector<float> scale = input.numbers(shared ? 1 : fuzz::product({c})), dscale = scale, y = x, dx = x;
    std::vector<float> inverse =
        fuzz::array(spec.across_spatial != 0 ? fuzz::product({n}) : fuzz::product({n, spatial}));
    std::vector<float> norms = inverse;
    const bool wants = input.byte() % 2 == 0;
    fuzz::expect({count},
        atl_normalize_forward(&spec, x.data(), scale.data(), y.data(), inverse.data(), wants ? norms.data() : nullptr));
    float* const gradient = spec.scale == ATL_NORMALIZE_NO_SCALE ? nullptr : dscale.data();
    fuzz::expect({count},
        atl_normalize_backward(&spec, x.data(), scale.data(), inverse.data(), y.data(), wants ? norms.data() : nullptr,
            dx.data(), gradient));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    const uint8_t target = input.byte();
    const int64_t first = input.size(5), third = input.size(70);
    int64_t second = input.size(20);
    if (input.byte() % 4 == 0) second = fuzz::whole_blocks(second);
    switch (target % 3) {
        case 0: batch_norm(input, first, second, third); break;
        case 1: rows(input, first, third); break;
        default: normalize(input, first, second, third); break;
    }
    return 0;
}
