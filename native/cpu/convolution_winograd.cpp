// Convolution of 3 x 3 windows by Winograd's algorithm, on the blocked layouts (winograd.h has the formulas).
#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <iterator>
#include <limits>

#include "atl/memory.h"
#include "common/parallel.h"
#include "common/processor.h"
#include "cpu/convolution.h"
#include "cpu/winograd.h"

namespace {

namespace wg = atl::winograd;

constexpr int64_t kLine = 16;   // floats of a cache line
constexpr int64_t kGroup = 16;  // tiles that are transformed in one go
constexpr int64_t kMiB = 1 << 20;

int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t whole_lines(int64_t floats) { return ceiling(floats, kLine) * kLine; }

int64_t tiles_of(const atl::ConvolutionShape& shape, atl_convolution_pass pass, const wg::Transforms& transforms) {
    const std::vector<int64_t>& target = pass == ATL_CONVOLUTION_BACKWARD_DATA ? shape.input : shape.output;
    return shape.n * ceiling(target[0], transforms.tile) * ceiling(target[1], transforms.tile);
}

// What a pass costs, in products: those of the points; the transforms, which cost a channel of a tile as much as 6
// products a point; and the weights' way through memory, with their transform where they change in between. Measured
// with AVX-512; only ratios matter.
double cost(const atl::ConvolutionShape& shape, atl_convolution_pass pass, const wg::Transforms& transforms) {
    const double in = static_cast<double>(shape.input_channels), out = static_cast<double>(shape.output_channels);
    const double tiles = static_cast<double>(tiles_of(shape, pass, transforms));
    return static_cast<double>(transforms.points)
        * (tiles * (in * out + 6 * (in + out)) + (shape.training ? 16 : 10) * in * out);
}

// The products of a direct computation: those with what lies outside the image are left out.
double direct_cost(const atl::ConvolutionShape& shape) {
    double products = static_cast<double>(shape.n) * static_cast<double>(shape.input_channels * shape.output_channels);
    for (size_t axis = 0; axis < 2; ++axis) {
        int64_t inside = 0;
        for (int64_t place = 0; place < 3; ++place) {
            const int64_t first = std::max<int64_t>(0, shape.pad[axis] - place);
            inside +=
                std::max<int64_t>(0, std::min(shape.output[axis], shape.input[axis] + shape.pad[axis] - place) - first);
        }
        products *= static_cast<double>(inside);
    }
    return products;
}

// Some threads that work on the same tiles; they wait for one another where they are more than one.
struct Team {
    int64_t member, size;

    // Calls body(i) for this member's part of 0 to count - 1.
    template <class Body>
    void share(int64_t count, const Body& body) const {
        for (int64_t i = count * member / size; i < count * (member + 1) / size; ++i) body(i);
    }

    void wait() const {
        if (size > 1) {
#pragma omp barrier
        }
    }
};

// A transformed array in memory: [point][block][row][lane]. A line of padding a point keeps the points from falling on
// the same cache sets.
struct Array {
    int64_t points = 0;
    wg::Steps steps{};

    Array() = default;
    Array(int64_t points_, int64_t blocks, int64_t rows, int64_t lanes)
        : points(points_), steps{blocks * rows * lanes + kLine, rows * lanes} {}
    int64_t count() const { return whole_lines(points * steps.point); }
};

// What a pass works with. Its source is x or dy; the product's rows are tiles of the other array.
struct Plan {
    const wg::Transforms* transforms = nullptr;
    int64_t source_channels = 0, target_channels = 0;
    wg::Tiles source{}, target{};
    int64_t tiles = 0, chunk = 0;
    int threads = 1;
    bool together = false;  // all threads work on the same chunk
    Array v, m, u;
};

class WinogradConvolution final : public atl::Convolution {
public:
    WinogradConvolution(const atl::ConvolutionShape& shape, const wg::Kernels& kernels)
        : shape_(shape), kernels_(kernels) {
        for (atl_convolution_pass pass :
            {ATL_CONVOLUTION_FORWARD, ATL_CONVOLUTION_BACKWARD_DATA, ATL_CONVOLUTION_BACKWARD_WEIGHTS})
            plans_[pass] = make(pass);
    }

