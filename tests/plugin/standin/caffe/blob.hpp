// A stand-in for Caffe's header of this name, for the plugin's tests. "Device" memory is host memory of its own, so
// that a layer which reads or writes the wrong side gives wrong results.
#pragma once

#include <algorithm>

#include "caffe/common.hpp"

namespace caffe {

// One array on host and device, copied when the other side asks for what is newer here.
template <typename Dtype>
class SyncedMemory {
public:
    explicit SyncedMemory(int count) : host_(static_cast<size_t>(count)), device_(static_cast<size_t>(count)) {}
    const Dtype* cpu() {
        if (head_ == kDevice) host_ = device_;
        if (head_ == kDevice) head_ = kSynced;
        return host_.data();
    }
    Dtype* mutable_cpu() {
        cpu();
        head_ = kHost;
        return host_.data();
    }
    const Dtype* gpu() {
        if (head_ == kHost) device_ = host_;
        if (head_ == kHost) head_ = kSynced;
        return device_.data();
    }
    Dtype* mutable_gpu() {
        gpu();
        head_ = kDevice;
        return device_.data();
    }

private:
    enum Head { kSynced, kHost, kDevice };
    vector<Dtype> host_, device_;
    Head head_ = kSynced;
};

template <typename Dtype>
class Blob {
public:
    Blob() {}
    explicit Blob(const vector<int>& shape) { Reshape(shape); }
    Blob(const Blob&) = delete;
    Blob& operator=(const Blob&) = delete;

    void Reshape(const vector<int>& shape) {
        shape_ = shape;
        count_ = count(0, static_cast<int>(shape.size()));
        if (data_ && count_ <= capacity_) return;
        capacity_ = count_;
        data_.reset(new SyncedMemory<Dtype>(count_));
        diff_.reset(new SyncedMemory<Dtype>(count_));
    }
    const vector<int>& shape() const { return shape_; }
    string shape_string() const {
        ostringstream text;
        for (int extent : shape_) text << extent << " ";
        return text.str();
    }
    int count() const { return count_; }
    int count(int first) const { return count(first, static_cast<int>(shape_.size())); }
    int count(int first, int last) const {
        int product = 1;
        for (int i = first; i < last; ++i) product *= shape_[static_cast<size_t>(i)];
        return product;
    }
    int CanonicalAxisIndex(int axis) const {
        const int axes = static_cast<int>(shape_.size());
        CHECK(axis >= -axes && axis < axes) << "axis " << axis << " out of range";
        return axis < 0 ? axis + axes : axis;
    }

    const Dtype* cpu_data() const { return data_->cpu(); }
    const Dtype* cpu_diff() const { return diff_->cpu(); }
    Dtype* mutable_cpu_data() { return data_->mutable_cpu(); }
    Dtype* mutable_cpu_diff() { return diff_->mutable_cpu(); }
    const Dtype* gpu_data() const { return data_->gpu(); }
    const Dtype* gpu_diff() const { return diff_->gpu(); }
    Dtype* mutable_gpu_data() { return data_->mutable_gpu(); }
    Dtype* mutable_gpu_diff() { return diff_->mutable_gpu(); }

private:
    vector<int> shape_;
    int count_ = 0, capacity_ = 0;
    shared_ptr<SyncedMemory<Dtype>> data_, diff_;
};

}  // namespace caffe
