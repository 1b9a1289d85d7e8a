// A stand-in for the classes that protoc makes of caffe.proto, for the plugin's tests.
#pragma once

#include <string>

namespace caffe {

// One optional field of a message: its getter and setter.
#define STANDIN_FIELD(type, name, initial)           \
public:                                              \
    type name() const { return name##_; }            \
    void set_##name(type value) { name##_ = value; } \
                                                     \
private:                                             \
    type name##_ = initial;

class FillerParameter {};

enum MarginInnerProductParameter_MarginType {
    MarginInnerProductParameter_MarginType_SINGLE = 0,
    MarginInnerProductParameter_MarginType_DOUBLE = 1,
    MarginInnerProductParameter_MarginType_TRIPLE = 2,
    MarginInnerProductParameter_MarginType_QUADRUPLE = 3
};

class MarginInnerProductParameter {
    STANDIN_FIELD(uint32_t, num_output, 0)
    STANDIN_FIELD(MarginInnerProductParameter_MarginType, type, MarginInnerProductParameter_MarginType_SINGLE)
    STANDIN_FIELD(int, axis, 1)
    STANDIN_FIELD(float, base, 1)
    STANDIN_FIELD(float, gamma, 0)
    STANDIN_FIELD(float, power, 1)
    STANDIN_FIELD(int, iteration, 0)
    STANDIN_FIELD(float, lambda_min, 0)
    STANDIN_FIELD(bool, triplet, false)
    STANDIN_FIELD(bool, semihard, false)
    STANDIN_FIELD(bool, exact_gradient, false)

public:
    const FillerParameter& weight_filler() const { return weight_filler_; }

private:
    FillerParameter weight_filler_;
};

class LayerParameter {
    STANDIN_FIELD(std::string, name, "fc")
    STANDIN_FIELD(std::string, type, "")

public:
    const MarginInnerProductParameter& margin_inner_product_param() const { return margin_inner_product_param_; }
    MarginInnerProductParameter* mutable_margin_inner_product_param() { return &margin_inner_product_param_; }

private:
    MarginInnerProductParameter margin_inner_product_param_;
};

#undef STANDIN_FIELD

}  // namespace caffe
