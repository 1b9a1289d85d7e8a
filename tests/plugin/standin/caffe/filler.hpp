// A stand-in for Caffe's header of this name, for the plugin's tests: every filler is uniform in [-1, 1).
#pragma once

#include "caffe/blob.hpp"
#include "caffe/proto/caffe.pb.h"

namespace caffe {

template <typename Dtype>
struct Filler {
    void Fill(Blob<Dtype>* blob) {
        std::uniform_real_distribution<Dtype> uniform(-1, 1);
        for (int i = 0; i < blob->count(); ++i) blob->mutable_cpu_data()[i] = uniform(Caffe::rng());
    }
};

template <typename Dtype>
Filler<Dtype>* GetFiller(const FillerParameter&) {
    return new Filler<Dtype>;
}

}  // namespace caffe
