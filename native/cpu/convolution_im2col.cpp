// Convolution as a matrix product over gathered windows, for what oneDNN does not take: more than three spatial axes, empty arrays.
#include "common/parallel.h"
#include "cpu/convolution.h"
#include "cpu/gemm.h"

namespace {

class Im2colConvolution final : public atl::Convolution {
public:
    explicit Im2colConvolution(const atl::ConvolutionShape& shape)
        : shape_(shape), windows_(shape.product(shape.output)), window_(shape.product(shape.kernel)) {}

    atl_convolution_plan plan(atl_convolution_pass) override {
        const int64_t columns = shape_.input_channels / shape_.groups * window_ * windows_;
        return {ATL_LAYOUT_PLAIN, ATL_LAYOUT_PLAIN, 0, columns * static_cast<int64_t>(sizeof(float)), "im2col"};
    }

    void pack(atl_convolution_pass, const float*, float*) override { throw atl::Error(ATL_INVALID_ARGUMENT, "convolution: the weights are used as they are"); }

    void forward(const float* x, const float* w, const float* bias, float* y, void* workspace) override {
        float* columns = static_cast<float*>(workspace);
        each_group([&](int64_t in, int64_t out, int64_t weight) {
            gather(x + in, columns);
            atl::gemm(false, false, rows(), windows_, depth(), 1, w + weight, depth(), columns, windows_, 0, y + out, windows_);
        });
        if (bias != nullptr) atl_channel_add(shape_.n, shape_.output_channels, windows_, ATL_LAYOUT_PLAIN, bias, y);
    }

    void backward_data(const float* dy, const float* w, float* dx, void* workspace) override {
        float* columns = static_cast<float*>(workspace);
        each_group([&](int64_t in, int64_t out, int64_t weight) {
            atl::gemm(true, false, depth(), windows_, rows(), 1, w + weight, depth(), dy + out, windows_, 0, columns, windows_);
            scatter(columns, dx + in);
        });
    }

    void backward_weights(const float* x, const float* dy, float* dw, float* dbias, void* workspace) override {
        float* columns = static_cast<float*>(workspace);
        each_group([&](int64_t in, int64_t out, int64_t weight) {
            gather(x + in, columns);
            atl::gemm(false, true, rows(), depth(), windows_, 1, dy + out, windows_, columns, windows_, 1, dw + weight, depth());
        });
        if (dbias != nullptr) atl_channel_sum(shape_.n, shape_.output_channels, windows_, ATL_LAYOUT_PLAIN, dy, dbias);
    }

    double time(atl_convolution_pass, int) override { throw atl::Error(ATL_UNSUPPORTED, "convolution: im2col has no bare computation to time"); }

private:
    // Rows of a group's weight matrix, and its columns.
    int64_t rows() const { return shape_.output_channels / shape_.groups; }
    int64_t depth() const { return shape_.input_channels / shape_.groups * window_; }

    template <class Body>
    void each_group(const Body& body) const {
        const int64_t in = shape_.input_count() / std::max<int64_t>(1, shape_.n * shape_.groups), out = rows() * windows_;
        for (int64_t i = 0; i < shape_.n * shape_.groups; ++i) body(i * in, i * out, i % shape_.groups * rows() * depth());
    }

    void gather(const float* x, float* columns) const {
        each_line([=](const float* from, float* line, const Line& at) {
            for (int64_t i = 0; i < at.count; ++i) line[i] = at.holds(i) ? from[at.start + i * at.step] : 0;
        }, x, columns);
    }

    void scatter(const float* columns, float* x) const {
        std::fill(x, x + shape_.input_channels / shape_.groups * shape_.product(shape_.input), 0.0f);
        each_line([=](float* to, const float* line, const Line& at) {
            for (int64_t i = 0; i < at.count; ++i)
                if (at.holds(i)) to[at.start + i * at.step] += line[i];
        }, x, columns);
    }

    // The windows along the last axis, seen from one place in the kernel: where they read, and which of them lie within the image.
    struct Line {
        int64_t count, start, step, size;
        bool inside;
        bool holds(int64_t i) const { return inside && start_of_axis + i * step >= 0 && start_of_axis + i * step < size; }
        int64_t start_of_axis;
    };

    // Calls body(channel's image, line of the columns, Line) for every channel, place in the kernel and run of windows along the last axis.
    template <class Image, class Columns, class Body>
    void each_line(const Body& body, Image* x, Columns* columns) const {
        const int64_t axes = static_cast<int64_t>(shape_.input.size()), last = axes - 1, length = shape_.output[last];
        const int64_t lines = windows_ / length, image = shape_.product(shape_.input);
        // A channel's image belongs to one thread, so that scattering needs no locks.
        atl::parallel_for(shape_.input_channels / shape_.groups, 1, [&](int64_t begin, int64_t end) {
            std::vector<int64_t> offset(axes);
            for (int64_t channel = begin; channel < end; ++channel)
                for (int64_t place = 0; place < window_; ++place) {
                    for (int64_t axis = last, rest = place; axis >= 0; rest /= shape_.kernel[axis], --axis)
                        offset[axis] = rest % shape_.kernel[axis] * shape_.dilation[axis] - shape_.pad[axis];
                    for (int64_t line = 0; line < lines; ++line) {
                        Line at{length, 0, shape_.stride[last], shape_.input[last], true, offset[last]};
                        int64_t step = shape_.input[last];
                        for (int64_t axis = last - 1, rest = line; axis >= 0; rest /= shape_.output[axis], --axis) {
                            const int64_t position = rest % shape_.output[axis] * shape_.stride[axis] + offset[axis];
                            at.inside = at.inside && position >= 0 && position < shape_.input[axis];
                            at.start += position * step;
                            step *= shape_.input[axis];
                        }
                        at.start += at.start_of_axis;
                        body(x + channel * image, columns + ((channel * window_ + place) * lines + line) * length, at);
                    }
                }
        });
    }

    atl::ConvolutionShape shape_;
    int64_t windows_, window_;
};

}  // namespace

std::unique_ptr<atl::Convolution> atl::make_im2col_convolution(const ConvolutionShape& shape) { return std::make_unique<Im2colConvolution>(shape); }
