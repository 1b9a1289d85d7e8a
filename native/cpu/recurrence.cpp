#include "atl/recurrence.h"

#include <algorithm>
#include <vector>

#include "common/guard.h"
#include "common/parallel.h"
#include "common/vector_math.h"
#include "cpu/gemm.h"

namespace {

// Calls body(sample) for all samples, in parallel.
template <class Body>
void each_sample(int64_t n, int64_t d, const Body& body) {
    atl::parallel_for(n, std::max<int64_t>(1, atl::kElementGrain / (8 * d)), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) body(i);
    });
}

void lstm_forward(int64_t n, int64_t d, const float* c_before, const float* cont, float* gates, float* c, float* h) {
    each_sample(n, d, [=](int64_t s) {
        float *i = gates + s * 4 * d, *f = i + d, *o = f + d, *g = o + d;
        for (int64_t j = 0; j < d; ++j) {
            i[j] = atl::vm::sigmoid(i[j]);
            f[j] = cont[s] != 0 ? cont[s] * atl::vm::sigmoid(f[j]) : 0.0f;
            o[j] = atl::vm::sigmoid(o[j]);
            g[j] = atl::vm::tanh(g[j]);
            c[s * d + j] = f[j] * c_before[s * d + j] + i[j] * g[j];
            h[s * d + j] = o[j] * atl::vm::tanh(c[s * d + j]);
        }
    });
}

void lstm_backward(int64_t n, int64_t d, const float* c_before, const float* cont, const float* c, const float* dc,
    const float* dh, float* gates, float* dc_before) {
    each_sample(n, d, [=](int64_t s) {
        float *i = gates + s * 4 * d, *f = i + d, *o = f + d, *g = o + d;
        for (int64_t j = 0; j < d; ++j) {
            const int64_t at = s * d + j;
            const float bent = atl::vm::tanh(c[at]), out = dh == nullptr ? 0.0f : dh[at];
            const float term = (dc == nullptr ? 0.0f : dc[at]) + out * o[j] * (1 - bent * bent);
            // f is cont times the sigmoid.
            const float open = cont[s] != 0 ? f[j] / cont[s] : 0.0f;
            const float di = term * g[j] * i[j] * (1 - i[j]), df = term * c_before[at] * f[j] * (1 - open);
            const float dout = out * bent * o[j] * (1 - o[j]), dg = term * i[j] * (1 - g[j] * g[j]);
            if (dc_before != nullptr) dc_before[at] = term * f[j];
            i[j] = di;
            f[j] = df;
            o[j] = dout;
            g[j] = dg;
        }
    });
}

// to[s] = cont[s] from[s]
void mask(int64_t n, int64_t d, const float* cont, const float* from, float* to) {
    for (int64_t s = 0; s < n; ++s)
        for (int64_t j = 0; j < d; ++j) to[s * d + j] = cont[s] * from[s * d + j];
}

int64_t gates_of(atl_cell cell) {
    atl::require(cell == ATL_CELL_TANH || cell == ATL_CELL_LSTM, "recurrence: no such cell");
    return cell == ATL_CELL_LSTM ? 4 : 1;
}

void check_sizes(int64_t steps, int64_t n, int64_t d) {
    atl::require(steps >= 0 && n >= 0 && d >= 1, "recurrence: a negative size, or no width");
    atl::checked_product("steps x n x 4 d", {steps, n, 4, d});
}

// A whole sequence, which has weights.
atl_recurrence checked(const atl_recurrence* recurrence) {
    atl::require(recurrence != nullptr, "recurrence: its description is NULL");
    check_sizes(recurrence->steps, recurrence->n, recurrence->d);
    atl::checked_product("4 d x d", {4, recurrence->d, recurrence->d});
    return *recurrence;
}

template <class... Arrays>
void check_arrays(int64_t count, const Arrays*... arrays) {
    atl::require(count == 0 || (... && (arrays != nullptr)), "recurrence: an array is NULL");
}

}  // namespace

