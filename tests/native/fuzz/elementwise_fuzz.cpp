// What treats every element, or every row, by itself: functions, sums, copies and a solver's updates.
#include "atl/axpy.h"
#include "atl/elementwise.h"
#include "atl/eltwise.h"
#include "atl/memory.h"
#include "atl/pooling.h"
#include "atl/solver_update.h"
#include "atl/sum.h"
#include "fuzz_input.h"

namespace {

constexpr int32_t kArrays = 4;

void functions(fuzz::Input& input, int64_t count, const std::vector<float>& x) {
    const auto f = static_cast<atl_elementwise>(input.byte() % 14);
    float k[3];
    for (float& constant : k) constant = input.byte() % 2 == 0 ? 0.5f : input.number();
    std::vector<float> y = x, dx = x;
    fuzz::expect({fuzz::product({count})}, atl_elementwise_forward(f, count, k[0], k[1], k[2], x.data(), y.data()));
    fuzz::expect({fuzz::product({count})},
        atl_elementwise_backward(f, count, k[0], k[1], k[2], x.data(), y.data(), x.data(), dx.data()));
}

void several(fuzz::Input& input, int64_t count, const std::vector<float>& x) {
    const auto operation = static_cast<atl_eltwise>(input.byte() % 4);
    const int32_t terms = input.byte() % (kArrays + 1), stable = input.byte() % 2;
    const int64_t size = fuzz::product({count});
    std::vector<float> held[kArrays], y = x;
    const float* from[kArrays];
    float* to[kArrays];
    const float coefficients[kArrays] = {1, -1, 0.5f, 2};
    for (int32_t i = 0; i < kArrays; ++i) {
        held[i] = input.numbers(size);
        from[i] = held[i].data();
        to[i] = input.byte() % 4 > 0 ? held[i].data() : nullptr;
    }
    fuzz::expect({size}, atl_sum(count, terms, from, y.data()));
    fuzz::expect({size}, atl_eltwise_forward(operation, count, terms, from, coefficients, y.data()));
    std::vector<float> sources[kArrays];
    for (int32_t i = 0; i < kArrays; ++i) {
        sources[i] = held[i];
        from[i] = sources[i].data();
    }
    fuzz::expect(
        {size}, atl_eltwise_backward(operation, count, terms, from, coefficients, stable, y.data(), x.data(), to));
}

void update(fuzz::Input& input, int64_t count, const std::vector<float>& x) {
    const int64_t size = fuzz::product({count});
    std::vector<float> w = x, diff = x, first = x, second = x;
    float k[7];
    for (float& constant : k) constant = input.byte() % 2 == 0 ? 0.5f : input.number();
    const auto rule = static_cast<atl_solver_rule>(input.byte() % 7);
    const auto regularization = static_cast<atl_regularization>(input.byte() % 4);
    const atl_solver_step step{count, rule, regularization, k[0], k[1], k[2], k[3], k[4], k[5], k[6]};
    fuzz::expect({size},
        atl_solver_update(&step, w.data(), diff.data(), first.data(), input.byte() % 2 == 0 ? second.data() : nullptr));
    double sum = 0;
    fuzz::expect({size}, atl_sum_of_squares(count, w.data(), &sum));
    fuzz::expect({size}, atl_fill(count, 3, w.data()));
    fuzz::expect({size}, atl_copy(count, w.data(), diff.data()));
    const std::vector<int32_t> places(x.size(), 5);
    fuzz::expect({size}, atl_pooling_mask(count, places.data(), w.data()));
    void* block = nullptr;
    if (count < 1 << 20 && atl_alloc(count, &block) == ATL_OK) atl_free(block);
}

void rows(fuzz::Input& input, int64_t count, int64_t size) {
    const int64_t all = fuzz::product({count, size});
    if (!fuzz::held({all})) return;
    const std::vector<float> x = input.numbers(all);
    std::vector<float> scale = input.numbers(fuzz::product({count})), y = x, out = x;
    fuzz::expect({all}, atl_axpy_forward(count, size, scale.data(), x.data(), y.data(), out.data()));
    fuzz::expect({all}, atl_axpy_backward(count, size, out.data(), scale.data(), y.data()));
    fuzz::expect({all}, atl_axpy_backward_scale(count, size, out.data(), x.data(), scale.data()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    const uint8_t target = input.byte();
    const int64_t count = input.size(100), held = fuzz::product({count});
    if (!fuzz::held({held})) return 0;
    if (target % 4 == 0) {
        rows(input, count, input.size(20));
        return 0;
    }
    const std::vector<float> x = input.numbers(held);
    switch (target % 4) {
        case 1: functions(input, count, x); break;
        case 2: several(input, count, x); break;
        default: update(input, count, x); break;
    }
    return 0;
}
