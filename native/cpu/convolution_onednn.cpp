// Convolution by oneDNN's primitives, in the layouts that they like.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>

#include "atl/memory.h"
#include "cpu/convolution.h"
#include "cpu/onednn.h"

namespace {

namespace dn = atl::onednn;
using dn::Desc;
using dn::Dims;

constexpr int64_t kAlignment = 64;
int64_t aligned(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

// A layout as oneDNN describes it; an empty result where the channels do not divide into its blocks.
std::optional<Desc> describe(const Dims& dims, atl_layout layout) {
    using Tag = dnnl::memory::format_tag;
    static const Tag blocked8[] = {Tag::nCw8c, Tag::nChw8c, Tag::nCdhw8c},
                     blocked16[] = {Tag::nCw16c, Tag::nChw16c, Tag::nCdhw16c};
    static const Tag last[] = {Tag::nwc, Tag::nhwc, Tag::ndhwc};
    const size_t axes = dims.size() - 3;
    switch (layout) {
        case ATL_LAYOUT_PLAIN: return dn::row_major(dims);
        case ATL_LAYOUT_CHANNELS_LAST: return Desc(dims, dnnl::memory::data_type::f32, last[axes]);
        case ATL_LAYOUT_BLOCKED8:
            if (dims[1] % 8 != 0) return {};
            return Desc(dims, dnnl::memory::data_type::f32, blocked8[axes]);
        case ATL_LAYOUT_BLOCKED16:
            if (dims[1] % 16 != 0) return {};
            return Desc(dims, dnnl::memory::data_type::f32, blocked16[axes]);
    }
    return {};
}

std::optional<atl_layout> layout_of(const Desc& desc, const Dims& dims) {
    for (atl_layout layout : {ATL_LAYOUT_PLAIN, ATL_LAYOUT_BLOCKED16, ATL_LAYOUT_BLOCKED8, ATL_LAYOUT_CHANNELS_LAST}) {
        const std::optional<Desc> candidate = describe(dims, layout);
        if (candidate && *candidate == desc) return layout;
    }
    return {};
}

// A primitive with its arguments; the addresses are set for each run.
class Task {
public:
    Task() = default;
    Task(const dnnl::primitive& primitive, std::initializer_list<std::pair<int, Desc>> arguments)
        : primitive_(primitive) {
        for (const auto& [index, desc] : arguments) add(index, desc);
    }

    void add(int index, const Desc& desc) { arguments_.emplace(index, dnnl::memory(desc, dn::engine(), nullptr)); }

    // Gives every argument memory of its own, of zeros; it lasts as long as `kept`.
    void lend(std::vector<std::shared_ptr<void>>& kept) {
        for (auto& [index, memory] : arguments_) {
            const int64_t bytes = static_cast<int64_t>(memory.get_desc().get_size());
            void* block = nullptr;
            if (atl_alloc(bytes, &block) != ATL_OK) throw std::bad_alloc();
            kept.emplace_back(block, atl_free);
            std::memset(block, 0, static_cast<size_t>(bytes));
            memory.set_data_handle(block);
        }
    }

    void run(std::initializer_list<std::pair<int, const void*>> addresses) {
        for (const auto& [index, address] : addresses) {
            const auto found = arguments_.find(index);
            if (found != arguments_.end()) found->second.set_data_handle(const_cast<void*>(address));
        }
        primitive_.execute(dn::stream(), arguments_);
        dn::stream().wait();
    }

private:
    dnnl::primitive primitive_;
    std::unordered_map<int, dnnl::memory> arguments_;
};

// One pass: its primitive, and the reorder between plain weights and those of the primitive.
struct Pass {
    bool made = false;
    atl_layout x = ATL_LAYOUT_PLAIN, y = ATL_LAYOUT_PLAIN;
    std::string algorithm;
    Task task, reorder;
    int64_t scratchpad = 0, packed = 0;
};

class OneDnnConvolution final : public atl::Convolution {
public:
    explicit OneDnnConvolution(const atl::ConvolutionShape& shape) : shape_(shape) {
        x_dims_ = {shape.n, shape.input_channels};
        y_dims_ = {shape.n, shape.output_channels};
        w_dims_ = {shape.output_channels / shape.groups, shape.input_channels / shape.groups};
        if (shape.groups > 1) w_dims_.insert(w_dims_.begin(), shape.groups);
        x_dims_.insert(x_dims_.end(), shape.input.begin(), shape.input.end());
        y_dims_.insert(y_dims_.end(), shape.output.begin(), shape.output.end());
        w_dims_.insert(w_dims_.end(), shape.kernel.begin(), shape.kernel.end());
    }

    atl_convolution_plan plan(atl_convolution_pass which) override {
        const Pass& pass = get(which);
        int64_t workspace = aligned(pass.scratchpad);
        if (which == ATL_CONVOLUTION_BACKWARD_WEIGHTS)
            workspace += aligned(pass.packed * 4) + aligned(shape_.output_channels * 4);
        return {pass.x, pass.y, which == ATL_CONVOLUTION_BACKWARD_WEIGHTS ? 0 : pass.packed, workspace,
            pass.algorithm.c_str()};
    }

    void pack(atl_convolution_pass which, const float* w, float* packed) override {
        Pass& pass = get(which);
        atl::require(pass.packed > 0, "convolution: the weights are used as they are");
        run("packing weights", pass.reorder, {{DNNL_ARG_FROM, w}, {DNNL_ARG_TO, packed}});
    }

    void forward(const float* x, const float* w, const float* bias, float* y, void* workspace) override {
        run("convolution forward", get(ATL_CONVOLUTION_FORWARD).task,
            {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, y},
                {DNNL_ARG_SCRATCHPAD, workspace}});
    }

    void backward_data(const float* dy, const float* w, float* dx, void* workspace) override {
        run("convolution backward data", get(ATL_CONVOLUTION_BACKWARD_DATA).task,
            {{DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DIFF_SRC, dx},
                {DNNL_ARG_SCRATCHPAD, workspace}});
    }

    void backward_weights(const float* x, const float* dy, float* dw, float* dbias, void* workspace) override {
        Pass& pass = get(ATL_CONVOLUTION_BACKWARD_WEIGHTS);
        char* const scratchpad = static_cast<char*>(workspace);
        float* const packed = reinterpret_cast<float*>(scratchpad + aligned(pass.scratchpad));
        float* const sums = reinterpret_cast<float*>(reinterpret_cast<char*>(packed) + aligned(pass.packed * 4));
        run("convolution backward weights", pass.task,
            {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_WEIGHTS, packed}, {DNNL_ARG_DIFF_BIAS, sums},
                {DNNL_ARG_SCRATCHPAD, scratchpad}});
        run("adding weight gradients", pass.reorder, {{DNNL_ARG_FROM, packed}, {DNNL_ARG_TO, dw}});
        if (dbias != nullptr)
            for (int64_t i = 0; i < shape_.output_channels; ++i) dbias[i] += sums[i];
    }

