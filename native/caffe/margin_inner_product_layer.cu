#include "caffe/layers/margin_inner_product_layer.hpp"

#include <stdint.h>

#include <algorithm>
#include <vector>

#include "atl/cuda/margin_inner_product.cuh"
#include "caffe/util/math_functions.hpp"

namespace caffe {

namespace {

using atl::cuda::kMiningThreads;
using atl::cuda::kThreads;

template <typename Dtype>
__global__ void __launch_bounds__(kThreads) NormalizeRows(int64_t n, int64_t k, Dtype* w) {
    atl::cuda::normalize_rows<Dtype>(n, k, w);
}

template <typename Dtype>
__global__ void __launch_bounds__(kThreads) MarginForward(int type, int64_t m, int64_t n, int64_t k, Dtype lambda,
    const Dtype* x, const Dtype* label, Dtype* logits, Dtype* state) {
    atl::cuda::forward<Dtype>(static_cast<atl::margin::Type>(type), m, n, k, lambda, x, label, logits, state);
}

template <typename Dtype>
__global__ void __launch_bounds__(kMiningThreads) MarginForwardSemihard(int type, int64_t m, int64_t n, int64_t k,
    Dtype lambda, const Dtype* x, const Dtype* label, Dtype* logits, Dtype* state) {
    atl::cuda::forward_semihard<Dtype>(static_cast<atl::margin::Type>(type), m, n, k, lambda, x, label, logits, state);
}

template <typename Dtype>
__global__ void __launch_bounds__(kThreads)
    MarginBackward(int type, bool exact, int64_t m, int64_t n, int64_t k, Dtype lambda, const Dtype* x,
        const Dtype* label, const Dtype* w, const Dtype* state, const Dtype* dlogits, Dtype* dx) {
    atl::cuda::backward<Dtype>(
        static_cast<atl::margin::Type>(type), exact, m, n, k, lambda, x, label, w, state, dlogits, dx);
}

template <typename Dtype>
__global__ void __launch_bounds__(kThreads) ReplaceRows(
    int64_t m, int64_t n, int64_t k, const Dtype* x, const Dtype* label, uint64_t key, uint64_t position, Dtype* w) {
    atl::cuda::replace_rows<Dtype>(m, n, k, x, label, key, position, w);
}

// Blocks for `rows` rows, of which one block takes `rows_of_block` at a time; the kernels go on in steps of the grid.
inline unsigned int Blocks(int rows, int rows_of_block) {
    return static_cast<unsigned int>(std::min((rows + int64_t(rows_of_block) - 1) / rows_of_block, int64_t(1) << 20));
}

const int kRowsOfWarps = kThreads / atl::cuda::kWarp;

}  // namespace

template <typename Dtype>
void MarginInnerProductLayer<Dtype>::Forward_gpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top) {
    BeginForward(*bottom[1], top);
    Dtype* w = this->blobs_[0]->mutable_gpu_data();
    NormalizeRows<Dtype><<<Blocks(n_, kRowsOfWarps), kThreads>>>(n_, k_, w);
    CUDA_POST_KERNEL_CHECK;
    if (m_ == 0) return;
    const Dtype *x = bottom[0]->gpu_data(), *label = bottom[1]->gpu_data();
    Dtype *logits = top[0]->mutable_gpu_data(), *state = state_.mutable_gpu_data();
    caffe_gpu_gemm<Dtype>(CblasNoTrans, CblasTrans, m_, n_, k_, Dtype(1), x, w, Dtype(0), logits);
    if (semihard_) {
        MarginForwardSemihard<Dtype>
            <<<Blocks(m_, 1), kMiningThreads>>>(margin_, m_, n_, k_, lambda_, x, label, logits, state);
    } else {
        MarginForward<Dtype>
            <<<Blocks(m_, kRowsOfWarps), kThreads>>>(margin_, m_, n_, k_, lambda_, x, label, logits, state);
    }
    CUDA_POST_KERNEL_CHECK;
}

template <typename Dtype>
void MarginInnerProductLayer<Dtype>::Backward_gpu(
    const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down, const vector<Blob<Dtype>*>& bottom) {
    CHECK(!propagate_down[1]) << "Layer " << this->layer_param_.name() << " cannot propagate a gradient to its labels";
    if (m_ == 0) return;
    const Dtype *g = top[0]->gpu_diff(), *x = bottom[0]->gpu_data(), *label = bottom[1]->gpu_data();
    if (LearnsWeights())
        caffe_gpu_gemm<Dtype>(
            CblasTrans, CblasNoTrans, n_, k_, m_, Dtype(1), g, x, Dtype(1), this->blobs_[0]->mutable_gpu_diff());
    if (propagate_down[0]) {
        const Dtype* w = this->blobs_[0]->gpu_data();
        Dtype* dx = bottom[0]->mutable_gpu_diff();
        caffe_gpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, m_, k_, n_, Dtype(1), g, w, Dtype(0), dx);
        MarginBackward<Dtype>
            <<<Blocks(m_, 1), kThreads>>>(margin_, exact_, m_, n_, k_, lambda_, x, label, w, state_.gpu_data(), g, dx);
        CUDA_POST_KERNEL_CHECK;
    }
    if (triplet_) {
        ReplaceRows<Dtype>
            <<<Blocks(m_, 1), kThreads>>>(m_, n_, k_, x, label, key_, TakeDraws(), this->blobs_[0]->mutable_gpu_data());
        CUDA_POST_KERNEL_CHECK;
    }
}

INSTANTIATE_LAYER_GPU_FUNCS(MarginInnerProductLayer);

}  // namespace caffe
