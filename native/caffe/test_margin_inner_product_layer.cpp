// The margin inner product inside a Caffe tree, among Caffe's own tests: install.sh CAFFE_ROOT --with-test, then make
// runtest GTEST_FILTER='MarginInnerProduct*'.
#include <cmath>
#include <vector>

#include "caffe/blob.hpp"
#include "caffe/common.hpp"
#include "caffe/layers/margin_inner_product_layer.hpp"
#include "caffe/test/test_caffe_main.hpp"
#include "caffe/test/test_gradient_check_util.hpp"
#include "gtest/gtest.h"

namespace caffe {

// The layer without weights to show: Caffe's checker compares the gradient of every weight, and that of W is by
// definition the plain inner product's, not the derivative.
template <typename Dtype>
class SamplesOnlyLayer : public Layer<Dtype> {
public:
    explicit SamplesOnlyLayer(const LayerParameter& param) : Layer<Dtype>(param), layer_(param) {}
    virtual void LayerSetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
        layer_.SetUp(bottom, top);
        Dtype* w = layer_.blobs()[0]->mutable_cpu_data();
        for (int i = 0; i < layer_.blobs()[0]->count(); ++i) w[i] = i % (layer_.blobs()[0]->shape(1) + 1) == 0;
    }
    virtual void Reshape(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
        layer_.Reshape(bottom, top);
    }

protected:
    virtual void Forward_cpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
        layer_.Forward(bottom, top);
    }
    virtual void Forward_gpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
        layer_.Forward(bottom, top);
    }
    virtual void Backward_cpu(
        const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom) {
        layer_.Backward(top, propagate_down, bottom);
    }
    virtual void Backward_gpu(
        const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom) {
        layer_.Backward(top, propagate_down, bottom);
    }

private:
    MarginInnerProductLayer<Dtype> layer_;
};

template <typename TypeParam>
class MarginInnerProductLayerTest : public MultiDeviceTest<TypeParam> {
protected:
    typedef typename TypeParam::Dtype Dtype;

    // Three classes, whose rows are unit vectors; sample i has class i and stands at an angle to its row, in the middle
    // of a branch of psi.
    MarginInnerProductLayerTest() {
        param_.set_type("MarginInnerProduct");
        MarginInnerProductParameter* margin = param_.mutable_margin_inner_product_param();
        margin->set_num_output(kClasses);
        margin->set_base(0);
        margin->set_lambda_min(0.5);
        margin->mutable_weight_filler()->set_type("xavier");
        vector<int> shape(2, kClasses);
        shape[1] = kFeatures;
        x_.Reshape(shape);
        label_.Reshape(vector<int>(1, kClasses));
        bottom_.push_back(&x_);
        bottom_.push_back(&label_);
        top_.push_back(&logits_);
    }

    void SetMargin(int m, int branch) {
        param_.mutable_margin_inner_product_param()->set_type(
            static_cast<MarginInnerProductParameter_MarginType>(m - 1));
        for (int i = 0; i < kClasses; ++i) {
            angle_[i] = (branch + 0.3 + 0.2 * i) * std::acos(-1.0) / m;
            for (int j = 0; j < kFeatures; ++j)
                x_.mutable_cpu_data()[i * kFeatures + j] =
                    kNorm * (j == i ? std::cos(angle_[i]) : std::sin(angle_[i]) / std::sqrt(kFeatures - 1.0));
            label_.mutable_cpu_data()[i] = i;
        }
    }

    enum { kClasses = 3, kFeatures = 4, kNorm = 5 };
    LayerParameter param_;
    Blob<Dtype> x_, label_, logits_;
    vector<Blob<Dtype>*> bottom_, top_;
    double angle_[kClasses];
};

TYPED_TEST_CASE(MarginInnerProductLayerTest, TestDtypesAndDevices);

TYPED_TEST(MarginInnerProductLayerTest, TestLogits) {
    typedef typename TypeParam::Dtype Dtype;
    for (int m = 1; m <= 4; ++m)
        for (int branch = 0; branch < m; ++branch) {
            this->SetMargin(m, branch);
            SamplesOnlyLayer<Dtype> layer(this->param_);
            layer.SetUp(this->bottom_, this->top_);
            layer.Forward(this->bottom_, this->top_);
            for (int i = 0; i < this->kClasses; ++i) {
                const double angle = this->angle_[i], plain = this->kNorm * std::cos(angle);
                const double psi = (branch % 2 == 0 ? 1 : -1) * std::cos(m * angle) - 2 * branch;
                for (int j = 0; j < this->kClasses; ++j) {
                    const double expected = i != j ? this->x_.cpu_data()[i * this->kFeatures + j]
                        : m == 1                   ? plain
                                                   : (0.5 * plain + this->kNorm * psi) / 1.5;
                    EXPECT_NEAR(expected, this->logits_.cpu_data()[i * this->kClasses + j], 1e-4)
                        << "margin " << m << " branch " << branch;
                }
            }
        }
}