    double time(atl_convolution_pass which, int runs) override {
        Task& task = get(which).task;
        double best = std::numeric_limits<double>::infinity();
        dn::checked("timing a convolution", [&] {
            std::vector<std::shared_ptr<void>> kept;
            task.lend(kept);
            for (int i = 0; i < runs; ++i) {
                const auto start = std::chrono::steady_clock::now();
                task.run({});
                best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            }
        });
        return best;
    }

private:
    static void run(const char* what, Task& task, std::initializer_list<std::pair<int, const void*>> addresses) {
        dn::checked(what, [&] { task.run(addresses); });
    }

    Pass& get(atl_convolution_pass which) {
        Pass& pass = passes_[which];
        if (!pass.made) {
            dn::checked("planning a convolution", [&] {
                switch (which) {
                    case ATL_CONVOLUTION_FORWARD: return make_forward(pass);
                    case ATL_CONVOLUTION_BACKWARD_DATA: return make_backward_data(pass);
                    case ATL_CONVOLUTION_BACKWARD_WEIGHTS: return make_backward_weights(pass);
                }
            });
            pass.made = true;
        }
        return pass;
    }

    dn::Convolution ask(dnnl::algorithm algorithm, const Desc& x, const Desc& y, bool bias) const {
        const auto any = dnnl::memory::format_tag::any;
        const auto f32 = dnnl::memory::data_type::f32;
        return {algorithm, x, Desc(w_dims_, f32, any), dn::row_major({shape_.output_channels}), y, bias, shape_.stride,
            shape_.dilation, shape_.pad};
    }

