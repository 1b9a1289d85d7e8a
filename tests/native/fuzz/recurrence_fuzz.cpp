// Steps and sequences of recurrent cells.
#include "atl/recurrence.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    const uint8_t wants = input.byte();
    const auto cell = static_cast<atl_cell>(input.byte() % 3);
    const int64_t steps = input.size(5), n = input.size(4), d = input.size(9), gates = cell == ATL_CELL_LSTM ? 4 : 1;
    const int64_t sums = fuzz::product({steps, n, gates, d}), states = fuzz::product({steps, n, d});
    const int64_t state = fuzz::product({n, d}), weights = fuzz::product({gates, d, d}),
                  unit = fuzz::product({n, 4, d});
    if (!fuzz::held({sums, states, state, weights, unit})) return 0;
    const std::vector<float> cont = input.numbers(fuzz::product({steps, n})), w = input.numbers(weights);
    const std::vector<float> fixed = input.numbers(fuzz::product({n, gates, d}));
    const std::vector<float> h0 = input.numbers(state), c0 = h0, dh = input.numbers(states);
    std::vector<float> of_gates = input.numbers(sums), h = fuzz::array(states), c = h, masked = h;
    std::vector<float> dfixed = fixed, dw = w;
    const auto wanted = [=](int bit, std::vector<float>& array) {
        return (wants >> bit & 1) != 0 ? array.data() : nullptr;
    };
    const atl_recurrence sequence{cell, steps, n, d};
    const atl_status forward =
        atl_recurrence_forward(&sequence, cont.data(), w.data(), wants % 2 == 0 ? fixed.data() : nullptr, h0.data(),
            c0.data(), of_gates.data(), h.data(), c.data(), masked.data());
    fuzz::expect({sums, states, state, weights}, forward);
    fuzz::expect({sums, states, state, weights},
        atl_recurrence_backward(&sequence, cont.data(), w.data(), c0.data(), h.data(), c.data(), masked.data(),
            dh.data(), of_gates.data(), wanted(1, dfixed), wanted(2, dw)));
    // One step for itself, over arrays of its own.
    const std::vector<float> once = input.numbers(fuzz::product({n}));
    std::vector<float> four = input.numbers(unit), after = h0, out = h0, before = h0;
    fuzz::expect({unit}, atl_lstm_unit_forward(n, d, h0.data(), once.data(), four.data(), after.data(), out.data()));
    fuzz::expect({unit},
        atl_lstm_unit_backward(n, d, h0.data(), once.data(), after.data(), wanted(3, out), wanted(4, after),
            four.data(), wanted(5, before)));
    return 0;
}
