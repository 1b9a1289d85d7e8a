// Products of rows with weights.
#include "atl/inner_product.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    const uint8_t wants = input.byte();
    const int64_t m = input.size(9), n = input.size(300), k = input.size(20);
    const int64_t in = fuzz::product({m, k}), weights = fuzz::product({n, k}), out = fuzz::product({m, n});
    if (!fuzz::held({in, weights, out})) return 0;
    const int32_t transposed = wants & 1;
    const std::vector<float> x = input.numbers(in), w = input.numbers(weights),
                             bias = input.numbers(fuzz::product({n}));
    std::vector<float> y = fuzz::array(out), dx = x, dw = w, dbias = bias;
    fuzz::expect({in, weights, out},
        atl_inner_product_forward(
            m, n, k, transposed, x.data(), w.data(), (wants & 2) != 0 ? bias.data() : nullptr, y.data()));
    fuzz::expect(
        {in, weights, out}, atl_inner_product_backward_data(m, n, k, transposed, y.data(), w.data(), dx.data()));
    fuzz::expect({in, weights, out},
        atl_inner_product_backward_weights(m, n, k, transposed, x.data(), y.data(),
            (wants & 4) != 0 ? dw.data() : nullptr, (wants & 8) != 0 ? dbias.data() : nullptr));
    return 0;
}
