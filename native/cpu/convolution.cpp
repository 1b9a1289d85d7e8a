#include "cpu/convolution.h"

struct atl_convolution {
    std::unique_ptr<atl::Convolution> implementation;
};

atl::ConvolutionShape::ConvolutionShape(const atl_convolution_shape& s)
    : n(s.n), input_channels(s.input_channels), output_channels(s.output_channels), groups(s.groups), bias(s.bias != 0), training(s.training != 0),
      plain(s.plain != 0), algorithm(s.algorithm) {
    require(s.spatial_axes >= 1 && s.spatial_axes <= 30, "convolution: spatial_axes must lie in 1..30");
    require(s.input != nullptr && s.kernel != nullptr && s.stride != nullptr && s.pad != nullptr && s.dilation != nullptr,
        "convolution: an array of the shape is NULL");
    require(algorithm >= ATL_CONVOLUTION_AUTO && algorithm <= ATL_CONVOLUTION_WINOGRAD, "convolution: unknown algorithm");
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

namespace {

void require_made(const atl_convolution* convolution) { atl::require(convolution != nullptr, "convolution: the object is NULL"); }

void require_pass(atl_convolution_pass pass) {
    atl::require(pass >= ATL_CONVOLUTION_FORWARD && pass <= ATL_CONVOLUTION_BACKWARD_WEIGHTS, "convolution: unknown pass");
}

}  // namespace

extern "C" atl_status atl_convolution_create(const atl_convolution_shape* shape, atl_convolution** made) {
    return atl::guard([&] {
        atl::require(shape != nullptr && made != nullptr, "convolution: shape or made is NULL");
        const atl::ConvolutionShape checked(*shape);
        const bool onednn = checked.input.size() <= 3 && checked.input_count() > 0;
        auto object = std::make_unique<atl_convolution>();
        object->implementation = onednn ? atl::make_onednn_convolution(checked) : atl::make_im2col_convolution(checked);
        *made = object.release();
    });
}

extern "C" atl_status atl_convolution_free(atl_convolution* convolution) {
    return atl::guard([&] { delete convolution; });
}

extern "C" atl_status atl_convolution_get_plan(atl_convolution* convolution, atl_convolution_pass pass, atl_convolution_plan* plan) {
    return atl::guard([&] {
        require_made(convolution);
        atl::require(plan != nullptr, "convolution: plan is NULL");
        require_pass(pass);
        *plan = convolution->implementation->plan(pass);
    });
}

extern "C" atl_status atl_convolution_pack(atl_convolution* convolution, atl_convolution_pass pass, const float* w, float* packed) {
    return atl::guard([&] {
        require_made(convolution);
        atl::require(pass == ATL_CONVOLUTION_FORWARD || pass == ATL_CONVOLUTION_BACKWARD_DATA, "convolution: only forward and backward data take weights");
        atl::require(w != nullptr && packed != nullptr, "convolution: an array is NULL");
        convolution->implementation->pack(pass, w, packed);
    });
}

extern "C" atl_status atl_convolution_forward(
    atl_convolution* convolution, const float* x, const float* w, const float* bias, float* y, void* workspace) {
    return atl::guard([&] {
        require_made(convolution);
        convolution->implementation->forward(x, w, bias, y, workspace);
    });
}

extern "C" atl_status atl_convolution_backward_data(atl_convolution* convolution, const float* dy, const float* w, float* dx, void* workspace) {
    return atl::guard([&] {
        require_made(convolution);
        convolution->implementation->backward_data(dy, w, dx, workspace);
    });
}

extern "C" atl_status atl_convolution_backward_weights(
    atl_convolution* convolution, const float* x, const float* dy, float* dw, float* dbias, void* workspace) {
    return atl::guard([&] {
        require_made(convolution);
        convolution->implementation->backward_weights(x, dy, dw, dbias, workspace);
    });
}

extern "C" atl_status atl_convolution_time(atl_convolution* convolution, atl_convolution_pass pass, int32_t runs, double* seconds) {
    return atl::guard([&] {
        require_made(convolution);
        require_pass(pass);
        atl::require(runs > 0 && seconds != nullptr, "convolution: runs must be positive and seconds not NULL");
        *seconds = convolution->implementation->time(pass, runs);
    });
}
