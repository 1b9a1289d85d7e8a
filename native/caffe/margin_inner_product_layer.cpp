#include "caffe/layers/margin_inner_product_layer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "atl/margin/margin.h"
#include "caffe/filler.hpp"
#include "caffe/util/math_functions.hpp"

namespace caffe {

namespace {

namespace margin = atl::margin;

static_assert(static_cast<int>(MarginInnerProductParameter_MarginType_SINGLE) == margin::kSingle
        && static_cast<int>(MarginInnerProductParameter_MarginType_DOUBLE) == margin::kDouble
        && static_cast<int>(MarginInnerProductParameter_MarginType_TRIPLE) == margin::kTriple
        && static_cast<int>(MarginInnerProductParameter_MarginType_QUADRUPLE) == margin::kQuadruple,
    "caffe.proto and the formulas number the margins alike");

// Eight sums in turn, so that the processor need not wait for one to add to it.
template <typename Dtype>
double SumOfSquares(int count, const Dtype* x) {
    double sums[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    int i = 0;
    for (; i + 8 <= count; i += 8)
        for (int j = 0; j < 8; ++j) sums[j] += static_cast<double>(x[i + j]) * x[i + j];
    for (; i < count; ++i) sums[0] += static_cast<double>(x[i]) * x[i];
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

template <typename Dtype>
Dtype Largest(const Dtype* first, const Dtype* last) {
    Dtype most = -std::numeric_limits<Dtype>::infinity();
    for (; first != last; ++first) most = *first > most ? *first : most;
    return most;
}

template <typename Dtype>
void NormalizeRows(int n, int k, Dtype* w) {
    for (int j = 0; j < n; ++j, w += k) {
        const Dtype scale = margin::unit_scale<Dtype>(SumOfSquares(k, w));
        if (scale == Dtype(1)) continue;
        for (int i = 0; i < k; ++i) w[i] *= scale;
    }
}

}  // namespace

template <typename Dtype>
void MarginInnerProductLayer<Dtype>::LayerSetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>&) {
    const MarginInnerProductParameter& param = this->layer_param_.margin_inner_product_param();
    CHECK_GE(param.num_output(), 1u) << "Layer " << this->layer_param_.name()
                                     << ": num_output must be the number of classes";
    CHECK_LE(param.num_output(), static_cast<unsigned int>(std::numeric_limits<int>::max()))
        << "Layer " << this->layer_param_.name() << ": num_output is too large";
    n_ = static_cast<int>(param.num_output());
    k_ = bottom[0]->count(bottom[0]->CanonicalAxisIndex(param.axis()));
    CHECK_GE(k_, 1) << "Layer " << this->layer_param_.name() << ": samples of shape " << bottom[0]->shape_string()
                    << " have no features";
    margin_ = param.type();
    exact_ = param.exact_gradient();
    triplet_ = param.triplet();
    semihard_ = param.semihard();
    forwards_ = param.iteration();

    vector<int> weight_shape(2);
    weight_shape[0] = n_;
    weight_shape[1] = k_;
    if (this->blobs_.empty()) {
        this->blobs_.resize(1);
        this->blobs_[0].reset(new Blob<Dtype>(weight_shape));
        shared_ptr<Filler<Dtype> > filler(GetFiller<Dtype>(param.weight_filler()));
        filler->Fill(this->blobs_[0].get());
    } else {
        CHECK_EQ(this->blobs_.size(), 1u) << "Layer " << this->layer_param_.name() << " has one parameter blob";
        CHECK(this->blobs_[0]->shape() == weight_shape)
            << "Layer " << this->layer_param_.name() << ": the weights have the shape "
            << this->blobs_[0]->shape_string() << ", expected " << n_ << " x " << k_;
    }
    this->param_propagate_down_.resize(1, true);

    key_ = draws_ = 0;
    if (triplet_) {
        key_ = caffe_rng_rand();
        key_ = key_ << 32 | caffe_rng_rand();
    }
}

template <typename Dtype>
void MarginInnerProductLayer<Dtype>::Reshape(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
    const int axis = bottom[0]->CanonicalAxisIndex(this->layer_param_.margin_inner_product_param().axis());
    CHECK_EQ(bottom[0]->count(axis), k_) << "Layer " << this->layer_param_.name() << ": samples of shape "
                                         << bottom[0]->shape_string() << " do not have as many features from axis "
                                         << axis << " on as the weights";
    m_ = bottom[0]->count(0, axis);
    CHECK_EQ(bottom[1]->count(), m_) << "Layer " << this->layer_param_.name()
                                     << " needs one label a sample: found labels of shape " << bottom[1]->shape_string()
                                     << " for samples of shape " << bottom[0]->shape_string();
    vector<int> shape(bottom[0]->shape().begin(), bottom[0]->shape().begin() + axis);
    shape.push_back(n_);
    top[0]->Reshape(shape);
    if (top.size() > 1) top[1]->Reshape(vector<int>(1, 1));
    shape.assign(1, 3);
    shape.push_back(m_);
    state_.Reshape(shape);
}

template <typename Dtype>
void MarginInnerProductLayer<Dtype>::BeginForward(const Blob<Dtype>& label, const vector<Blob<Dtype>*>& top) {
    const Dtype* labels = label.cpu_data();
    for (int i = 0; i < m_; ++i)
        CHECK(labels[i] >= Dtype(0) && static_cast<double>(labels[i]) < n_ && labels[i] == std::floor(labels[i]))
            << "Layer " << this->layer_param_.name() << ": sample " << i << " has the label " << labels[i]
            << ", expected an integer in [0, " << n_ << ")";

    const MarginInnerProductParameter& param = this->layer_param_.margin_inner_product_param();
    const double lambda = margin::lambda(
        param.base(), param.gamma(), param.power(), param.lambda_min(), static_cast<double>(++forwards_));
    CHECK(lambda >= 0 && lambda <= std::numeric_limits<float>::max())
        << "Layer " << this->layer_param_.name() << ": lambda is " << lambda << " at forward " << forwards_
        << ", expected a finite number >= 0";
    lambda_ = static_cast<Dtype>(lambda);
    if (top.size() > 1) top[1]->mutable_cpu_data()[0] = lambda_;
}

template <typename Dtype>
bool MarginInnerProductLayer<Dtype>::LearnsWeights() {
    return !triplet_ && this->param_propagate_down_[0];
}

template <typename Dtype>
uint64_t MarginInnerProductLayer<Dtype>::TakeDraws() {
    const uint64_t first = draws_;
    draws_ += static_cast<uint64_t>(m_);
    return first;
}

template <typename Dtype>
void MarginInnerProductLayer<Dtype>::Forward_cpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
    BeginForward(*bottom[1], top);
    NormalizeRows(n_, k_, this->blobs_[0]->mutable_cpu_data());
    if (m_ == 0) return;
    const Dtype *x = bottom[0]->cpu_data(), *label = bottom[1]->cpu_data();
    Dtype* logits = top[0]->mutable_cpu_data();
    caffe_cpu_gemm<Dtype>(
        CblasNoTrans, CblasTrans, m_, n_, k_, Dtype(1), x, this->blobs_[0]->cpu_data(), Dtype(0), logits);

