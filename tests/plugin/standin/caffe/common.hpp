// A stand-in for Caffe's header of this name, for the plugin's tests: as much of Caffe as the layer uses, with the same
// names. CHECK and LOG(FATAL) throw Failure, so that tests can look at the message.
#pragma once

#include <cstdint>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace caffe {

using std::ostringstream;
using std::shared_ptr;
using std::string;
using std::vector;

struct Failure : std::runtime_error {
    explicit Failure(const string& what) : std::runtime_error(what) {}
};

// Gathers a message and throws it at the end of the statement.
class Fatal {
public:
    explicit Fatal(const string& what) { text_ << what; }
    ~Fatal() noexcept(false) { throw Failure(text_.str()); }
    template <class T>
    Fatal& operator<<(const T& value) {
        text_ << value;
        return *this;
    }

private:
    ostringstream text_;
};

// Swallows the Fatal of a check that fails, so that both branches of ?: are void.
struct Voidify {
    void operator&(const Fatal&) {}
};

class Caffe {
public:
    enum Brew { CPU, GPU };
    static Brew& mode() {
        static Brew value = CPU;
        return value;
    }
    static void set_mode(Brew value) { mode() = value; }
    static void set_random_seed(unsigned int seed) { rng().seed(seed); }
    static std::mt19937& rng() {
        static std::mt19937 value;
        return value;
    }
};

}  // namespace caffe

#define CHECK(condition) (condition) ? (void)0 : caffe::Voidify() & caffe::Fatal("Check failed: " #condition " ")
#define CHECK_EQ(a, b) CHECK((a) == (b))
#define CHECK_GE(a, b) CHECK((a) >= (b))
#define CHECK_LE(a, b) CHECK((a) <= (b))
#define LOG(severity) caffe::Fatal("")

#define INSTANTIATE_CLASS(classname)     \
    char gInstantiationGuard##classname; \
    template class classname<float>;     \
    template class classname<double>

#if defined(CPU_ONLY)

#define STUB_GPU(classname)                                                                        \
    template <typename Dtype>                                                                      \
    void classname<Dtype>::Forward_gpu(const vector<Blob<Dtype>*>&, const vector<Blob<Dtype>*>&) { \
        LOG(FATAL) << "no GPU";                                                                    \
    }                                                                                              \
    template <typename Dtype>                                                                      \
    void classname<Dtype>::Backward_gpu(                                                           \
        const vector<Blob<Dtype>*>&, const vector<bool>&, const vector<Blob<Dtype>*>&) {           \
        LOG(FATAL) << "no GPU";                                                                    \
    }

#else

#define CUDA_POST_KERNEL_CHECK static_cast<void>(0)

#define INSTANTIATE_LAYER_GPU_FUNCS(classname)                                                                \
    template void classname<float>::Forward_gpu(const vector<Blob<float>*>&, const vector<Blob<float>*>&);    \
    template void classname<double>::Forward_gpu(const vector<Blob<double>*>&, const vector<Blob<double>*>&); \
    template void classname<float>::Backward_gpu(                                                             \
        const vector<Blob<float>*>&, const vector<bool>&, const vector<Blob<float>*>&);                       \
    template void classname<double>::Backward_gpu(                                                            \
        const vector<Blob<double>*>&, const vector<bool>&, const vector<Blob<double>*>&)

#endif
