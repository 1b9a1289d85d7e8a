// The one place that knows which oneDNN this is: 2.x makes a primitive from an operation descriptor, 3.x has none.
// Everything else that Atl uses is the same in both.
#pragma once

#include <dnnl.hpp>

#include <string>
#include <utility>

#include "common/guard.h"

namespace atl::onednn {

using Dims = dnnl::memory::dims;
using Desc = dnnl::memory::desc;

inline const dnnl::engine& engine() {
    static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

// Each calling thread has a stream of its own: execution is in order and done when execute returns to wait().
inline dnnl::stream& stream() {
    thread_local dnnl::stream own(engine());
    return own;
}

// Runs `body` and turns oneDNN's exceptions into Atl's.
template <class Body>
auto checked(const char* what, Body&& body) -> decltype(body()) {
    try {
        return body();
    } catch (const dnnl::error& e) {
        if (e.status == dnnl_out_of_memory) throw std::bad_alloc();
        throw Error(e.status == dnnl_unimplemented ? ATL_UNSUPPORTED : ATL_INTERNAL,
            std::string(what) + ": oneDNN status " + std::to_string(static_cast<int>(e.status)) + ", " + e.message);
    }
}

// Attributes that let the caller lend the scratch memory.
inline dnnl::primitive_attr lent_scratchpad() {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

// float32 in row-major order.
inline Desc row_major(const Dims& dims) {
    Dims strides(dims.size());
    dnnl::memory::dim step = 1;
    for (size_t i = dims.size(); i-- > 0;) {
        strides[i] = step;
        step *= dims[i];
    }
    return Desc(dims, dnnl::memory::data_type::f32, strides);
}

// A convolution as oneDNN is asked for it: descriptors may leave the format open. `dilation` counts from 1.
struct Convolution {
    dnnl::algorithm algorithm;
    Desc x, w, b, y;
    bool bias;
    Dims stride, dilation, pad;
};

inline Dims holes(const Dims& dilation) {
    Dims between(dilation);
    for (auto& d : between) d -= 1;
    return between;
}

using Forward = dnnl::convolution_forward::primitive_desc;
using BackwardData = dnnl::convolution_backward_data::primitive_desc;
using BackwardWeights = dnnl::convolution_backward_weights::primitive_desc;

// Each of these gives an empty descriptor where oneDNN has no implementation for what is asked.
#if DNNL_VERSION_MAJOR >= 3

inline Forward forward(const Convolution& c, bool training) {
    const auto kind = training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    return c.bias ? Forward(engine(), kind, c.algorithm, c.x, c.w, c.b, c.y, c.stride, holes(c.dilation), c.pad, c.pad,
               lent_scratchpad(), true)
                  : Forward(engine(), kind, c.algorithm, c.x, c.w, c.y, c.stride, holes(c.dilation), c.pad, c.pad,
                      lent_scratchpad(), true);
}

inline BackwardData backward_data(const Convolution& c, const Forward& hint) {
    return BackwardData(
        engine(), c.algorithm, c.x, c.w, c.y, c.stride, holes(c.dilation), c.pad, c.pad, hint, lent_scratchpad(), true);
}

inline BackwardWeights backward_weights(const Convolution& c, const Forward& hint) {
    return c.bias ? BackwardWeights(engine(), c.algorithm, c.x, c.w, c.b, c.y, c.stride, holes(c.dilation), c.pad,
               c.pad, hint, lent_scratchpad(), true)
                  : BackwardWeights(engine(), c.algorithm, c.x, c.w, c.y, c.stride, holes(c.dilation), c.pad, c.pad,
                      hint, lent_scratchpad(), true);
}

#else

template <class PrimitiveDesc, class Make>
PrimitiveDesc or_empty(const Make& make) {
    try {
        return make();
    } catch (const dnnl::error& e) {
        if (e.status == dnnl_unimplemented || e.status == dnnl_invalid_arguments) return PrimitiveDesc();
        throw;
    }
}

inline Forward forward(const Convolution& c, bool training) {
    using Op = dnnl::convolution_forward::desc;
    const auto kind = training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    return or_empty<Forward>([&] {
        const Op op = c.bias ? Op(kind, c.algorithm, c.x, c.w, c.b, c.y, c.stride, holes(c.dilation), c.pad, c.pad)
                             : Op(kind, c.algorithm, c.x, c.w, c.y, c.stride, holes(c.dilation), c.pad, c.pad);
        return Forward(op, lent_scratchpad(), engine(), true);
    });
}

inline BackwardData backward_data(const Convolution& c, const Forward& hint) {
    using Op = dnnl::convolution_backward_data::desc;
    return or_empty<BackwardData>([&] {
        return BackwardData(Op(c.algorithm, c.x, c.w, c.y, c.stride, holes(c.dilation), c.pad, c.pad),
            lent_scratchpad(), engine(), hint, true);
    });
}

inline BackwardWeights backward_weights(const Convolution& c, const Forward& hint) {
    using Op = dnnl::convolution_backward_weights::desc;
    return or_empty<BackwardWeights>([&] {
        const Op op = c.bias ? Op(c.algorithm, c.x, c.w, c.b, c.y, c.stride, holes(c.dilation), c.pad, c.pad)
                             : Op(c.algorithm, c.x, c.w, c.y, c.stride, holes(c.dilation), c.pad, c.pad);
        return BackwardWeights(op, lent_scratchpad(), engine(), hint, true);
    });
}

#endif

}  // namespace atl::onednn
