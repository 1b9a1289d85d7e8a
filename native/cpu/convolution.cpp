#include "cpu/convolution.h"

#include "cpu/winograd.h"

struct atl_convolution {
    std::unique_ptr<atl::Convolution> general, winograd;
    bool by_winograd[3] = {};  // by pass
    bool empty = false, bias = false;

    atl::Convolution& of(atl_convolution_pass pass) const { return by_winograd[pass] ? *winograd : *general; }

    void choose_winograd(const atl::ConvolutionShape& shape) {
        const atl::winograd::Kernels* kernels = atl::winograd::machine_kernels();
        const bool always = shape.algorithm == ATL_CONVOLUTION_WINOGRAD;
        if (kernels == nullptr || !(always || shape.algorithm == ATL_CONVOLUTION_AUTO)
            || !atl::winograd::computes(shape, *kernels))
            return;
        for (atl_convolution_pass pass :
            {ATL_CONVOLUTION_FORWARD, ATL_CONVOLUTION_BACKWARD_DATA, ATL_CONVOLUTION_BACKWARD_WEIGHTS})
            by_winograd[pass] = always || atl::winograd::pays(shape, pass, *kernels);
        winograd = atl::make_winograd_convolution(shape, *kernels);
    }
};

namespace {

void require_made(const atl_convolution* convolution) {
    atl::require(convolution != nullptr, "convolution: the object is NULL");
}

// What a pass reads and writes; without images, there is nothing.
void require_arrays(const atl_convolution& convolution, atl_convolution_pass pass, const float* a, const float* b,
    const float* to, const void* workspace) {
    if (convolution.empty) return;
    atl::require(a != nullptr && b != nullptr && to != nullptr, "convolution: an array is NULL");
    atl::require(
        workspace != nullptr || convolution.of(pass).plan(pass).workspace == 0, "convolution: the workspace is NULL");
}

void require_pass(atl_convolution_pass pass) {
    atl::require(
        pass >= ATL_CONVOLUTION_FORWARD && pass <= ATL_CONVOLUTION_BACKWARD_WEIGHTS, "convolution: unknown pass");
}

}  // namespace

extern "C" atl_status atl_convolution_create(const atl_convolution_shape* shape, atl_convolution** made) {
    return atl::guard([&] {
        atl::require(shape != nullptr && made != nullptr, "convolution: shape or made is NULL");
        const atl::ConvolutionShape checked(*shape);
        auto object = std::make_unique<atl_convolution>();
        object->empty = checked.n == 0;
        object->bias = checked.bias;
        object->general =
            checked.suits_onednn() ? atl::make_onednn_convolution(checked) : atl::make_im2col_convolution(checked);
        object->choose_winograd(checked);
        *made = object.release();
    });
}

extern "C" atl_status atl_convolution_free(atl_convolution* convolution) {
    return atl::guard([&] { delete convolution; });
}

extern "C" atl_status atl_convolution_get_plan(
    atl_convolution* convolution, atl_convolution_pass pass, atl_convolution_plan* plan) {
    return atl::guard([&] {
        require_made(convolution);
        atl::require(plan != nullptr, "convolution: plan is NULL");
        require_pass(pass);
        *plan = convolution->of(pass).plan(pass);
    });
}

extern "C" atl_status atl_convolution_pack(
    atl_convolution* convolution, atl_convolution_pass pass, const float* w, float* packed) {
    return atl::guard([&] {
        require_made(convolution);
        atl::require(pass == ATL_CONVOLUTION_FORWARD || pass == ATL_CONVOLUTION_BACKWARD_DATA,
            "convolution: only forward and backward data take weights");
        atl::require(w != nullptr && packed != nullptr, "convolution: an array is NULL");
        convolution->of(pass).pack(pass, w, packed);
    });
}

extern "C" atl_status atl_convolution_forward(
    atl_convolution* convolution, const float* x, const float* w, const float* bias, float* y, void* workspace) {
    return atl::guard([&] {
        require_made(convolution);
        require_arrays(*convolution, ATL_CONVOLUTION_FORWARD, x, w, y, workspace);
        atl::require(convolution->empty || bias != nullptr || !convolution->bias, "convolution: the bias is NULL");
        convolution->of(ATL_CONVOLUTION_FORWARD).forward(x, w, bias, y, workspace);
    });
}

extern "C" atl_status atl_convolution_backward_data(
    atl_convolution* convolution, const float* dy, const float* w, float* dx, void* workspace) {
    return atl::guard([&] {
        require_made(convolution);
        require_arrays(*convolution, ATL_CONVOLUTION_BACKWARD_DATA, dy, w, dx, workspace);
        convolution->of(ATL_CONVOLUTION_BACKWARD_DATA).backward_data(dy, w, dx, workspace);
    });
}

extern "C" atl_status atl_convolution_backward_weights(
    atl_convolution* convolution, const float* x, const float* dy, float* dw, float* dbias, void* workspace) {
    return atl::guard([&] {
        require_made(convolution);
        require_arrays(*convolution, ATL_CONVOLUTION_BACKWARD_WEIGHTS, x, dy, dw, workspace);
        convolution->of(ATL_CONVOLUTION_BACKWARD_WEIGHTS).backward_weights(x, dy, dw, dbias, workspace);
    });
}

extern "C" atl_status atl_convolution_time(
    atl_convolution* convolution, atl_convolution_pass pass, int32_t runs, double* seconds) {
    return atl::guard([&] {
        require_made(convolution);
        require_pass(pass);
        atl::require(runs > 0 && seconds != nullptr, "convolution: runs must be positive and seconds not NULL");
        *seconds = convolution->of(pass).time(pass, runs);
    });
}
