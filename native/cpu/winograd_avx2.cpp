// Compiled for AVX2, the least that Atl runs on.
#if defined(__x86_64__) && defined(__GNUC__)
namespace {
constexpr int kLanes = 8;
constexpr int kRows = 6;      // times 2 vectors of sums, 2 of weights and a value for all lanes: 15 of 16 registers
constexpr int kChannels = 4;  // times 2 vectors of sums
constexpr float kPointA = 0.625f, kPointB = 1.5f;
}  // namespace

#include "cpu/winograd_kernels.h"

constexpr atl::winograd::Kernels atl::winograd::avx2_kernels = kernels();

#endif