    // The formats to try, best first: full blocks, which all compiled kernels know; plain images of few channels at the
    // start of a net; channels last, which takes any number of channels; plain.
    std::vector<std::pair<Desc, Desc>> formats() const {
        std::vector<std::pair<Desc, Desc>> found;
        const Desc plain_x = dn::row_major(x_dims_), plain_y = dn::row_major(y_dims_);
        if (!shape_.plain) {
            atl_layout block;
            if (atl_preferred_block(&block) != ATL_OK) throw atl::Error(ATL_INTERNAL, atl_last_error());
            const std::optional<Desc> x = describe(x_dims_, block), y = describe(y_dims_, block);
            if (x && y) found.emplace_back(*x, *y);
            if (!x && y && shape_.input_channels <= 4) found.emplace_back(plain_x, *y);
            found.emplace_back(
                *describe(x_dims_, ATL_LAYOUT_CHANNELS_LAST), *describe(y_dims_, ATL_LAYOUT_CHANNELS_LAST));
        }
        found.emplace_back(plain_x, plain_y);
        return found;
    }

    // The first of the algorithms and formats that has a compiled kernel, or else the first that works. `make` gives a
    // primitive descriptor, `x` and `y` say which of its descriptors are those of x and y.
    template <class Make, class X, class Y>
    auto choose(Pass& pass, const Make& make, const X& x, const Y& y) -> decltype(make(dn::Convolution())) {
        decltype(make(dn::Convolution())) chosen;
        const auto take = [&](const auto& made, const std::string& name) {
            chosen = made;
            pass.algorithm = name;
            pass.x = *layout_of(x(made), x_dims_);
            pass.y = *layout_of(y(made), y_dims_);
        };
        for (dnnl::algorithm algorithm : {dnnl::algorithm::convolution_winograd, dnnl::algorithm::convolution_direct}) {
            if (algorithm == dnnl::algorithm::convolution_winograd
                && shape_.algorithm != ATL_CONVOLUTION_ONEDNN_WINOGRAD)
                continue;
            for (const auto& [x_desc, y_desc] : formats()) {
                const auto made = make(ask(algorithm, x_desc, y_desc, false));
                if (!made) continue;
                const std::string name = made.impl_info_str();
                const bool compiled = name.find("ref") == std::string::npos && name.find("gemm:") == std::string::npos;
                if (!chosen || compiled) take(made, name);
                if (compiled) return chosen;
            }
        }
        if (!chosen) throw atl::Error(ATL_UNSUPPORTED, "convolution: oneDNN has no implementation for this shape");
        return chosen;
    }