extern "C" atl_status atl_lstm_unit_forward(
    int64_t n, int64_t d, const float* c_before, const float* cont, float* gates, float* c, float* h) {
    return atl::guard([&] {
        check_sizes(1, n, d);
        check_arrays(n, c_before, cont, gates, c, h);
        lstm_forward(n, d, c_before, cont, gates, c, h);
    });
}

extern "C" atl_status atl_lstm_unit_backward(int64_t n, int64_t d, const float* c_before, const float* cont,
    const float* c, const float* dc, const float* dh, float* gates, float* dc_before) {
    return atl::guard([&] {
        check_sizes(1, n, d);
        check_arrays(n, c_before, cont, c, gates);
        lstm_backward(n, d, c_before, cont, c, dc, dh, gates, dc_before);
    });
}

extern "C" atl_status atl_recurrence_forward(const atl_recurrence* recurrence, const float* cont, const float* w,
    const float* fixed, const float* h0, const float* c0, float* gates, float* h, float* c, float* masked) {
    return atl::guard([&] {
        const auto [cell, steps, n, d] = checked(recurrence);
        const int64_t width = gates_of(cell) * d;
        check_arrays(steps * n, cont, w, h0, gates, h, masked);
        if (cell == ATL_CELL_LSTM) check_arrays(steps * n, c0, c);
        for (int64_t t = 0; t < steps && n > 0; ++t) {
            float *sums = gates + t * n * width, *state = h + t * n * d, *before = masked + t * n * d;
            mask(n, d, cont + t * n, t == 0 ? h0 : state - n * d, before);
            if (fixed != nullptr)
                for (int64_t i = 0; i < n * width; ++i) sums[i] += fixed[i];
            atl::gemm(false, true, n, width, d, 1, before, d, w, d, 1, sums, width);
            if (cell == ATL_CELL_LSTM)
                lstm_forward(n, d, t == 0 ? c0 : c + (t - 1) * n * d, cont + t * n, sums, c + t * n * d, state);
            else
                for (int64_t i = 0; i < n * d; ++i) state[i] = sums[i] = atl::vm::tanh(sums[i]);
        }
    });
}

extern "C" atl_status atl_recurrence_backward(const atl_recurrence* recurrence, const float* cont, const float* w,
    const float* c0, const float* h, const float* c, const float* masked, const float* dh, float* gates, float* dfixed,
    float* dw) {
    return atl::guard([&] {
        const auto [cell, steps, n, d] = checked(recurrence);
        const int64_t width = gates_of(cell) * d;
        check_arrays(steps * n, cont, w, h, masked, dh, gates);
        if (cell == ATL_CELL_LSTM) check_arrays(steps * n, c0, c);
        if (dfixed != nullptr) std::fill(dfixed, dfixed + n * width, 0.0f);
        if (steps * n == 0) return;
        std::vector<float> from_next(n * d, 0.0f), total(n * d), cell_gradient(n * d, 0.0f);
        for (int64_t t = steps - 1; t >= 0; --t) {
            float* sums = gates + t * n * width;
            for (int64_t i = 0; i < n * d; ++i) total[i] = dh[t * n * d + i] + from_next[i];
            if (cell == ATL_CELL_LSTM)
                lstm_backward(n, d, t == 0 ? c0 : c + (t - 1) * n * d, cont + t * n, c + t * n * d,
                    cell_gradient.data(), total.data(), sums, cell_gradient.data());
            else
                for (int64_t i = 0; i < n * d; ++i) sums[i] = total[i] * (1 - h[t * n * d + i] * h[t * n * d + i]);
            if (dfixed != nullptr)
                for (int64_t i = 0; i < n * width; ++i) dfixed[i] += sums[i];
            if (t == 0) break;
            atl::gemm(false, false, n, d, width, 1, sums, width, w, d, 0, total.data(), d);
            mask(n, d, cont + t * n, total.data(), from_next.data());
        }
        if (dw != nullptr) atl::gemm(true, false, width, d, steps * n, 1, gates, width, masked, d, 1, dw, d);
    });
}
