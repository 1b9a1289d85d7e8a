// The ways to compute a convolution, behind one interface.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include "atl/convolution.h"
#include "common/guard.h"

namespace atl {

namespace winograd {
struct Kernels;
}

// atl_convolution_shape, checked, with the output worked out.
struct ConvolutionShape {
    explicit ConvolutionShape(const atl_convolution_shape& shape);

    int64_t n, input_channels, output_channels, groups;
    std::vector<int64_t> input, kernel, stride, pad, dilation, output;
    bool bias, training, plain;
    atl_convolution_algorithm algorithm;

    static int64_t product(const std::vector<int64_t>& values) {
        return std::accumulate(values.begin(), values.end(), int64_t{1}, std::multiplies<int64_t>());
    }
    // Whether oneDNN takes it, whose kernels count along an axis in int.
    bool suits_onednn() const {
        const auto all = [](const std::vector<int64_t>& values) {
            return std::all_of(values.begin(), values.end(), [](int64_t value) { return value <= INT32_MAX; });
        };
        return input.size() <= 3 && input_count() > 0 && all({n, input_channels, output_channels}) && all(input)
            && all(kernel) && all(stride) && all(pad) && all(dilation) && all(output);
    }

    int64_t input_count() const { return n * input_channels * product(input); }
    int64_t output_count() const { return n * output_channels * product(output); }
    int64_t weight_count() const { return output_channels * (input_channels / groups) * product(kernel); }
};

// The functions of atl/convolution.h of the same names say what these do.
class Convolution {
public:
    virtual ~Convolution() = default;
    virtual atl_convolution_plan plan(atl_convolution_pass pass) = 0;
    virtual void pack(atl_convolution_pass pass, const float* w, float* packed) = 0;
    virtual void forward(const float* x, const float* w, const float* bias, float* y, void* workspace) = 0;
    virtual void backward_data(const float* dy, const float* w, float* dx, void* workspace) = 0;
    virtual void backward_weights(const float* x, const float* dy, float* dw, float* dbias, void* workspace) = 0;
    virtual double time(atl_convolution_pass pass, int runs) = 0;
};

// By oneDNN: one to three spatial axes, nothing empty.
std::unique_ptr<Convolution> make_onednn_convolution(const ConvolutionShape& shape);

// By Winograd's algorithm on the blocked layout of the kernels' lanes: what winograd::computes.
std::unique_ptr<Convolution> make_winograd_convolution(const ConvolutionShape& shape, const winograd::Kernels& kernels);

// By gathering the kernel's windows into a matrix: any number of axes, plain layout.
std::unique_ptr<Convolution> make_im2col_convolution(const ConvolutionShape& shape);

}  // namespace atl
