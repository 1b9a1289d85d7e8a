// Measures the margin inner product on a GPU: each kernel beside its naive form and beside what memory allows, and a
// whole forward and backward beside their floor, the larger of the bytes moved once at the speed of a copy and the
// arithmetic at the speed of a large cuBLAS product. Prints tables for docs/kernels.md. Usage: margin_kernels_bench
// [K], default 512.
#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "cuda/margin_inner_product.cu"
#include "naive_margin.cuh"

namespace {

void must(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(cudaGetLastError()));
    std::exit(1);
}

float* allocate(int64_t count) {
    float* memory = nullptr;
    must(cudaMalloc(&memory, static_cast<size_t>(count) * sizeof(float)) == cudaSuccess, "out of GPU memory");
    return memory;
}

__global__ void fill(int64_t count, uint64_t key, float* values) {
    for (int64_t i = naive::thread(); i < count; i += static_cast<int64_t>(gridDim.x) * blockDim.x)
        values[i] = static_cast<float>(atl::philox_word(static_cast<uint64_t>(i), key)) / 2147483648.0f - 1.0f;
}

__global__ void fill_labels(int64_t m, int64_t n, float* label) {
    for (int64_t i = naive::thread(); i < m; i += static_cast<int64_t>(gridDim.x) * blockDim.x)
        label[i] = static_cast<float>(atl::philox_word(static_cast<uint64_t>(i), 5) % static_cast<uint64_t>(n));
}

// The middle of many runs, in microseconds. `prepare` runs before each and is not counted.
double microseconds(
    const std::function<void()>& body, const std::function<void()>& prepare = [] {}) {
    constexpr int kWarm = 3, kRuns = 21;
    cudaEvent_t begin, end;
    cudaEventCreate(&begin);
    cudaEventCreate(&end);
    std::vector<double> times;
    for (int run = 0; run < kWarm + kRuns; ++run) {
        prepare();
        cudaEventRecord(begin);
        body();
        cudaEventRecord(end);
        must(cudaEventSynchronize(end) == cudaSuccess, "a kernel failed");
        float milliseconds = 0;
        cudaEventElapsedTime(&milliseconds, begin, end);
        if (run >= kWarm) times.push_back(1000.0 * milliseconds);
    }
    cudaEventDestroy(begin);
    cudaEventDestroy(end);
    std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
    return times[kRuns / 2];
}

// cuBLAS of whatever version is installed; its v2 interface is the same in all.
class Blas {
public:
    Blas() {
        void* library = nullptr;
        for (const char* name : {"libcublas.so", "libcublas.so.13", "libcublas.so.12", "libcublas.so.11"})
            if (library == nullptr) library = dlopen(name, RTLD_NOW);
        if (library == nullptr) {
            std::fprintf(stderr, "cuBLAS was not found: %s\n", dlerror());
            std::exit(1);
        }
        const auto create = reinterpret_cast<int (*)(void**)>(dlsym(library, "cublasCreate_v2"));
        sgemm_ = reinterpret_cast<Sgemm>(dlsym(library, "cublasSgemm_v2"));
        must(create != nullptr && sgemm_ != nullptr && create(&handle_) == 0, "cuBLAS cannot be used");
    }

    // Row-major c (m x n) = op(a) op(b) + beta c, of inner extent k.
    void gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, const float* a, const float* b, float beta,
        float* c) const {
        const float one = 1;
        const int rows = static_cast<int>(m), columns = static_cast<int>(n), inner = static_cast<int>(k);
        const int status = sgemm_(handle_, trans_b ? 1 : 0, trans_a ? 1 : 0, columns, rows, inner, &one, b,
            trans_b ? inner : columns, a, trans_a ? rows : inner, &beta, c, columns);
        must(status == 0, "cublasSgemm failed");
    }

private:
    typedef int (*Sgemm)(
        void*, int, int, int, int, int, const float*, const float*, int, const float*, int, const float*, float*, int);
    void* handle_ = nullptr;
    Sgemm sgemm_ = nullptr;
};

