#include "common/processor.h"

#include "atl/version.h"
#include "common/last_error.h"

#if defined(_MSC_VER) && (defined(_M_X64) || defined(_M_IX86))
#include <immintrin.h>
#include <intrin.h>
#define ATL_X86 1
#elif defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#define ATL_X86 1
#endif

namespace atl {
namespace processor {
namespace {

enum Saved : uint64_t { kNone = 0, kYmm = 0x6, kZmm = 0xe6 };

struct Feature {
    const char* text;
    Place place;
    int bit;
    Saved saved;
};

const Feature kFeatures[] = {
#define ATL_ROW(name, text, macro, place, bit, saved) {text, place, bit, saved},
    ATL_PROCESSOR_FEATURES(ATL_ROW)
#undef ATL_ROW
};

#ifdef ATL_X86
struct Leaf {
    uint32_t eax, ebx, ecx, edx;
};

// All zeros where the processor has no such leaf.
Leaf leaf_of(uint32_t leaf, uint32_t part) noexcept {
    Leaf found = {0, 0, 0, 0};
#ifdef _MSC_VER
    int of[4];
    __cpuid(of, static_cast<int>(leaf & 0x80000000u));
    if (static_cast<uint32_t>(of[0]) < leaf) return found;
    __cpuidex(of, static_cast<int>(leaf), static_cast<int>(part));
    found.eax = static_cast<uint32_t>(of[0]);
    found.ebx = static_cast<uint32_t>(of[1]);
    found.ecx = static_cast<uint32_t>(of[2]);
    found.edx = static_cast<uint32_t>(of[3]);
#else
    __get_cpuid_count(leaf, part, &found.eax, &found.ebx, &found.ecx, &found.edx);
#endif
    return found;
}

uint64_t saved_registers() noexcept {
    constexpr uint32_t kOsXsave = 1u << 27;
    if ((leaf_of(1, 0).ecx & kOsXsave) == 0) return 0;
#ifdef _MSC_VER
    return _xgetbv(0);
#else
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return static_cast<uint64_t>(high) << 32 | low;
#endif
}
#endif

// Appends to a text of `size` chars at `end`, and cuts off what has no room.
size_t append(char* text, size_t size, size_t end, const char* part) noexcept {
    for (; *part != 0 && end + 1 < size; ++part) text[end++] = *part;
    text[end] = 0;
    return end;
}

}  // namespace

Features features_of(const Answers& answers) noexcept {
    Features found = 0;
    for (int i = 0; i < kFeatureCount; ++i) {
        const Feature& feature = kFeatures[i];
        const bool there = (answers.at[feature.place] >> feature.bit & 1) != 0;
        if (there && (answers.saved & feature.saved) == feature.saved) found |= Features(1) << i;
    }
    return found;
}

namespace {

Features detect() noexcept {
    Answers answers = {{0, 0, 0, 0, 0, 0}, 0};
#ifdef ATL_X86
    const Leaf leaf7 = leaf_of(7, 0);
    answers.at[kLeaf1Ecx] = leaf_of(1, 0).ecx;
    answers.at[kLeaf7Ebx] = leaf7.ebx;
    answers.at[kLeaf7Ecx] = leaf7.ecx;
    answers.at[kLeaf7Edx] = leaf7.edx;
    // Leaf 7 counts its parts in EAX.
    if (leaf7.eax >= 1) answers.at[kLeaf7Sub1Eax] = leaf_of(7, 1).eax;
    answers.at[kExtended1Ecx] = leaf_of(0x80000001u, 0).ecx;
    answers.saved = saved_registers();
#endif
    return features_of(answers);
}

}  // namespace

const Features present = detect();
const bool suits = offers(present, required);

void describe(Features wanted, Features offered, char* text, size_t size) noexcept {
    const Features missing = wanted & ~offered;
    text[0] = 0;
    if (missing == 0) return;
    size_t end = append(text, size, 0, "this build of Atl's native library needs ");
    Features rest = missing;
    for (int i = 0; i < kFeatureCount; ++i) {
        const Features one = Features(1) << i;
        if ((rest & one) == 0) continue;
        rest &= ~one;
        end = append(text, size, end, kFeatures[i].text);
        if (rest != 0) end = append(text, size, end, ", ");
    }
    end = append(text, size, end, ", which this processor lacks or its operating system does not enable; ");
    append(text, size, end,
        (missing & kPortable) == 0
            ? "build the library for any x86-64 with AVX2 (cmake -S . -B build/native -DATL_NATIVE_ARCH=OFF), "
              "or on this machine"
            : "build the library on this machine (cmake -S . -B build/native -DATL_NATIVE_ARCH=ON)");
}

atl_status refuse() noexcept {
    char text[512];
    describe(required, present, text, sizeof text);
    set_last_error(text);
    return ATL_UNSUPPORTED;
}

}  // namespace processor
}  // namespace atl

extern "C" atl_status atl_check_processor(void) { return atl::processor::suits ? ATL_OK : atl::processor::refuse(); }
