// Convolution as a matrix product over gathered windows, for what oneDNN does not take: more than three spatial axes,
// empty arrays.
#include "cpu/convolution.h"
#include "cpu/gemm.h"
#include "cpu/im2col.h"

namespace {

class Im2colConvolution final : public atl::Convolution {
public:
    explicit Im2colConvolution(const atl::ConvolutionShape& shape)
        : shape_(shape),
          windows_(shape.product(shape.output)),
          window_(shape.product(shape.kernel)),
          columns_(shape, shape.input_channels / shape.groups) {}

    atl_convolution_plan plan(atl_convolution_pass) override {
        return {ATL_LAYOUT_PLAIN, ATL_LAYOUT_PLAIN, 0, columns_.column_count() * static_cast<int64_t>(sizeof(float)),
            "im2col"};
    }

    void pack(atl_convolution_pass, const float*, float*) override {
        throw atl::Error(ATL_INVALID_ARGUMENT, "convolution: the weights are used as they are");
    }

    void forward(const float* x, const float* w, const float* bias, float* y, void* workspace) override {
        float* columns = static_cast<float*>(workspace);
        each_group([&](int64_t in, int64_t out, int64_t weight) {
            columns_.gather(x + in, columns);
            atl::gemm(false, false, rows(), windows_, depth(), 1, w + weight, depth(), columns, windows_, 0, y + out,
                windows_);
        });
        if (bias != nullptr) atl_channel_add(shape_.n, shape_.output_channels, windows_, ATL_LAYOUT_PLAIN, bias, y);
    }

    void backward_data(const float* dy, const float* w, float* dx, void* workspace) override {
        float* columns = static_cast<float*>(workspace);
        each_group([&](int64_t in, int64_t out, int64_t weight) {
            atl::gemm(true, false, depth(), windows_, rows(), 1, w + weight, depth(), dy + out, windows_, 0, columns,
                windows_);
            columns_.scatter(columns, dx + in);
        });
    }

    void backward_weights(const float* x, const float* dy, float* dw, float* dbias, void* workspace) override {
        float* columns = static_cast<float*>(workspace);
        each_group([&](int64_t in, int64_t out, int64_t weight) {
            columns_.gather(x + in, columns);
            atl::gemm(false, true, rows(), depth(), windows_, 1, dy + out, windows_, columns, windows_, 1, dw + weight,
                depth());
        });
        if (dbias != nullptr) atl_channel_sum(shape_.n, shape_.output_channels, windows_, ATL_LAYOUT_PLAIN, dy, dbias);
    }

    double time(atl_convolution_pass, int) override {
        throw atl::Error(ATL_UNSUPPORTED, "convolution: im2col has no bare computation to time");
    }

private:
    // Rows of a group's weight matrix, and its columns.
    int64_t rows() const { return shape_.output_channels / shape_.groups; }
    int64_t depth() const { return shape_.input_channels / shape_.groups * window_; }

    template <class Body>
    void each_group(const Body& body) const {
        const int64_t in = shape_.input_count() / std::max<int64_t>(1, shape_.n * shape_.groups),
                      out = rows() * windows_;
        for (int64_t i = 0; i < shape_.n * shape_.groups; ++i)
            body(i * in, i * out, i % shape_.groups * rows() * depth());
    }

    atl::ConvolutionShape shape_;
    int64_t windows_, window_;
    atl::Windows columns_;
};

}  // namespace

std::unique_ptr<atl::Convolution> atl::make_im2col_convolution(const ConvolutionShape& shape) {
    return std::make_unique<Im2colConvolution>(shape);
}
