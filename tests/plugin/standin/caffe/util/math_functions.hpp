// A stand-in for Caffe's header of this name, for the plugin's tests.
#pragma once

#include "caffe/common.hpp"

enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112 };

namespace caffe {

inline unsigned int caffe_rng_rand() { return static_cast<unsigned int>(Caffe::rng()()); }

// c = alpha a b + beta c, where a is m x k and b is k x n, each as it is or transposed. c is not read where beta is 0.
template <typename Dtype>
void caffe_cpu_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, Dtype alpha, const Dtype* a,
    const Dtype* b, Dtype beta, Dtype* c) {
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) {
            double sum = 0;
            for (int l = 0; l < k; ++l)
                sum += static_cast<double>(ta == CblasTrans ? a[l * m + i] : a[i * k + l])
                    * (tb == CblasTrans ? b[j * k + l] : b[l * n + j]);
            c[i * n + j] = static_cast<Dtype>(alpha * sum + (beta == 0 ? 0 : beta * c[i * n + j]));
        }
}

template <typename Dtype>
void caffe_gpu_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, Dtype alpha, const Dtype* a,
    const Dtype* b, Dtype beta, Dtype* c) {
    caffe_cpu_gemm(ta, tb, m, n, k, alpha, a, b, beta, c);
}

}  // namespace caffe
