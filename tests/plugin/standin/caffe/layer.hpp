// A stand-in for Caffe's header of this name, for the plugin's tests.
#pragma once

#include <map>

#include "caffe/blob.hpp"
#include "caffe/proto/caffe.pb.h"

namespace caffe {

template <typename Dtype>
class Layer {
public:
    explicit Layer(const LayerParameter& param) : layer_param_(param) {}
    virtual ~Layer() {}
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    void SetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
        CHECK_EQ(ExactNumBottomBlobs(), static_cast<int>(bottom.size()));
        CHECK(static_cast<int>(top.size()) >= MinTopBlobs() && static_cast<int>(top.size()) <= MaxTopBlobs());
        LayerSetUp(bottom, top);
        Reshape(bottom, top);
    }
    void Forward(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
        Reshape(bottom, top);
        Caffe::mode() == Caffe::CPU ? Forward_cpu(bottom, top) : Forward_gpu(bottom, top);
    }
    void Backward(
        const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom) {
        Caffe::mode() == Caffe::CPU ? Backward_cpu(top, propagate_down, bottom)
                                    : Backward_gpu(top, propagate_down, bottom);
    }
    vector<shared_ptr<Blob<Dtype>>>& blobs() { return blobs_; }
    void set_param_propagate_down(int index, bool value) { param_propagate_down_[static_cast<size_t>(index)] = value; }

    virtual void LayerSetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) = 0;
    virtual void Reshape(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) = 0;
    virtual const char* type() const { return ""; }
    virtual int ExactNumBottomBlobs() const { return -1; }
    virtual int MinTopBlobs() const { return -1; }
    virtual int MaxTopBlobs() const { return -1; }
    virtual bool AllowForceBackward(const int) const { return true; }

protected:
    LayerParameter layer_param_;
    vector<shared_ptr<Blob<Dtype>>> blobs_;
    vector<bool> param_propagate_down_;

    virtual void Forward_cpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) = 0;
    virtual void Forward_gpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) = 0;
    virtual void Backward_cpu(
        const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom) = 0;
    virtual void Backward_gpu(
        const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom) = 0;
};

// The layers that registered themselves, by type.
template <typename Dtype>
class LayerRegistry {
public:
    typedef shared_ptr<Layer<Dtype>> (*Creator)(const LayerParameter&);
    static std::map<string, Creator>& Registry() {
        static std::map<string, Creator> registry;
        return registry;
    }
    static shared_ptr<Layer<Dtype>> CreateLayer(const LayerParameter& param) {
        CHECK_EQ(Registry().count(param.type()), 1u) << "Unknown layer type: " << param.type();
        return Registry()[param.type()](param);
    }
};

template <typename Dtype>
struct LayerRegisterer {
    LayerRegisterer(const string& type, typename LayerRegistry<Dtype>::Creator creator) {
        LayerRegistry<Dtype>::Registry()[type] = creator;
    }
};

#define REGISTER_LAYER_CLASS(type)                                                         \
    template <typename Dtype>                                                              \
    shared_ptr<Layer<Dtype>> Creator_##type##Layer(const LayerParameter& param) {          \
        return shared_ptr<Layer<Dtype>>(new type##Layer<Dtype>(param));                    \
    }                                                                                      \
    static LayerRegisterer<float> g_creator_f_##type(#type, Creator_##type##Layer<float>); \
    static LayerRegisterer<double> g_creator_d_##type(#type, Creator_##type##Layer<double>)

}  // namespace caffe
