// A stand-in for the CUDA driver and cuBLAS, for tests on machines without a GPU: the functions that
// managed/Atl/Devices/Cuda calls, on host memory, with the kernels run by emulation. It is strict where a driver is: a
// call without a current context, an address that is not of its memory, an unknown kernel and an image that is no
// fatbin are errors. Test code only.
//
// Both bindings of the driver run on it: Atl's own and ManagedCuda's, which asks for more (errors' texts, kernels'
// attributes).
//
// A test that runs it in another process sets it up by the environment: ATL_STANDIN_NO_DEVICE is a machine without a
// GPU, ATL_STANDIN_MEMORY how many bytes the device has, and ATL_STANDIN_FAIL=CALL=RESULT lets the first call of a
// function fail.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cuda_emulation.h"

// All of native/cuda/*.cu, and KERNEL(NAME) for each kernel that they name: made by CMakeLists.txt from the sources.
#include "standin_sources.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

enum Result {
    kSuccess = 0,
    kInvalidValue = 1,
    kOutOfMemory = 2,
    kNotInitialized = 3,
    kNoDevice = 100,
    kInvalidDevice = 101,
    kInvalidImage = 200,
    kInvalidContext = 201,
    kNoBinaryForGpu = 209,
    kInvalidHandle = 400,
    kNotFound = 500,
    kIllegalAddress = 700,
};