    const margin::Type type = static_cast<margin::Type>(margin_);
    Dtype *norms = state_.mutable_cpu_data(), *dots = norms + m_, *kept = dots + m_;
    for (int i = 0; i < m_; ++i) {
        Dtype *row = logits + static_cast<int64_t>(i) * n_, *at_label = row + static_cast<int>(label[i]);
        const Dtype norm = static_cast<Dtype>(std::sqrt(SumOfSquares(k_, x + static_cast<int64_t>(i) * k_))),
                    dot = *at_label;
        const Dtype with_margin = margin::label_logit(type, lambda_, dot, norm);
        bool keeps = margin::gives_gradient(type, norm);
        if (keeps && semihard_) {
            const Dtype before = Largest(row, at_label), after = Largest(at_label + 1, row + n_);
            keeps = margin::keeps_gradient(
                type, margin::label_wins(with_margin, before, after), margin::label_wins(dot, before, after));
        }
        *at_label = with_margin;
        norms[i] = norm;
        dots[i] = dot;
        kept[i] = keeps ? Dtype(1) : Dtype(0);
    }
}

template <typename Dtype>
void MarginInnerProductLayer<Dtype>::Backward_cpu(
    const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom) {
    CHECK(!propagate_down[1]) << "Layer " << this->layer_param_.name() << " cannot propagate a gradient to its labels";
    if (m_ == 0) return;
    const Dtype *g = top[0]->cpu_diff(), *x = bottom[0]->cpu_data(), *label = bottom[1]->cpu_data();
    if (LearnsWeights())
        caffe_cpu_gemm<Dtype>(
            CblasTrans, CblasNoTrans, n_, k_, m_, Dtype(1), g, x, Dtype(1), this->blobs_[0]->mutable_cpu_diff());
    if (propagate_down[0]) {
        const margin::Type type = static_cast<margin::Type>(margin_);
        const Dtype *w = this->blobs_[0]->cpu_data(), *norms = state_.cpu_data(), *dots = norms + m_, *kept = dots + m_;
        Dtype* dx = bottom[0]->mutable_cpu_diff();
        caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, m_, k_, n_, Dtype(1), g, w, Dtype(0), dx);
        for (int i = 0; i < m_; ++i) {
            const int64_t first = static_cast<int64_t>(i) * k_;
            if (kept[i] == Dtype(0)) {
                std::fill(dx + first, dx + first + k_, Dtype(0));
            } else if (type != margin::kSingle) {
                const int64_t y = static_cast<int64_t>(label[i]);
                const Dtype at_label = g[static_cast<int64_t>(i) * n_ + y];
                const margin::Coefficients<Dtype> c = margin::label_gradient(type, exact_, lambda_, dots[i], norms[i]);
                const Dtype row = at_label * (c.row - Dtype(1)), sample = at_label * c.sample;
                for (int j = 0; j < k_; ++j) dx[first + j] += row * w[y * k_ + j] + sample * x[first + j];
            }
        }
    }
    if (triplet_) {
        const uint64_t position = TakeDraws();
        Dtype* w = this->blobs_[0]->mutable_cpu_data();
        for (int i = 0; i < m_; ++i)
            if (margin::draws_replacement(key_, position + static_cast<uint64_t>(i)))
                std::copy(x + static_cast<int64_t>(i) * k_, x + static_cast<int64_t>(i + 1) * k_,
                    w + static_cast<int64_t>(label[i]) * k_);
    }
}

#ifdef CPU_ONLY
STUB_GPU(MarginInnerProductLayer);
#endif

INSTANTIATE_CLASS(MarginInnerProductLayer);
REGISTER_LAYER_CLASS(MarginInnerProduct);

}  // namespace caffe
