// What this processor can do, and whether that is enough for the library. processor.cpp is compiled for every processor
// of the architecture; it calls nothing that another file defines inline, which might be compiled for more.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "atl/types.h"
#include "common/processor_features.h"

namespace atl {
namespace processor {

// One bit for each feature.
typedef uint64_t Features;

enum Index {
#define ATL_INDEX(name, text, macro, place, bit, state) name##Index,
    ATL_PROCESSOR_FEATURES(ATL_INDEX)
#undef ATL_INDEX
        kFeatureCount
};

#define ATL_FEATURE(name, text, macro, place, bit, state) constexpr Features name = Features(1) << name##Index;
ATL_PROCESSOR_FEATURES(ATL_FEATURE)
#undef ATL_FEATURE

// x86-64-v3: what a library that is built for other machines asks for.
constexpr Features kPortable =
    kSse3 | kSsse3 | kSse41 | kSse42 | kMovbe | kPopcnt | kLzcnt | kBmi | kBmi2 | kAvx | kF16c | kFma | kAvx2;

// What the kernels for vectors of 16 floats are compiled for.
constexpr Features kAvx512 = kAvx512F | kAvx512Bw | kAvx512Dq | kAvx512Vl;

// Whether all that is wanted is there.
constexpr bool offers(Features offered, Features wanted) { return (wanted & ~offered) == 0; }

// Which of a processor's registers say what it has.
enum Place { kLeaf1Ecx, kLeaf7Ebx, kLeaf7Ecx, kLeaf7Edx, kLeaf7Sub1Eax, kExtended1Ecx, kPlaces };

// The answers of CPUID, and XCR0: the registers that the operating system saves (0 where it does not say).
struct Answers {
    uint32_t at[kPlaces];
    uint64_t saved;
};

// What the compiler was allowed to use for the library (required_features.cpp).
extern const Features required;

// The features of this processor, and whether they are enough for the library. Set when it is loaded.
extern const Features present;
extern const bool suits;

// The features that the answers tell of; those whose registers the operating system does not save are not there.
Features features_of(const Answers& answers) noexcept;

// Writes to `text` what is missing and how to build without it; "" where nothing is.
void describe(Features wanted, Features offered, char* text, size_t size) noexcept;

// Leaves the description as the last error.
atl_status refuse() noexcept;

}  // namespace processor
}  // namespace atl
