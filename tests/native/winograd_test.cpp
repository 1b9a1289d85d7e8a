// Winograd's convolution by every instruction set that this processor has, against the definition in double precision,
// over odd shapes; and the same bits whatever the number of threads.
#include <omp.h>

#include <cstring>
#include <string>
#include <vector>

#include "atl/memory.h"
#include "check.h"
#include "common/philox.h"
#include "common/processor.h"
#include "cpu/convolution.h"
#include "cpu/winograd.h"

namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

struct Case {
    int64_t n, in_blocks, out_blocks, height, width, pad_h, pad_w;
};

// Extents that tiles do not divide, channels that pairs of blocks do not divide, no padding and more than the window,
// one image and several chunks.
const Case kCases[] = {{1, 1, 1, 3, 3, 0, 0}, {1, 1, 2, 1, 1, 1, 1}, {2, 3, 1, 5, 9, 1, 0}, {1, 2, 3, 13, 6, 0, 2},
    {3, 1, 1, 8, 8, 1, 1}, {1, 1, 1, 5, 4, 3, 4}, {2, 2, 5, 7, 7, 1, 1}, {1, 4, 4, 20, 22, 1, 1},
    {9, 1, 3, 18, 17, 1, 1}};

// F(4 x 4, 3 x 3) loses some digits to its transforms.
constexpr double kTolerance = 1e-5;

Floats random(size_t count, uint64_t key) {
    Floats values(count);
    for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(atl::philox_word(i, key) / 2147483648.0 - 1);
    return values;
}

// What the library hands out, aligned as workspaces are.
class Scratch {
public:
    explicit Scratch(int64_t bytes) { check::that(atl_alloc(bytes, &block_) == ATL_OK, "memory"); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { atl_free(block_); }
    float* floats() const { return static_cast<float*>(block_); }

private:
    void* block_ = nullptr;
};

struct Results {
    Floats y, dx, dw, db;
};

class Problem {
public:
    Problem(const Case& c, int64_t lanes, bool training)
        : lanes_(lanes),
          input_{c.height, c.width},
          pad_{c.pad_h, c.pad_w},
          shape_(describe(c, training)),
          x_(random(size(shape_.input_count()), 1)),
          w_(random(size(shape_.weight_count()), 2)),
          b_(random(size(shape_.output_channels), 3)),
          dy_(random(size(shape_.output_count()), 4)) {}

    const atl::ConvolutionShape& shape() const { return shape_; }

    // The weights' gradients are added to 1.
    Results compute(const atl::winograd::Kernels& kernels) const {
        const auto made = atl::make_winograd_convolution(shape_, kernels);
        Results r{Floats(dy_.size()), Floats(x_.size()), Floats(w_.size(), 1.0f), Floats(b_.size(), 1.0f)};
        const Floats x = blocked(x_, shape_.input_channels), dy = blocked(dy_, shape_.output_channels);
        Floats y(dy.size()), dx(x.size());
        pass(*made, ATL_CONVOLUTION_FORWARD,
            [&](const float* w, float* scratch) { made->forward(x.data(), w, b_.data(), y.data(), scratch); });
        pass(*made, ATL_CONVOLUTION_BACKWARD_DATA,
            [&](const float* w, float* scratch) { made->backward_data(dy.data(), w, dx.data(), scratch); });
        pass(*made, ATL_CONVOLUTION_BACKWARD_WEIGHTS, [&](const float*, float* scratch) {
            made->backward_weights(x.data(), dy.data(), r.dw.data(), r.db.data(), scratch);
        });
        r.y = plain(y, shape_.output_channels);
        r.dx = plain(dx, shape_.input_channels);
        return r;
    }

    void expect(const Results& found, const std::string& what) const {
        Doubles y(dy_.size()), dx(x_.size()), dw(w_.size(), 1.0), db(b_.size(), 1.0);
        const int64_t pixels = shape_.output[0] * shape_.output[1];
        for (size_t i = 0; i < y.size(); ++i) {
            const size_t channel = size(static_cast<int64_t>(i) / pixels % shape_.output_channels);
            y[i] = b_[channel];
            db[channel] += dy_[i];
        }
        each_product([&](size_t i, size_t j, size_t k) {
            y[j] += static_cast<double>(x_[i]) * w_[k];
            dx[i] += static_cast<double>(dy_[j]) * w_[k];
            dw[k] += static_cast<double>(dy_[j]) * x_[i];
        });
        compare(found.y, y, what + " y");
        compare(found.dx, dx, what + " dx");
        compare(found.dw, dw, what + " dw");
        compare(found.db, db, what + " db");
    }

private:
    static size_t size(int64_t count) { return static_cast<size_t>(count); }

