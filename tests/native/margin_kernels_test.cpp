// Every kernel of the margin inner product against its naive form in double precision, over odd shapes and addresses,
// by emulation on the CPU or on a GPU (device.h).
#include "kernel_cases.h"

#include "cuda/margin_inner_product.cu"
#include "naive_margin.cuh"

namespace {

using cases::Array;
using cases::blocks;
using cases::compare;
using cases::gaussians;
using cases::Order;
using cases::Random;
using device::launch;

// A case's sizes; `shift` elements stand between an aligned address and the first of every array.
struct Shape {
    int64_t m, n, k;
    size_t shift;
};

const Shape kShapes[] = {{1, 1, 1, 0}, {1, 1, 513, 1}, {5, 1, 3, 0}, {3, 2, 4, 0}, {7, 70, 17, 3}, {33, 10, 128, 0},
    {2, 609, 513, 0}, {4, 70, 512, 0}, {4, 70, 512, 1}, {3, 609, 1030, 2}, {2, 9, 2052, 0}, {40, 5, 6, 1}};
const Shape kLarge = {3, 70609, 5, 0};

template <class T>
struct Kernels;

template <>
struct Kernels<float> {
    static constexpr double kTolerance = 4e-6;
    static constexpr const char* kName = "float";
    static constexpr auto normalize_rows = atl_margin_normalize_rows_f32;
    static constexpr auto forward = atl_margin_forward_f32;
    static constexpr auto forward_semihard = atl_margin_forward_semihard_f32;
    static constexpr auto backward = atl_margin_backward_f32;
    static constexpr auto replace_rows = atl_margin_replace_rows_f32;
};

template <>
struct Kernels<double> {
    static constexpr double kTolerance = 1e-13;
    static constexpr const char* kName = "double";
    static constexpr auto normalize_rows = atl_margin_normalize_rows_f64;
    static constexpr auto forward = atl_margin_forward_f64;
    static constexpr auto forward_semihard = atl_margin_forward_semihard_f64;
    static constexpr auto backward = atl_margin_backward_f64;
    static constexpr auto replace_rows = atl_margin_replace_rows_f64;
};

template <class T>
std::vector<double> doubles(const std::vector<T>& values) {
    return std::vector<double>(values.begin(), values.end());
}

std::string describe(const char* kernel, const char* type, const Shape& s) {
    return std::string(kernel) + " " + type + " m " + std::to_string(s.m) + " n " + std::to_string(s.n) + " k "
        + std::to_string(s.k) + " shift " + std::to_string(s.shift);
}

// The result of a naive kernel that has one thread for each of `count` rows.
template <class... P, class... A>
void launch_naive(void (*kernel)(P...), int64_t count, A... arguments) {
    launch(kernel, blocks(count, 32), 32, device::orders().front(), arguments...);
}

template <class T>
void test_normalize_rows(const Shape& s, Order order, unsigned grid) {
    std::vector<T> w = gaussians<T>(s.n * s.k, 1);
    // A row of zeros, one whose length is far from 1, one that has unit length.
    if (s.n > 4) {
        for (int64_t j = 0; j < s.k; ++j) {
            w[static_cast<size_t>(s.k + j)] = 0;
            w[static_cast<size_t>(2 * s.k + j)] *= T(1e-15);
            w[static_cast<size_t>(3 * s.k + j)] = j == s.k - 1 ? T(-1) : T(0);
        }
    }
    Array<double> expected(doubles(w));
    launch_naive(naive::normalize_rows<double>, s.n, s.n, s.k, expected.data());
    Array<T> found(w, s.shift);
    const unsigned threads = s.n % 2 == 0 ? 64 : atl::cuda::kThreads;
    launch(Kernels<T>::normalize_rows, grid == 0 ? blocks(s.n, threads / 32) : grid, threads, order, s.n, s.k,
        found.data());
    const std::vector<T> once = found.values();
    compare(once, expected.values(), Kernels<T>::kTolerance, describe("normalize_rows", Kernels<T>::kName, s));
    if (sizeof(T) == 8 || s.n == kLarge.n) return;
    launch(Kernels<T>::normalize_rows, grid == 0 ? blocks(s.n, threads / 32) : grid, threads, order, s.n, s.k,
        found.data());
    check::that(found.values() == once, describe("unit rows changed by normalize_rows", Kernels<T>::kName, s));
}

// A sample's label and the cosine that its logit shall have.
template <class T>
struct Inputs {
    std::vector<T> x, label, logits, w, dlogits, dx;