const std::map<int, const char*> kNames = {{kSuccess, "CUDA_SUCCESS"}, {kInvalidValue, "CUDA_ERROR_INVALID_VALUE"},
    {kOutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY"}, {kNotInitialized, "CUDA_ERROR_NOT_INITIALIZED"},
    {kNoDevice, "CUDA_ERROR_NO_DEVICE"}, {kInvalidDevice, "CUDA_ERROR_INVALID_DEVICE"},
    {kInvalidImage, "CUDA_ERROR_INVALID_IMAGE"}, {kInvalidContext, "CUDA_ERROR_INVALID_CONTEXT"},
    {kNoBinaryForGpu, "CUDA_ERROR_NO_BINARY_FOR_GPU"}, {kInvalidHandle, "CUDA_ERROR_INVALID_HANDLE"},
    {kNotFound, "CUDA_ERROR_NOT_FOUND"}, {kIllegalAddress, "CUDA_ERROR_ILLEGAL_ADDRESS"}};

std::recursive_mutex mutex;
bool initialized = false;
std::map<uintptr_t, size_t> blocks;
size_t in_use = 0, total = size_t{64} << 20;
int64_t launches = 0, uploads = 0, downloads = 0, uploaded = 0, downloaded = 0;
int context_object, stream_object, module_object, blas_object;
thread_local void* current = nullptr;

// What is held now: the context's references, and what was made in it.
int64_t contexts = 0, streams = 0, modules = 0, events = 0, blas_handles = 0;

// How often each function was called, and the function that takes its time. Of a mutex of their own, since tests look
// and change them while a call takes its time.
std::mutex watch;
std::map<std::string, int64_t> calls;
std::string slow;
std::chrono::milliseconds delay{0};

// The call that fails next, and how; whether the context is lost with it, and why it is lost.
std::string failing;
int failure = 0;
bool loses_context = false;
int lost = 0;

typedef std::lock_guard<std::recursive_mutex> Lock;

void take_time(const char* call) {
    const auto start = std::chrono::steady_clock::now();
    for (bool first = true;; first = false) {
        {
            const std::lock_guard<std::mutex> lock(watch);
            if (first) ++calls[call];
            if (slow != call || std::chrono::steady_clock::now() - start >= delay) return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

// What a call begins with: CUDA_SUCCESS, or why it fails.
int begin(const char* call, bool needs_context = true) {
    take_time(call);
    const Lock lock(mutex);
    if (!failing.empty() && failing == call) {
        failing.clear();
        if (loses_context) lost = failure;
        return failure;
    }
    if (!initialized) return kNotInitialized;
    if (!needs_context) return kSuccess;
    return current == nullptr || contexts == 0 ? static_cast<int>(kInvalidContext) : lost;
}

// The same for a call that makes something or gives it up, of which there are `count`.
int begin(const char* call, int64_t& count, int change) {
    const int status = begin(call);
    const Lock lock(mutex);
    if (status == kSuccess) count += change;
    return status;
}

bool owns(uintptr_t address, size_t bytes) {
    auto after = blocks.upper_bound(address);
    if (after == blocks.begin()) return false;
    --after;
    return address - after->first + bytes <= after->second;
}

typedef void (*Invoke)(unsigned, unsigned, void**);

template <class... P, size_t... I>
void run(void (*kernel)(P...), unsigned grid, unsigned block, void** p, std::index_sequence<I...>) {
    emulation::launch(grid, block, emulation::Order::kAscending, [=] { kernel(*static_cast<P*>(p[I])...); });
}

template <class... P>
void run(void (*kernel)(P...), unsigned grid, unsigned block, void** p) {
    run(kernel, grid, block, p, std::index_sequence_for<P...>());
}

#define KERNEL(name) {#name, [](unsigned grid, unsigned block, void** p) { run(name, grid, block, p); }},
std::map<std::string, Invoke> kernels = {
#include "standin_kernels.h"
};

}  // namespace

// For tests: the next call of a function fails with a result. A context that is lost with it fails every call from then
// on.
EXPORT void atl_standin_fail(const char* call, int result, int lose_context) {
    const Lock lock(mutex);
    failing = call;
    failure = result;
    loses_context = lose_context != 0;
}
// For tests: calls of a function take so many milliseconds, or until they are given another time.
EXPORT void atl_standin_delay(const char* call, int milliseconds) {
    const std::lock_guard<std::mutex> lock(watch);
    slow = call;
    delay = std::chrono::milliseconds(milliseconds);
}
// For tests: how often a function was called so far.
EXPORT int64_t atl_standin_calls(const char* call) {
    const std::lock_guard<std::mutex> lock(watch);
    return calls[call];
}
// For tests: how many there are now of the context's references, streams, modules, events, cuBLAS handles and blocks of
// memory.
EXPORT void atl_standin_held(int64_t held[6]) {
    const Lock lock(mutex);
    const int64_t now[6] = {contexts, streams, modules, events, blas_handles, static_cast<int64_t>(blocks.size())};
    std::copy(now, now + 6, held);
}
// For tests: how much memory the device has.
EXPORT void atl_standin_set_memory(int64_t bytes) {
    const Lock lock(mutex);
    total = static_cast<size_t>(bytes);
}
// For tests: how many kernels were launched so far.
EXPORT int64_t atl_standin_launches() { return launches; }
// For tests: how many copies went from the host to the device (direction 0) or back (1) so far, and of how many bytes.
EXPORT int64_t atl_standin_copies(int direction, int64_t* bytes) {
    *bytes = direction == 0 ? uploaded : downloaded;
    return direction == 0 ? uploads : downloads;
}

EXPORT int cuInit(unsigned) {
    const Lock lock(mutex);
    if (std::getenv("ATL_STANDIN_NO_DEVICE") != nullptr) return kNoDevice;
    if (const char* bytes = std::getenv("ATL_STANDIN_MEMORY")) total = static_cast<size_t>(std::atoll(bytes));
    if (const char* fail = std::getenv("ATL_STANDIN_FAIL")) {
        const std::string text = fail;
        failing = text.substr(0, text.find('='));
        failure = std::atoi(text.c_str() + text.find('=') + 1);
    }
    initialized = true;
    return begin("cuInit", false);
}
EXPORT int cuDriverGetVersion(int* version) {
    *version = 12040;
    return kSuccess;
}
EXPORT int cuGetErrorName(int result, const char** name) {
    const auto found = kNames.find(result);
    *name = found == kNames.end() ? nullptr : found->second;
    return found == kNames.end() ? kInvalidValue : kSuccess;
}
EXPORT int cuGetErrorString(int result, const char** text) { return cuGetErrorName(result, text); }
EXPORT int cuDeviceGetCount(int* count) {
    *count = 1;
    return begin("cuDeviceGetCount", false);
}
EXPORT int cuDeviceGet(int* device, int ordinal) {
    *device = ordinal;
    return ordinal == 0 ? begin("cuDeviceGet", false) : static_cast<int>(kInvalidDevice);
}
EXPORT int cuDeviceGetName(char* name, int length, int) {
    std::snprintf(name, static_cast<size_t>(length), "Atl stand-in");
    return begin("cuDeviceGetName", false);
}
EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int) {
    *bytes = total;
    return begin("cuDeviceTotalMem", false);
}
EXPORT int cuDeviceGetAttribute(int* value, int attribute, int) {
    const std::map<int, int> values = {{1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 2147483647}, {6, 65535},
        {7, 65535}, {8, 49152}, {9, 65536}, {10, 32}, {11, 2147483647}, {12, 65536}, {13, 1500000}, {14, 512}, {15, 1},
        {16, 2}, {17, 0}, {75, 7}, {76, 5}};
    const auto found = values.find(attribute);
    if (found == values.end()) return kInvalidValue;
    *value = found->second;
    return begin("cuDeviceGetAttribute", false);
}
EXPORT int cuDevicePrimaryCtxRetain(void** context, int) {
    const Lock lock(mutex);
    *context = &context_object;
    const int status = begin("cuDevicePrimaryCtxRetain", false);
    if (status == kSuccess) ++contexts;
    return status;
}
EXPORT int cuDevicePrimaryCtxRelease_v2(int) {
    const Lock lock(mutex);
    const int status = begin("cuDevicePrimaryCtxRelease", false);
    if (status != kSuccess) return status;
    if (contexts == 0) return kInvalidContext;
    if (--contexts > 0) return kSuccess;
    // The last user takes all that was made in the context with it.
    for (const auto& block : blocks) std::free(reinterpret_cast<void*>(block.first));
    blocks.clear();
    in_use = 0;
    streams = modules = events = 0;
    lost = 0;
    return kSuccess;
}
EXPORT int cuCtxSetCurrent(void* context) {
    current = context;
    return kSuccess;
}
EXPORT int cuMemGetInfo_v2(size_t* free, size_t* all) {
    const Lock lock(mutex);
    *all = total;
    *free = total - in_use;
    return begin("cuMemGetInfo");
}
EXPORT int cuMemAlloc_v2(uintptr_t* pointer, size_t bytes) {
    const Lock lock(mutex);
    const int status = begin("cuMemAlloc");
    if (status != kSuccess) return status;
    if (bytes == 0) return kInvalidValue;
    if (in_use + bytes > total) return kOutOfMemory;
    void* memory = nullptr;
    if (posix_memalign(&memory, 256, bytes) != 0) return kOutOfMemory;
    std::memset(memory, 0xCD, bytes);
    in_use += bytes;
    *pointer = reinterpret_cast<uintptr_t>(memory);
    blocks[*pointer] = bytes;
    return kSuccess;
}
EXPORT int cuMemFree_v2(uintptr_t pointer) {
    const Lock lock(mutex);
    const int status = begin("cuMemFree");
    if (status != kSuccess) return status;
    const auto found = blocks.find(pointer);
    if (found == blocks.end()) return kInvalidValue;
    in_use -= found->second;
    blocks.erase(found);
    std::free(reinterpret_cast<void*>(pointer));
    return kSuccess;
}
EXPORT int cuMemcpyHtoDAsync_v2(uintptr_t to, const void* from, size_t bytes, void*) {
    const Lock lock(mutex);
    const int status = begin("cuMemcpyHtoDAsync");
    if (status != kSuccess) return status;
    if (!owns(to, bytes) || owns(reinterpret_cast<uintptr_t>(from), 1)) return kInvalidValue;
    ++uploads;
    uploaded += static_cast<int64_t>(bytes);
    std::memcpy(reinterpret_cast<void*>(to), from, bytes);
    return kSuccess;
}
EXPORT int cuMemcpyDtoHAsync_v2(void* to, uintptr_t from, size_t bytes, void*) {
    const Lock lock(mutex);
    const int status = begin("cuMemcpyDtoHAsync");
    if (status != kSuccess) return status;
    if (!owns(from, bytes) || owns(reinterpret_cast<uintptr_t>(to), 1)) return kInvalidValue;
    ++downloads;
    downloaded += static_cast<int64_t>(bytes);
    std::memcpy(to, reinterpret_cast<void*>(from), bytes);
    return kSuccess;
}
EXPORT int cuMemcpyDtoDAsync_v2(uintptr_t to, uintptr_t from, size_t bytes, void*) {
    const Lock lock(mutex);
    const int status = begin("cuMemcpyDtoDAsync");
    if (status != kSuccess) return status;
    if (!owns(to, bytes) || !owns(from, bytes)) return kInvalidValue;
    std::memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
    return kSuccess;
}
EXPORT int cuMemsetD8Async(uintptr_t to, unsigned char value, size_t bytes, void*) {
    const Lock lock(mutex);
    const int status = begin("cuMemsetD8Async");
    if (status != kSuccess) return status;
    if (!owns(to, bytes)) return kInvalidValue;
    std::memset(reinterpret_cast<void*>(to), value, bytes);
    return kSuccess;
}
EXPORT int cuModuleLoadData(void** module, const void* image) {
    const Lock lock(mutex);
    const int status = begin("cuModuleLoadData");
    if (status != kSuccess) return status;
    const uint32_t magic = 0xBA55ED50;  // a fatbin's first word
    if (std::memcmp(image, &magic, sizeof(magic)) != 0) return kInvalidImage;
    *module = &module_object;
    ++modules;
    return kSuccess;
}
EXPORT int cuModuleLoadDataEx(void** module, const void* image, unsigned options, void*, void*) {
    return options == 0 ? cuModuleLoadData(module, image) : static_cast<int>(kInvalidValue);
}
EXPORT int cuModuleUnload(void*) { return begin("cuModuleUnload", modules, -1); }
EXPORT int cuModuleGetFunction(void** function, void*, const char* name) {
    const Lock lock(mutex);
    const int status = begin("cuModuleGetFunction");
    if (status != kSuccess) return status;
    const auto found = kernels.find(name);
    if (found == kernels.end()) return kNotFound;
    *function = &found->second;
    return kSuccess;
}
// What a kernel needs and is compiled for: nothing that this stand-in knows.
EXPORT int cuFuncGetAttribute(int* value, int, void*) {
    *value = 0;
    return begin("cuFuncGetAttribute");
}
EXPORT int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
    unsigned, void* stream, void** parameters, void**) {
    const Lock lock(mutex);
    const int status = begin("cuLaunchKernel");
    if (status != kSuccess) return status;
    if (stream != &stream_object) return kInvalidHandle;
    if (gx == 0 || gy != 1 || gz != 1 || bx == 0 || bx > 1024 || by != 1 || bz != 1) return kInvalidValue;
    (*static_cast<Invoke*>(function))(gx, bx, parameters);
    ++launches;
    return kSuccess;
}
EXPORT int cuStreamCreate(void** stream, unsigned) {
    *stream = &stream_object;
    return begin("cuStreamCreate", streams, 1);
}
EXPORT int cuStreamDestroy_v2(void*) { return begin("cuStreamDestroy", streams, -1); }
EXPORT int cuStreamSynchronize(void* stream) {
    return stream == &stream_object ? begin("cuStreamSynchronize") : static_cast<int>(kInvalidHandle);
}
EXPORT int cuEventCreate(void** event, unsigned) {
    *event = &stream_object;
    return begin("cuEventCreate", events, 1);
}
EXPORT int cuEventDestroy_v2(void*) { return begin("cuEventDestroy", events, -1); }
EXPORT int cuEventRecord(void*, void* stream) {
    return stream == &stream_object ? begin("cuEventRecord") : static_cast<int>(kInvalidHandle);
}
EXPORT int cuEventSynchronize(void*) { return begin("cuEventSynchronize"); }
EXPORT int cuEventElapsedTime(float* milliseconds, void*, void*) {
    *milliseconds = 1;
    return begin("cuEventElapsedTime");
}

EXPORT int cublasCreate_v2(void** handle) {
    *handle = &blas_object;
    return begin("cublasCreate", blas_handles, 1) == kSuccess ? 0 : 1;
}
EXPORT int cublasDestroy_v2(void*) {
    const Lock lock(mutex);
    --blas_handles;
    return begin("cublasDestroy") == kSuccess ? 0 : 1;
}
EXPORT int cublasSetStream_v2(void*, void* stream) {
    return stream == &stream_object && begin("cublasSetStream") == kSuccess ? 0 : 7;
}
// c (m x n, by columns) = alpha op(a) op(b) + beta c for `count` products, whose matrices lie so many elements apart.
EXPORT int cublasSgemmStridedBatched(void*, int transpose_a, int transpose_b, int m, int n, int k, const float* alpha,
    const float* a, int lda, long long step_a, const float* b, int ldb, long long step_b, const float* beta, float* c,
    int ldc, long long step_c, int count) {
    const Lock lock(mutex);
    if (m < 0 || n < 0 || k < 0 || count < 0 || lda < (transpose_a ? k : m) || ldb < (transpose_b ? n : k) || ldc < m)
        return 7;
    if (m == 0 || n == 0 || count == 0) return 0;
    // The bytes from the first element to the last of `columns` columns of `rows` elements.
    const auto inside = [&](const float* first, long long step, int rows, int columns, int ld) {
        if (rows == 0 || columns == 0) return true;
        return owns(reinterpret_cast<uintptr_t>(first),
            4 * static_cast<size_t>(step * (count - 1) + static_cast<long long>(columns - 1) * ld + rows));
    };
    if (!inside(a, step_a, transpose_a ? k : m, transpose_a ? m : k, lda)
        || !inside(b, step_b, transpose_b ? n : k, transpose_b ? k : n, ldb) || !inside(c, step_c, m, n, ldc))
        return 13;
    std::vector<double> sums(static_cast<size_t>(m));
    for (int product = 0; product < count; ++product, a += step_a, b += step_b, c += step_c)
        for (int64_t j = 0; j < n; ++j) {
            std::fill(sums.begin(), sums.end(), 0.0);
            for (int64_t l = 0; l < k && !transpose_a; ++l) {
                const double factor = transpose_b ? b[l * ldb + j] : b[j * ldb + l];
                for (int64_t i = 0; i < m; ++i) sums[static_cast<size_t>(i)] += a[l * lda + i] * factor;
            }
            for (int64_t i = 0; i < m && transpose_a; ++i) {
                double sum = 0;
                for (int64_t l = 0; l < k; ++l)
                    sum += static_cast<double>(a[i * lda + l]) * (transpose_b ? b[l * ldb + j] : b[j * ldb + l]);
                sums[static_cast<size_t>(i)] = sum;
            }
            for (int64_t i = 0; i < m; ++i) {
                float& to = c[j * ldc + i];
                to = static_cast<float>(
                    *alpha * sums[static_cast<size_t>(i)] + (*beta == 0 ? 0.0 : *beta * static_cast<double>(to)));
            }
        }
    return 0;
}
EXPORT int cublasSgemm_v2(void* handle, int transpose_a, int transpose_b, int m, int n, int k, const float* alpha,
    const float* a, int lda, const float* b, int ldb, const float* beta, float* c, int ldc) {
    return cublasSgemmStridedBatched(
        handle, transpose_a, transpose_b, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}