    atl::ConvolutionShape describe(const Case& c, bool training) const {
        static const int64_t three[] = {3, 3}, one[] = {1, 1};
        return atl::ConvolutionShape({2, 1, training, 0, ATL_CONVOLUTION_WINOGRAD, c.n, c.in_blocks * lanes_,
            c.out_blocks * lanes_, 1, input_, three, one, pad_, one});
    }

    template <class Run>
    void pass(atl::Convolution& convolution, atl_convolution_pass which, const Run& run) const {
        const atl_convolution_plan plan = convolution.plan(which);
        const Scratch scratch(plan.workspace), packed(plan.packed_weights * static_cast<int64_t>(sizeof(float)));
        if (plan.packed_weights > 0) convolution.pack(which, w_.data(), packed.floats());
        run(packed.floats(), scratch.floats());
    }

    // The place of a plain array's element in a blocked one.
    template <class Move>
    void each_element(size_t count, int64_t channels, const Move& move) const {
        const int64_t pixels = static_cast<int64_t>(count) / shape_.n / channels;
        for (int64_t i = 0; i < static_cast<int64_t>(count); ++i) {
            const int64_t pixel = i % pixels, channel = i / pixels % channels, image = i / pixels / channels;
            move(size(i),
                size(((image * channels / lanes_ + channel / lanes_) * pixels + pixel) * lanes_ + channel % lanes_));
        }
    }

    Floats blocked(const Floats& from, int64_t channels) const {
        Floats to(from.size());
        each_element(from.size(), channels, [&](size_t i, size_t j) { to[j] = from[i]; });
        return to;
    }

    Floats plain(const Floats& from, int64_t channels) const {
        Floats to(from.size());
        each_element(from.size(), channels, [&](size_t i, size_t j) { to[i] = from[j]; });
        return to;
    }

    template <class Product>
    void each_product(const Product& product) const {
        const int64_t h = shape_.input[0], w = shape_.input[1], oh = shape_.output[0], ow = shape_.output[1];
        for (int64_t n = 0; n < shape_.n; ++n)
            for (int64_t out = 0; out < shape_.output_channels; ++out)
                for (int64_t in = 0; in < shape_.input_channels; ++in)
                    for (int64_t i = 0; i < oh * ow * 9; ++i) {
                        const int64_t place = i % 9, row = i / 9 / ow, column = i / 9 % ow;
                        const int64_t r = row - pad_[0] + place / 3, c = column - pad_[1] + place % 3;
                        if (r < 0 || r >= h || c < 0 || c >= w) continue;
                        product(size(((n * shape_.input_channels + in) * h + r) * w + c),
                            size(((n * shape_.output_channels + out) * oh + row) * ow + column),
                            size((out * shape_.input_channels + in) * 9 + place));
                    }
    }

    static void compare(const Floats& found, const Doubles& expected, const std::string& what) {
        double most = 1, worst = 0;
        for (double value : expected) most = std::fmax(most, std::fabs(value));
        for (size_t i = 0; i < expected.size(); ++i)
            worst = std::fmax(worst, found[i] == found[i] ? std::fabs(found[i] - expected[i]) : HUGE_VAL);
        check::that(worst <= kTolerance * most,
            what + ": off by " + std::to_string(worst) + " where the largest is " + std::to_string(most));
    }

    int64_t lanes_, input_[2], pad_[2];
    atl::ConvolutionShape shape_;
    Floats x_, w_, b_, dy_;
};

bool same(const Floats& a, const Floats& b) { return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0; }

void test(const atl::winograd::Kernels& kernels, const std::string& name) {
    for (const Case& c : kCases)
        for (bool training : {true, false}) {
            const Problem problem(c, kernels.lanes, training);
            const std::string what = name + " " + std::to_string(c.n) + " x " + std::to_string(c.in_blocks) + " -> "
                + std::to_string(c.out_blocks) + " blocks of " + std::to_string(c.height) + " x "
                + std::to_string(c.width);
            check::that(atl::winograd::computes(problem.shape(), kernels), what + " is computed");
            omp_set_num_threads(1);
            const Results alone = problem.compute(kernels);
            problem.expect(alone, what);
            for (int threads : {2, 5}) {
                omp_set_num_threads(threads);
                const Results together = problem.compute(kernels);
                check::that(same(alone.y, together.y) && same(alone.dx, together.dx) && same(alone.dw, together.dw)
                        && same(alone.db, together.db),
                    what + " by " + std::to_string(threads) + " threads");
            }
        }
}

}  // namespace

int main() {
#if defined(__x86_64__)
    using namespace atl::processor;
    if (offers(present, kPortable)) test(atl::winograd::avx2_kernels, "AVX2");
    if (offers(present, kAvx512)) test(atl::winograd::avx512_kernels, "AVX-512");
#endif
    if (atl::winograd::machine_kernels() == nullptr) {
        std::printf("this machine has no kernels to test\n");
        return 0;
    }
    return check::result();
}
