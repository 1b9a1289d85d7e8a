#ifndef CAFFE_MARGIN_INNER_PRODUCT_LAYER_HPP_
#define CAFFE_MARGIN_INNER_PRODUCT_LAYER_HPP_

#include "atl/common/require_cxx11.h"

#include <stdint.h>

#include <vector>

#include "caffe/blob.hpp"
#include "caffe/layer.hpp"
#include "caffe/proto/caffe.pb.h"

namespace caffe {

// Logits x W^T of a linear classifier whose class rows have unit length and whose labelled logit must meet an angular
// margin (SphereFace, Liu et al., CVPR 2017); with `triplet` the rows are samples (the Angular Triplet Loss), with
// `semihard` only semi-hard samples get a gradient. The formulas are in atl/margin/margin.h.
//
// bottom[0]: samples, M x K once the axes from `axis` on are flattened. bottom[1]: M labels, integers in [0,
// num_output).
// top[0]: M x N logits. top[1], where there is one: the lambda of this forward.
// blobs[0]: W, N x K; every forward brings its rows to unit length in place, a row of zeros stays.
//
// Every forward counts for lambda, from `iteration` on; a run that is resumed sets `iteration` to the count it had
// reached. W gets the plain inner product's gradient, with `triplet` none. The samples' gradient is by default the one
// the published models were trained with, whose two coefficients are scaled to unit length; with `exact_gradient` it is
// the derivative.
template <typename Dtype>
class MarginInnerProductLayer : public Layer<Dtype> {
public:
    explicit MarginInnerProductLayer(const LayerParameter& param) : Layer<Dtype>(param) {}

    virtual void LayerSetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
    virtual void Reshape(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);

    virtual inline const char* type() const { return "MarginInnerProduct"; }
    virtual inline int ExactNumBottomBlobs() const { return 2; }
    virtual inline int MinTopBlobs() const { return 1; }
    virtual inline int MaxTopBlobs() const { return 2; }
    virtual inline bool AllowForceBackward(const int bottom_index) const { return bottom_index == 0; }

protected:
    virtual void Forward_cpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
    virtual void Forward_gpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
    virtual void Backward_cpu(
        const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom);
    virtual void Backward_gpu(
        const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom);

private:
    // Checks the labels, counts a forward, and sets lambda.
    void BeginForward(const Blob<Dtype>& label, const vector<Blob<Dtype>*>& top);

    // Whether W learns by its gradient.
    bool LearnsWeights();

    // The place in the random stream of the next m_ draws, which it takes.
    uint64_t TakeDraws();

    int m_, n_, k_;
    int margin_;  // MarginType
    bool exact_, triplet_, semihard_;
    int64_t forwards_;
    Dtype lambda_;
    uint64_t key_, draws_;  // the stream that decides which samples replace their rows
    // 3 x M, from the forward for the backward: |x|, x . w_label, and 1 or 0 for whether the sample gets a gradient
    Blob<Dtype> state_;
};

}  // namespace caffe

#endif  // CAFFE_MARGIN_INNER_PRODUCT_LAYER_HPP_