    atl_convolution_plan plan(atl_convolution_pass pass) override {
        const Plan& p = plans_[pass];
        const atl_layout layout = kernels_.lanes == 16 ? ATL_LAYOUT_BLOCKED16 : ATL_LAYOUT_BLOCKED8;
        const bool weights = pass == ATL_CONVOLUTION_BACKWARD_WEIGHTS;
        const int64_t transformed = p.v.count() + p.m.count();
        const int64_t scratch =
            weights ? p.u.count() + 2 * transformed + sums_count(p) : (p.together ? 1 : p.threads) * transformed;
        return {layout, layout, weights ? 0 : p.u.count(), scratch * static_cast<int64_t>(sizeof(float)),
            p.transforms->tile == 4 ? "winograd:4x4,3x3" : "winograd:2x2,3x3"};
    }

    void pack(atl_convolution_pass pass, const float* w, float* packed) override {
        const Plan& p = plans_[pass];
        const wg::Weights weights = weights_of(pass);
        const int64_t lanes = kernels_.lanes, in_blocks = p.source_channels / lanes;
        atl::parallel_for(p.target_channels / lanes * in_blocks, 4, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                const int64_t out = i / in_blocks, first = i % in_blocks * lanes;
                p.transforms->weights(weights, w + out * lanes * weights.out_step, first, first + lanes,
                    packed + out * p.u.steps.block, p.u.steps.point);
            }
        });
    }

    void forward(const float* x, const float* w, const float* bias, float* y, void* workspace) override {
        run(plans_[ATL_CONVOLUTION_FORWARD], x, w, bias, y, static_cast<float*>(workspace));
    }

    void backward_data(const float* dy, const float* w, float* dx, void* workspace) override {
        run(plans_[ATL_CONVOLUTION_BACKWARD_DATA], dy, w, nullptr, dx, static_cast<float*>(workspace));
    }

    void backward_weights(const float* x, const float* dy, float* dw, float* dbias, void* workspace) override {
        const Plan& p = plans_[ATL_CONVOLUTION_BACKWARD_WEIGHTS];
        float* const du = static_cast<float*>(workspace);
        float* const transformed = du + p.u.count();
        float* const sums = transformed + 2 * (p.v.count() + p.m.count());
        if (dbias != nullptr) std::memset(sums, 0, static_cast<size_t>(sums_count(p)) * sizeof(float));
#pragma omp parallel num_threads(p.threads)
        {
            const Team team{omp_get_thread_num(), omp_get_num_threads()};
            clear(p, team, du);
            for (int64_t chunk = 0; chunk * p.chunk < p.tiles; ++chunk) {
                // Two pairs of arrays in turn: while some still multiply, others may go on to the next chunk.
                float* const v = transformed + chunk % 2 * (p.v.count() + p.m.count());
                float* const m = v + p.v.count();
                const int64_t first = chunk * p.chunk, count = std::min(p.chunk, p.tiles - first);
                transform_input(p, team, x, first, count, v);
                transform_gradient(p, team, dy, first, count, m, dbias == nullptr ? nullptr : sums);
                team.wait();
                add_products(p, team, count, v, m, du);
            }
            team.wait();
            add_weight_gradient(p, team, du, dw);
        }
        if (dbias == nullptr) return;
        for (int64_t channel = 0; channel < p.target_channels; ++channel) {
            double sum = 0;
            for (int64_t group = 0; group * kGroup < p.tiles; ++group)
                sum += static_cast<double>(sums[group * p.target_channels + channel]);
            dbias[channel] += static_cast<float>(sum);
        }
    }

    double time(atl_convolution_pass pass, int runs) override {
        const Plan& p = plans_[pass];
        const int64_t x = shape_.input_count(), y = shape_.output_count(), w = shape_.weight_count(), u = p.u.count();
        const int64_t scratch = plan(pass).workspace / static_cast<int64_t>(sizeof(float)),
                      bias = shape_.output_channels;
        void* block = nullptr;
        const int64_t sizes[] = {x, y, w, u, bias, scratch};
        int64_t total = 0;
        for (int64_t size : sizes) total += whole_lines(size);
        if (atl_alloc(total * static_cast<int64_t>(sizeof(float)), &block) != ATL_OK) throw std::bad_alloc();
        const std::unique_ptr<void, atl_status (*)(void*)> kept(block, atl_free);
        std::memset(block, 0, static_cast<size_t>(total) * sizeof(float));
        float* parts[std::size(sizes)];
        float* next = static_cast<float*>(block);
        for (size_t i = 0; i < std::size(sizes); ++i) {
            parts[i] = next;
            next += whole_lines(sizes[i]);
        }
        double best = std::numeric_limits<double>::infinity();
        for (int i = 0; i < runs; ++i) {
            const auto start = std::chrono::steady_clock::now();
            // In training the weights are transformed anew in each pass, which is part of the computation.
            if (shape_.training && pass != ATL_CONVOLUTION_BACKWARD_WEIGHTS) pack(pass, parts[2], parts[3]);
            switch (pass) {
                case ATL_CONVOLUTION_FORWARD:
                    forward(parts[0], parts[3], shape_.bias ? parts[4] : nullptr, parts[1], parts[5]);
                    break;
                case ATL_CONVOLUTION_BACKWARD_DATA: backward_data(parts[1], parts[3], parts[0], parts[5]); break;
                case ATL_CONVOLUTION_BACKWARD_WEIGHTS:
                    backward_weights(parts[0], parts[1], parts[2], shape_.bias ? parts[4] : nullptr, parts[5]);
                    break;
            }
            best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        }
        return best;
    }