TYPED_TEST(MarginInnerProductLayerTest, TestExactGradient) {
    typedef typename TypeParam::Dtype Dtype;
    this->param_.mutable_margin_inner_product_param()->set_exact_gradient(true);
    for (int m = 1; m <= 4; ++m)
        for (int branch = 0; branch < m; ++branch) {
            this->SetMargin(m, branch);
            SamplesOnlyLayer<Dtype> layer(this->param_);
            GradientChecker<Dtype> checker(1e-2, 1e-3);
            checker.CheckGradientExhaustive(&layer, this->bottom_, this->top_, 0);
        }
}

TYPED_TEST(MarginInnerProductLayerTest, TestWeightsGradient) {
    typedef typename TypeParam::Dtype Dtype;
    this->SetMargin(4, 1);
    shared_ptr<Layer<Dtype> > layer = LayerRegistry<Dtype>::CreateLayer(this->param_);
    Blob<Dtype> lambda;
    this->top_.push_back(&lambda);
    layer->SetUp(this->bottom_, this->top_);
    layer->Forward(this->bottom_, this->top_);
    EXPECT_EQ(Dtype(0.5), lambda.cpu_data()[0]);
    const Blob<Dtype>& w = *layer->blobs()[0];
    for (int j = 0; j < this->kClasses; ++j) {
        double squares = 0;
        for (int l = 0; l < this->kFeatures; ++l) squares += std::pow(w.cpu_data()[j * this->kFeatures + l], 2.0);
        EXPECT_NEAR(1, squares, 1e-5);
    }
    caffe_set(this->logits_.count(), Dtype(2), this->logits_.mutable_cpu_diff());
    caffe_set(w.count(), Dtype(0), layer->blobs()[0]->mutable_cpu_diff());
    vector<bool> propagate_down(2, false);
    propagate_down[0] = true;
    layer->Backward(this->top_, propagate_down, this->bottom_);
    for (int j = 0; j < this->kClasses; ++j)
        for (int l = 0; l < this->kFeatures; ++l) {
            double expected = 0;
            for (int i = 0; i < this->kClasses; ++i) expected += 2 * this->x_.cpu_data()[i * this->kFeatures + l];
            EXPECT_NEAR(expected, w.cpu_diff()[j * this->kFeatures + l], 1e-4);
        }
}

TYPED_TEST(MarginInnerProductLayerTest, TestTripletBank) {
    typedef typename TypeParam::Dtype Dtype;
    this->SetMargin(2, 0);
    this->param_.mutable_margin_inner_product_param()->set_triplet(true);
    vector<bool> propagate_down(2, false);
    propagate_down[0] = true;
    int replaced = 0;
    for (int seed = 0; seed < 40; ++seed) {
        Caffe::set_random_seed(1701 + seed);
        shared_ptr<Layer<Dtype> > layer = LayerRegistry<Dtype>::CreateLayer(this->param_);
        layer->SetUp(this->bottom_, this->top_);
        layer->Forward(this->bottom_, this->top_);
        Blob<Dtype>& w = *layer->blobs()[0];
        caffe_set(this->logits_.count(), Dtype(1), this->logits_.mutable_cpu_diff());
        caffe_set(w.count(), Dtype(0), w.mutable_cpu_diff());
        layer->Backward(this->top_, propagate_down, this->bottom_);
        EXPECT_EQ(Dtype(0), w.asum_diff());
        for (int i = 0; i < this->kClasses; ++i)
            replaced += w.cpu_data()[i * this->kFeatures] == this->x_.cpu_data()[i * this->kFeatures];
    }
    // 120 draws of probability one half.
    EXPECT_GT(replaced, 35);
    EXPECT_LT(replaced, 85);
}

TYPED_TEST(MarginInnerProductLayerTest, TestSemihard) {
    typedef typename TypeParam::Dtype Dtype;
    this->SetMargin(4, 0);
    this->param_.mutable_margin_inner_product_param()->set_semihard(true);
    SamplesOnlyLayer<Dtype> layer(this->param_);
    layer.SetUp(this->bottom_, this->top_);
    // An easy sample, one that wins only without the margin, and a hard one.
    const double angles[] = {0.05, 0.7, 1.2};
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < this->kFeatures; ++j)
            this->x_.mutable_cpu_data()[i * this->kFeatures + j] = j == i ? std::cos(angles[i])
                : j == (i + 1) % 3                                        ? std::sin(angles[i])
                                                                          : 0;
    layer.Forward(this->bottom_, this->top_);
    caffe_set(this->logits_.count(), Dtype(1), this->logits_.mutable_cpu_diff());
    vector<bool> propagate_down(2, false);
    propagate_down[0] = true;
    layer.Backward(this->top_, propagate_down, this->bottom_);
    for (int i = 0; i < 3; ++i) {
        double gradient = 0;
        for (int j = 0; j < this->kFeatures; ++j) gradient += std::fabs(this->x_.cpu_diff()[i * this->kFeatures + j]);
        EXPECT_EQ(i == 1, gradient > 0) << "sample " << i;
    }
}

}  // namespace caffe
