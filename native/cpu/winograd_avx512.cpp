// Compiled for AVX-512 (CMakeLists.txt) and called only where the processor has it.
#if defined(__x86_64__) && defined(__GNUC__)
namespace {
constexpr int kLanes = 16;
constexpr int kRows = 14;     // times 2 vectors of sums, 2 of weights and a value for all lanes: 31 of 32 registers
constexpr int kChannels = 8;  // times 2 vectors of sums
constexpr float kPointA = 0.625f, kPointB = 1.5f;
}  // namespace

#include "cpu/winograd_kernels.h"

constexpr atl::winograd::Kernels atl::winograd::avx512_kernels = kernels();

#endif