// What the machine can do.
struct Limits {
    double bytes_per_us, flops_per_us;
    double floor(double bytes, double flops) const { return std::max(bytes / bytes_per_us, flops / flops_per_us); }
};

Limits measure_limits(const Blas& blas) {
    const int64_t count = int64_t{1} << 28, side = 8192;
    float *from = allocate(count), *to = allocate(count);
    fill<<<1024, 256>>>(count, 1, from);
    Limits limits;
    limits.bytes_per_us =
        8.0 * count / microseconds([&] { cudaMemcpyAsync(to, from, count * sizeof(float), cudaMemcpyDeviceToDevice); });
    limits.flops_per_us = 2.0 * side * side * side
        / microseconds([&] { blas.gemm(false, true, side, side, side, from, from + side * side, 0, to); });
    cudaFree(from);
    cudaFree(to);
    return limits;
}

void row(const char* what, double ours, double naive, double floor) {
    std::printf("| %s | %.1f | ", what, ours);
    if (naive > 0) std::printf("%.1f", naive);
    std::printf(" | %.1f | %.2f |\n", floor, ours / floor);
}

unsigned blocks(int64_t work, int64_t each) { return static_cast<unsigned>((work + each - 1) / each); }

void measure(const Blas& blas, const Limits& limits, int64_t m, int64_t n, int64_t k) {
    const int type = atl::margin::kQuadruple;
    const atl_margin of = {m, n, k, static_cast<atl_margin_type>(type), 0, 0};
    const float lambda = 5;
    float *x = allocate(m * k), *label = allocate(m), *w = allocate(n * k), *raw = allocate(n * k),
          *logits = allocate(m * n), *plain = allocate(m * n), *dlogits = allocate(m * n), *dx = allocate(m * k),
          *dw = allocate(n * k), *state = allocate(3 * m);
    fill<<<1024, 256>>>(m * k, 1, x);
    fill<<<1024, 256>>>(n * k, 2, raw);
    fill<<<1024, 256>>>(m * n, 3, dlogits);
    fill_labels<<<64, 256>>>(m, n, label);
    cudaMemset(dw, 0, static_cast<size_t>(n * k) * sizeof(float));
    const auto reset_w = [&] {
        cudaMemcpyAsync(w, raw, static_cast<size_t>(n * k) * sizeof(float), cudaMemcpyDeviceToDevice);
    };
    const auto reset_logits = [&] {
        cudaMemcpyAsync(logits, plain, static_cast<size_t>(m * n) * sizeof(float), cudaMemcpyDeviceToDevice);
    };
    const auto normalize = [&] { atl_margin_normalize_rows_f32<<<blocks(n, 8), atl::cuda::kThreads>>>(n, k, w); };
    const auto forward = [&] {
        atl_margin_forward_f32<<<blocks(m, 8), atl::cuda::kThreads>>>(of, lambda, x, label, logits, state);
    };
    const auto mine = [&] {
        atl_margin_forward_semihard_f32<<<static_cast<unsigned>(m), atl::cuda::kMiningThreads>>>(
            of, lambda, x, label, logits, state);
    };
    const auto backward = [&] {
        atl_margin_backward_f32<<<static_cast<unsigned>(m), atl::cuda::kThreads>>>(
            of, lambda, x, label, w, state, dlogits, dx);
    };
    const auto replace = [&] {
        atl_margin_replace_rows_f32<<<static_cast<unsigned>(m), atl::cuda::kThreads>>>(of, x, label, 7, 0, w);
    };
    const double row_bytes = 4.0 * k, logit_bytes = 4.0 * m * n, flops = 2.0 * m * n * k;

    std::printf(
        "\nM = %lld, N = %lld, K = %lld, microseconds:\n\n| | ours | naive | floor | ours / floor "
        "|\n|---|---|---|---|---|\n",
        static_cast<long long>(m), static_cast<long long>(n), static_cast<long long>(k));
    row("normalize_rows, all rows changed", microseconds(normalize, reset_w),
        microseconds([&] { naive::normalize_rows<float><<<blocks(n, 256), 256>>>(n, k, w); }, reset_w),
        limits.floor(2 * row_bytes * n, 0));
    row("normalize_rows, unit rows", microseconds(normalize), 0, limits.floor(row_bytes * n, 0));
    const auto product = [&] { blas.gemm(false, true, m, n, k, x, w, 0, logits); };
    row("product x W^T (cuBLAS)", microseconds(product), 0, limits.floor(row_bytes * (m + n) + logit_bytes, flops));
    cudaMemcpy(plain, logits, static_cast<size_t>(m * n) * sizeof(float), cudaMemcpyDeviceToDevice);
    row("forward", microseconds(forward, reset_logits),
        microseconds(
            [&] {
                naive::forward<float><<<blocks(m, 32), 32>>>(type, false, m, n, k, lambda, x, label, logits, state);
            },
            reset_logits),
        limits.floor(row_bytes * m, 0));
    row("forward_semihard", microseconds(mine, reset_logits),
        microseconds(
            [&] { naive::forward<float><<<blocks(m, 32), 32>>>(type, true, m, n, k, lambda, x, label, logits, state); },
            reset_logits),
        limits.floor(row_bytes * m + logit_bytes, 0));
    row("backward", microseconds(backward), microseconds([&] {
        naive::backward<float><<<blocks(m, 32), 32>>>(type, false, m, n, k, lambda, x, label, w, state, dlogits, dx);
    }),
        limits.floor(4 * row_bytes * m, 0));
    row("replace_rows", microseconds(replace),
        microseconds([&] { naive::replace_rows<float><<<1, 32>>>(m, k, x, label, 7, 0, w); }),
        limits.floor(row_bytes * m, 0));
    row("whole forward",
        microseconds(
            [&] {
                normalize();
                product();
                forward();
            },
            reset_w),
        0, limits.floor(row_bytes * (m + 2.0 * n) + logit_bytes, flops));
    row("whole forward, semi-hard",
        microseconds(
            [&] {
                normalize();
                product();
                mine();
            },
            reset_w),
        0, limits.floor(row_bytes * (m + 2.0 * n) + logit_bytes, flops));
    row("whole backward", microseconds([&] {
        blas.gemm(true, false, n, k, m, dlogits, x, 1, dw);
        blas.gemm(false, false, m, k, n, dlogits, w, 0, dx);
        backward();
    }),
        0, limits.floor(row_bytes * (2.0 * m + 3.0 * n) + logit_bytes, 2 * flops));
    row("whole backward, triplet bank", microseconds([&] {
        blas.gemm(false, false, m, k, n, dlogits, w, 0, dx);
        backward();
        replace();
    }),
        0, limits.floor(row_bytes * (2.0 * m + n) + logit_bytes, flops));
    for (float* memory : {x, label, w, raw, logits, plain, dlogits, dx, dw, state}) cudaFree(memory);
}

}  // namespace

int main(int count, char** arguments) {
    // Whoever stops it has what was measured so far.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    const int64_t k = count > 1 ? std::atoll(arguments[1]) : 512;
    must(k > 0, "K must be positive");
    cudaDeviceProp device;
    must(cudaGetDeviceProperties(&device, 0) == cudaSuccess, "no GPU");
    const Blas blas;
    const Limits limits = measure_limits(blas);
    std::printf("%s: copies at %.0f GB/s, cuBLAS at %.1f TFLOP/s\n", device.name, limits.bytes_per_us / 1e3,
        limits.flops_per_us / 1e6);
    for (const int64_t n : {int64_t{70609}, int64_t{10572}, int64_t{1000000}})
        for (const int64_t m : {int64_t{64}, int64_t{256}, int64_t{512}}) measure(blas, limits, m, n, k);
    return 0;
}