private:
    Plan make(atl_convolution_pass pass) const {
        const bool weights = pass == ATL_CONVOLUTION_BACKWARD_WEIGHTS, back = pass == ATL_CONVOLUTION_BACKWARD_DATA;
        Plan p;
        p.source_channels = back ? shape_.output_channels : shape_.input_channels;
        p.target_channels = back ? shape_.input_channels : shape_.output_channels;
        const std::vector<int64_t>&from = back ? shape_.output : shape_.input,
              &to = back ? shape_.input : shape_.output;
        p.transforms =
            cost(shape_, pass, kernels_.two) < cost(shape_, pass, kernels_.four) ? &kernels_.two : &kernels_.four;
        const int64_t tile = p.transforms->tile, points = p.transforms->points, lanes = kernels_.lanes;
        p.tiles = tiles_of(shape_, pass, *p.transforms);
        p.source = {from[0], from[1], p.source_channels * from[0] * from[1], ceiling(to[0], tile), ceiling(to[1], tile),
            back ? 2 - shape_.pad[0] : shape_.pad[0], back ? 2 - shape_.pad[1] : shape_.pad[1]};
        p.target = {to[0], to[1], p.target_channels * to[0] * to[1], p.source.rows, p.source.columns, 0, 0};
        p.threads = omp_get_max_threads();
        const int64_t u_bytes = points * p.source_channels * p.target_channels * 4,
                      tile_bytes = points * (p.source_channels + p.target_channels) * 4;
        p.together = weights || u_bytes > 3 * kMiB;
        const int64_t bytes = p.together ? std::max(3 * kMiB / 2, std::min(u_bytes, 16 * kMiB)) : kMiB / 2;
        const int64_t most = std::max(kernels_.rows, bytes / tile_bytes / kernels_.rows * kernels_.rows);
        const int64_t share = p.together ? p.tiles : ceiling(p.tiles, p.threads);
        p.chunk = std::max<int64_t>(1, ceiling(share, ceiling(share, most)));
        if (weights) p.chunk = ceiling(p.chunk, kGroup) * kGroup;
        p.v = Array(points, p.source_channels / lanes, p.chunk, lanes);
        p.m = Array(points, p.target_channels / lanes, p.chunk, lanes);
        p.u = Array(points, p.target_channels / lanes, p.source_channels, lanes);
        return p;
    }

    wg::Weights weights_of(atl_convolution_pass pass) const {
        const int64_t in = shape_.input_channels * 9;
        return pass == ATL_CONVOLUTION_BACKWARD_DATA ? wg::Weights{9, in, true} : wg::Weights{in, 9, false};
    }

    static int64_t sums_count(const Plan& p) { return whole_lines(ceiling(p.tiles, kGroup) * p.target_channels); }

    // The source's transform, the products and the target's transform of all tiles.
    void run(
        const Plan& p, const float* source, const float* u, const float* bias, float* target, float* scratch) const {
        const int64_t chunks = ceiling(p.tiles, p.chunk);
#pragma omp parallel num_threads(p.threads)
        {
            const Team all{omp_get_thread_num(), omp_get_num_threads()};
            const Team team = p.together ? all : Team{0, 1};
            float* const v = scratch + (p.together ? 0 : all.member * (p.v.count() + p.m.count()));
            float* const m = v + p.v.count();
            const auto work = [&](int64_t chunk) {
                const int64_t first = chunk * p.chunk, count = std::min(p.chunk, p.tiles - first);
                transform_input(p, team, source, first, count, v);
                team.wait();
                multiply(p, team, count, v, u, m);
                team.wait();
                transform_output(p, team, m, bias, first, count, target);
            };
            if (p.together)
                for (int64_t chunk = 0; chunk < chunks; ++chunk) work(chunk);
            else all.share(chunks, work);
        }
    }

    // Calls body(block, first, last) for the blocks of so many channels and groups of tiles; `first` and `last` count
    // from the chunk's start.
    template <class Body>
    void each_group(const Team& team, int64_t channels, int64_t count, const Body& body) const {
        const int64_t groups = ceiling(count, kGroup);
        team.share(channels / kernels_.lanes * groups,
            [&](int64_t i) { body(i / groups, i % groups * kGroup, std::min(count, (i % groups + 1) * kGroup)); });
    }

    void transform_input(
        const Plan& p, const Team& team, const float* source, int64_t chunk, int64_t count, float* v) const {
        const int64_t block_step = p.source.height * p.source.width * kernels_.lanes;
        each_group(team, p.source_channels, count, [&](int64_t block, int64_t first, int64_t last) {
            p.transforms->input(p.source, source + block * block_step, chunk + first, chunk + last,
                v + block * p.v.steps.block + first * kernels_.lanes, p.v.steps.point);
        });
    }

    void transform_output(const Plan& p, const Team& team, const float* m, const float* bias, int64_t chunk,
        int64_t count, float* target) const {
        const int64_t block_step = p.target.height * p.target.width * kernels_.lanes;
        each_group(team, p.target_channels, count, [&](int64_t block, int64_t first, int64_t last) {
            p.transforms->output(p.target, m + block * p.m.steps.block + first * kernels_.lanes, p.m.steps.point,
                bias == nullptr ? nullptr : bias + block * kernels_.lanes, chunk + first, chunk + last,
                target + block * block_step);
        });
    }

    void transform_gradient(
        const Plan& p, const Team& team, const float* dy, int64_t chunk, int64_t count, float* m, float* sums) const {
        const int64_t block_step = p.target.height * p.target.width * kernels_.lanes;
        each_group(team, p.target_channels, count, [&](int64_t block, int64_t first, int64_t last) {
            float* const sum = sums == nullptr
                ? nullptr
                : sums + (chunk + first) / kGroup * p.target_channels + block * kernels_.lanes;
            p.transforms->gradient(p.target, dy + block * block_step, chunk + first, chunk + last,
                m + block * p.m.steps.block + first * kernels_.lanes, p.m.steps.point, sum);
        });
    }

    // Calls body(point, first block, number of blocks) for pairs of the target's blocks.
    template <class Body>
    void each_pair(const Plan& p, const Team& team, const Body& body) const {
        const int64_t blocks = p.target_channels / kernels_.lanes, pairs = ceiling(blocks, 2);
        team.share(p.transforms->points * pairs,
            [&](int64_t i) { body(i / pairs, i % pairs * 2, std::min<int64_t>(2, blocks - i % pairs * 2)); });
    }

    void multiply(const Plan& p, const Team& team, int64_t count, const float* v, const float* u, float* m) const {
        each_pair(p, team, [&](int64_t point, int64_t block, int64_t blocks) {
            kernels_.product(count, blocks, p.source_channels / kernels_.lanes, v + point * p.v.steps.point,
                p.v.steps.block, u + point * p.u.steps.point + block * p.u.steps.block, p.u.steps.block,
                m + point * p.m.steps.point + block * p.m.steps.block, p.m.steps.block);
        });
    }

    static void clear(const Plan& p, const Team& team, float* du) {
        team.share(p.u.points, [&](int64_t point) {
            std::memset(du + point * p.u.steps.point, 0, static_cast<size_t>(p.u.steps.point) * sizeof(float));
        });
    }

    void add_products(const Plan& p, const Team& team, int64_t count, const float* v, const float* m, float* du) const {
        each_pair(p, team, [&](int64_t point, int64_t block, int64_t blocks) {
            for (int64_t in = 0; in < p.source_channels / kernels_.lanes; ++in)
                kernels_.outer_product(count, blocks, v + point * p.v.steps.point + in * p.v.steps.block,
                    m + point * p.m.steps.point + block * p.m.steps.block, p.m.steps.block,
                    du + point * p.u.steps.point + block * p.u.steps.block + in * kernels_.lanes * kernels_.lanes,
                    p.u.steps.block);
        });
    }

    void add_weight_gradient(const Plan& p, const Team& team, const float* du, float* dw) const {
        const wg::Weights weights = weights_of(ATL_CONVOLUTION_BACKWARD_WEIGHTS);
        const int64_t lanes = kernels_.lanes, in_blocks = p.source_channels / lanes;
        team.share(p.target_channels / lanes * in_blocks, [&](int64_t i) {
            const int64_t out = i / in_blocks, first = i % in_blocks * lanes;
            p.transforms->weight_gradient(weights, du + out * p.u.steps.block, p.u.steps.point, first, first + lanes,
                dw + out * lanes * weights.out_step);
        });
    }

    atl::ConvolutionShape shape_;
    const wg::Kernels& kernels_;
    std::array<Plan, 3> plans_;
};

}  // namespace

