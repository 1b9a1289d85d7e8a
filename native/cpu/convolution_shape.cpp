#include "cpu/convolution.h"

atl::ConvolutionShape::ConvolutionShape(const atl_convolution_shape& s)
    : n(s.n),
      input_channels(s.input_channels),
      output_channels(s.output_channels),
      groups(s.groups),
      bias(s.bias != 0),
      training(s.training != 0),
      plain(s.plain != 0),
      algorithm(s.algorithm) {
    require(s.spatial_axes >= 1 && s.spatial_axes <= 30, "convolution: spatial_axes must lie in 1..30");
    require(
        s.input != nullptr && s.kernel != nullptr && s.stride != nullptr && s.pad != nullptr && s.dilation != nullptr,
        "convolution: an array of the shape is NULL");
    require(algorithm >= ATL_CONVOLUTION_AUTO && algorithm <= ATL_CONVOLUTION_ONEDNN_WINOGRAD,
        "convolution: unknown algorithm");
    require(n >= 0 && input_channels > 0 && output_channels > 0, "convolution: n is negative or there are no channels");
    require(groups > 0 && input_channels % groups == 0 && output_channels % groups == 0,
        "convolution: groups must divide both channel counts");
    const auto copy = [&](const int64_t* p) { return std::vector<int64_t>(p, p + s.spatial_axes); };
    input = copy(s.input);
    kernel = copy(s.kernel);
    stride = copy(s.stride);
    pad = copy(s.pad);
    dilation = copy(s.dilation);
    checked_product("output_channels x input_channels", {output_channels, input_channels});
    // Products over the axes, with the counts of channels and images before them; a batch of none counts as one here.
    const int64_t images = std::max<int64_t>(1, n);
    int64_t padded = checked_product("n x input_channels", {images, input_channels});
    int64_t written = checked_product("n x output_channels", {images, output_channels});
    int64_t weights = output_channels * (input_channels / groups), columns = input_channels;
    for (size_t i = 0; i < input.size(); ++i) {
        require(input[i] >= 0 && kernel[i] > 0 && stride[i] > 0 && pad[i] >= 0 && dilation[i] > 0,
            "convolution: kernel, stride and dilation must be positive, input and pad must not be negative");
        const int64_t extent = checked_sum("input + pad + pad", {input[i], pad[i], pad[i]});
        const int64_t room = extent - (checked_product("dilation x (kernel - 1)", {dilation[i], kernel[i] - 1}) + 1);
        require(room >= 0, "convolution: the kernel is larger than the padded input");
        output.push_back(room / stride[i] + 1);
        padded = checked_product("n x input_channels x the padded input", {padded, extent});
        written = checked_product("n x output_channels x output", {written, output[i]});
        weights = checked_product("output_channels x input_channels / groups x kernel", {weights, kernel[i]});
        columns = checked_product("input_channels x kernel x output", {columns, kernel[i], output[i]});
    }
}