    Inputs(const Shape& s, int type, uint64_t key)
        : x(gaussians<T>(s.m * s.k, key)),
          label(static_cast<size_t>(s.m)),
          logits(gaussians<T>(s.m * s.n, key + 1)),
          w(gaussians<T>(s.n * s.k, key + 2)),
          dlogits(gaussians<T>(s.m * s.n, key + 3)),
          dx(gaussians<T>(s.m * s.k, key + 4)) {
        Random random(key + 5);
        for (int64_t i = 0; i < s.m; ++i) {
            // Some samples are degenerate: |x| = 0, or about 1e-4.
            const double shrink = s.m < 3 || i % 5 < 3 ? 1
                : i % 5 == 3                           ? 0
                                                       : 1e-4 / std::sqrt(static_cast<double>(s.k));
            double norm = 0;
            for (int64_t j = 0; j < s.k; ++j) {
                T& value = x[static_cast<size_t>(i * s.k + j)];
                value = static_cast<T>(value * shrink);
                norm += static_cast<double>(value) * value;
            }
            const int64_t y = static_cast<int64_t>(random.uniform() * s.n);
            label[static_cast<size_t>(i)] = static_cast<T>(y);
            double c = 2 * random.uniform() - 1;
            while (std::fmin(
                       std::fabs(c), std::fmin(std::fabs(std::fabs(c) - 0.5), std::fabs(std::fabs(c) - std::sqrt(0.5))))
                < 2e-2)
                c = 2 * random.uniform() - 1;
            // Now and then the label ties with the logit before or after it.
            T& at_label = logits[static_cast<size_t>(i * s.n + y)];
            at_label = static_cast<T>(c * std::sqrt(norm));
            if (i % 4 == 1 && y > 0) logits[static_cast<size_t>(i * s.n + y - 1)] = at_label;
            if (i % 4 == 2 && y + 1 < s.n) logits[static_cast<size_t>(i * s.n + y + 1)] = at_label;
            // A label that is far above, or below, all others, so that every kind of sample is met.
            if (i % 3 == 0)
                for (int64_t j = 0; j < s.n; ++j)
                    if (j != y)
                        logits[static_cast<size_t>(i * s.n + j)] -=
                            static_cast<T>(4 * std::sqrt(norm) * (type + 1) * random.uniform());
        }
    }
};

template <class T>
void test_step(const Shape& s, int type, T lambda, bool semihard, bool exact, Order order, unsigned grid) {
    const unsigned block_a_sample = grid == 0 ? static_cast<unsigned>(s.m) : grid;
    const std::string name = describe("", Kernels<T>::kName, s) + " type " + std::to_string(type) + " lambda "
        + std::to_string(lambda) + (semihard ? " semihard" : "") + (exact ? " exact" : "");
    Inputs<T> inputs(s, type, static_cast<uint64_t>(100 * s.m + type));
    Array<double> x(doubles(inputs.x)), label(doubles(inputs.label)), logits(doubles(inputs.logits)),
        w(doubles(inputs.w)), state(std::vector<double>(static_cast<size_t>(3 * s.m))),
        dlogits(doubles(inputs.dlogits)), dx(doubles(inputs.dx));
    Array<T> fx(inputs.x, s.shift), flabel(inputs.label, s.shift), flogits(inputs.logits, s.shift),
        fstate(std::vector<T>(static_cast<size_t>(3 * s.m), T(-7)), s.shift), fw(inputs.w, s.shift),
        fdlogits(inputs.dlogits, s.shift), fdx(inputs.dx, s.shift);

    launch_naive(naive::forward<double>, s.m, type, semihard, s.m, s.n, s.k, static_cast<double>(lambda), x.data(),
        label.data(), logits.data(), state.data());
    const atl_margin of = {s.m, s.n, s.k, static_cast<atl_margin_type>(type), exact ? 1 : 0, semihard ? 1 : 0};
    if (semihard)
        launch(Kernels<T>::forward_semihard, block_a_sample, s.m > 8 ? 96 : atl::cuda::kMiningThreads, order, of,
            lambda, fx.data(), flabel.data(), flogits.data(), fstate.data());
    else
        launch(Kernels<T>::forward, grid == 0 ? blocks(s.m, 2) : grid, 64, order, of, lambda, fx.data(), flabel.data(),
            flogits.data(), fstate.data());
    compare(flogits.values(), logits.values(), 4 * Kernels<T>::kTolerance, "logits" + name);
    compare(fstate.values(), state.values(), Kernels<T>::kTolerance, "state" + name);

    launch_naive(naive::backward<double>, s.m, type, exact, s.m, s.n, s.k, static_cast<double>(lambda), x.data(),
        label.data(), w.data(), state.data(), dlogits.data(), dx.data());
    launch(Kernels<T>::backward, block_a_sample, 64, order, of, lambda, fx.data(), flabel.data(), fw.data(),
        fstate.data(), fdlogits.data(), fdx.data());
    compare(fdx.values(), dx.values(), 32 * Kernels<T>::kTolerance, "gradient" + name);
    check::that(fdlogits.values() == inputs.dlogits, "the logits' gradient changed" + name);
}

template <class T>
void test_replace_rows(const Shape& s, Order order, unsigned grid, uint64_t position) {
    Inputs<T> inputs(s, 0, 9);
    Array<T> x(inputs.x, s.shift), label(inputs.label, s.shift), w(inputs.w, s.shift), expected(inputs.w);
    launch(naive::replace_rows<T>, 1, 32, device::orders().front(), s.m, s.k, x.data(), label.data(), uint64_t{77},
        position, expected.data());
    const atl_margin of = {s.m, s.n, s.k, ATL_MARGIN_SINGLE, 0, 0};
    launch(Kernels<T>::replace_rows, grid == 0 ? static_cast<unsigned>(s.m) : grid, 64, order, of, x.data(),
        label.data(), uint64_t{77}, position, w.data());
    check::that(w.values() == expected.values(), describe("replace_rows", Kernels<T>::kName, s));
}

// Labels that are no class must not make a kernel touch memory outside its arrays.
template <class T>
void test_labels_out_of_range() {
    const Shape s = {5, 3, 4, 0};
    Inputs<T> inputs(s, 1, 3);
    inputs.label = {T(-1), T(3), static_cast<T>(NAN), T(1e30), T(1)};
    for (const bool semihard : {false, true}) {
        Array<T> x(inputs.x), label(inputs.label), logits(inputs.logits), state(std::vector<T>(15)), w(inputs.w),
            dlogits(inputs.dlogits), dx(inputs.dx);
        const Order order = device::orders().front();
        const atl_margin of = {s.m, s.n, s.k, ATL_MARGIN_DOUBLE, 0, semihard ? 1 : 0};
        launch(semihard ? Kernels<T>::forward_semihard : Kernels<T>::forward, 5, 64, order, of, T(5), x.data(),
            label.data(), logits.data(), state.data());
        launch(Kernels<T>::backward, 5, 64, order, of, T(5), x.data(), label.data(), w.data(), state.data(),
            dlogits.data(), dx.data());
        launch(Kernels<T>::replace_rows, 5, 64, order, of, x.data(), label.data(), uint64_t{1}, uint64_t{0}, w.data());
        const std::vector<T> after = logits.values(), gradient = dx.values();
        for (size_t i = 0; i < 12; ++i)
            check::that(after[i] == inputs.logits[i], "a logit changed though its sample has no class");
        for (size_t i = 0; i < 16; ++i) check::that(gradient[i] == 0, "a sample without a class has a gradient");
    }
}

template <class T>
void test_all() {
    int which = 0;
    for (const Shape& s : kShapes)
        for (const Order order : device::orders()) {
            const unsigned grid = which++ % 3 == 0 ? 2 : 0;
            test_normalize_rows<T>(s, order, grid);
            test_replace_rows<T>(s, order, grid, static_cast<uint64_t>(which) * 1001);
            for (int type = 0; type < 4; ++type)
                for (int flags = 0; flags < 4; ++flags)
                    test_step<T>(
                        s, type, which % 2 == 0 ? T(0) : T(5), (flags & 1) != 0, (flags & 2) != 0, order, grid);
        }
    for (const Order order : device::orders()) {
        test_step<T>(kLarge, 1, T(5), true, false, order, 0);
        test_step<T>(kLarge, 3, T(0), true, true, order, 0);
        test_replace_rows<T>(kLarge, order, 0, 5);
    }
    test_labels_out_of_range<T>();
}

}  // namespace

int main() {
    if (!device::present()) {
        std::printf("no GPU to run on\n");
        return 77;
    }
    test_all<float>();
    test_all<double>();
    test_normalize_rows<float>(kLarge, device::orders().front(), 0);
    return check::result();
}