    void take_weights(Pass& pass, const Desc& packed, bool gradient) {
        const Desc plain = dn::row_major(w_dims_);
        if (packed != plain || gradient) {
            pass.packed = static_cast<int64_t>(packed.get_size() / sizeof(float));
            dnnl::primitive_attr attributes;
            if (gradient) {
                dnnl::post_ops add;
                add.append_sum(1.0f);
                attributes.set_post_ops(add);
            }
            const Desc& from = gradient ? packed : plain;
            const Desc& to = gradient ? plain : packed;
            pass.reorder =
                Task(dnnl::reorder(dnnl::reorder::primitive_desc(dn::engine(), from, dn::engine(), to, attributes)),
                    {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
        }
    }

    void make_forward(Pass& pass) {
        const dn::Forward made = choose(
            pass,
            [&](dn::Convolution c) {
                c.bias = shape_.bias;
                return dn::forward(c, shape_.training);
            },
            [](const dn::Forward& d) { return d.src_desc(); }, [](const dn::Forward& d) { return d.dst_desc(); });
        take_weights(pass, made.weights_desc(), false);
        pass.scratchpad = static_cast<int64_t>(made.scratchpad_desc().get_size());
        pass.task = Task(dnnl::convolution_forward(made),
            {{DNNL_ARG_SRC, made.src_desc()}, {DNNL_ARG_WEIGHTS, made.weights_desc()}, {DNNL_ARG_DST, made.dst_desc()},
                {DNNL_ARG_SCRATCHPAD, made.scratchpad_desc()}});
        if (shape_.bias) pass.task.add(DNNL_ARG_BIAS, dn::row_major({shape_.output_channels}));
    }

    void make_backward_data(Pass& pass) {
        const dn::BackwardData made = choose(
            pass, [&](const dn::Convolution& c) { return hinted<dn::BackwardData>(c, dn::backward_data); },
            [](const dn::BackwardData& d) { return d.diff_src_desc(); },
            [](const dn::BackwardData& d) { return d.diff_dst_desc(); });
        take_weights(pass, made.weights_desc(), false);
        pass.scratchpad = static_cast<int64_t>(made.scratchpad_desc().get_size());
        pass.task = Task(dnnl::convolution_backward_data(made),
            {{DNNL_ARG_DIFF_DST, made.diff_dst_desc()}, {DNNL_ARG_WEIGHTS, made.weights_desc()},
                {DNNL_ARG_DIFF_SRC, made.diff_src_desc()}, {DNNL_ARG_SCRATCHPAD, made.scratchpad_desc()}});
    }

    void make_backward_weights(Pass& pass) {
        const dn::BackwardWeights made = choose(
            pass,
            [&](dn::Convolution c) {
                c.bias = shape_.bias;
                return hinted<dn::BackwardWeights>(c, dn::backward_weights);
            },
            [](const dn::BackwardWeights& d) { return d.src_desc(); },
            [](const dn::BackwardWeights& d) { return d.diff_dst_desc(); });
        take_weights(pass, made.diff_weights_desc(), true);
        pass.scratchpad = static_cast<int64_t>(made.scratchpad_desc().get_size());
        pass.task = Task(dnnl::convolution_backward_weights(made),
            {{DNNL_ARG_SRC, made.src_desc()}, {DNNL_ARG_DIFF_DST, made.diff_dst_desc()},
                {DNNL_ARG_DIFF_WEIGHTS, made.diff_weights_desc()}, {DNNL_ARG_SCRATCHPAD, made.scratchpad_desc()}});
        if (shape_.bias) pass.task.add(DNNL_ARG_DIFF_BIAS, dn::row_major({shape_.output_channels}));
    }

    // oneDNN makes a backward pass only beside a forward one of the same algorithm and formats.
    template <class Made, class Make>
    Made hinted(const dn::Convolution& c, const Make& make) const {
        const dn::Forward hint = dn::forward(c, true);
        return hint ? make(c, hint) : Made();
    }

    atl::ConvolutionShape shape_;
    Dims x_dims_, y_dims_, w_dims_;
    std::array<Pass, 3> passes_;
};

}  // namespace

std::unique_ptr<atl::Convolution> atl::make_onednn_convolution(const ConvolutionShape& shape) {
    return std::make_unique<OneDnnConvolution>(shape);
}
