#include "cpu/convolution.h"

atl::ConvolutionShape::ConvolutionShape(const atl_convolution_shape& s)
    : n(s.n), input_channels(s.input_channels), output_channels(s.output_channels), groups(s.groups), bias(s.bias != 0), training(s.training != 0),
      plain(s.plain != 0), algorithm(s.algorithm) {
    require(s.spatial_axes >= 1 && s.spatial_axes <= 30, "convolution: spatial_axes must lie in 1..30");
    require(s.input != nullptr && s.kernel != nullptr && s.stride != nullptr && s.pad != nullptr && s.dilation != nullptr,
        "convolution: an array of the shape is NULL");
    require(algorithm >= ATL_CONVOLUTION_AUTO && algorithm <= ATL_CONVOLUTION_ONEDNN_WINOGRAD, "convolution: unknown algorithm");
    require(n >= 0 && input_channels > 0 && output_channels > 0, "convolution: n is negative or there are no channels");
    require(groups > 0 && input_channels % groups == 0 && output_channels % groups == 0, "convolution: groups must divide both channel counts");
    const auto copy = [&](const int64_t* p) { return std::vector<int64_t>(p, p + s.spatial_axes); };
    input = copy(s.input);
    kernel = copy(s.kernel);
    stride = copy(s.stride);
    pad = copy(s.pad);
    dilation = copy(s.dilation);
    for (size_t i = 0; i < input.size(); ++i) {
        require(input[i] >= 0 && kernel[i] > 0 && stride[i] > 0 && pad[i] >= 0 && dilation[i] > 0,
            "convolution: kernel, stride and dilation must be positive, input and pad must not be negative");
        const int64_t room = input[i] + 2 * pad[i] - (dilation[i] * (kernel[i] - 1) + 1);
        require(room >= 0, "convolution: the kernel is larger than the padded input");
        output.push_back(room / stride[i] + 1);
    }
}