const wg::Kernels* wg::machine_kernels() {
#if defined(__x86_64__) && defined(__GNUC__)
    return processor::offers(processor::present, processor::kAvx512) ? &avx512_kernels : &avx2_kernels;
#else
    return nullptr;
#endif
}

bool wg::computes(const ConvolutionShape& shape, const Kernels& kernels) {
    const auto all = [](const std::vector<int64_t>& values, int64_t wanted) {
        return std::all_of(values.begin(), values.end(), [=](int64_t value) { return value == wanted; });
    };
    return !shape.plain && shape.input.size() == 2 && shape.groups == 1 && all(shape.kernel, 3) && all(shape.stride, 1)
        && all(shape.dilation, 1) && shape.input_channels % kernels.lanes == 0
        && shape.output_channels % kernels.lanes == 0 && shape.input_count() > 0;
}

bool wg::pays(const ConvolutionShape& shape, atl_convolution_pass pass, const Kernels& kernels) {
    constexpr double kMargin = 0.9;
    return std::min(cost(shape, pass, kernels.two), cost(shape, pass, kernels.four)) < kMargin * direct_cost(shape);
}

std::unique_ptr<atl::Convolution> atl::make_winograd_convolution(
    const ConvolutionShape& shape, const wg::Kernels& kernels) {
    return std::make_unique<WinogradConvolution>(shape, kernels);
}
