// What is known of a processor, from answers of CPUID and sets of features of the test's own.
#include "common/processor.h"

#include <cstring>
#include <string>

#include "atl/version.h"
#include "check.h"

namespace {

using namespace atl::processor;

#define CHECK(condition) check::that(condition, #condition)

constexpr uint64_t kSavesSse = 0x3, kSavesYmm = 0x7, kSavesZmm = 0xe7;

// A processor with everything; the operating system saves the registers given.
Answers all_with(uint64_t saved) {
    Answers answers;
    for (uint32_t& place : answers.at) place = 0xffffffffu;
    answers.saved = saved;
    return answers;
}

std::string described(Features wanted, Features offered) {
    char text[512];
    describe(wanted, offered, text, sizeof text);
    return text;
}

bool holds(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void features_are_read_from_their_bits() {
    CHECK(features_of(all_with(kSavesZmm)) == (Features(1) << kFeatureCount) - 1);
    Answers none{};
    none.saved = kSavesZmm;
    CHECK(features_of(none) == 0);
    Answers avx2 = none;
    avx2.at[kLeaf7Ebx] = 1u << 5;
    CHECK(features_of(avx2) == kAvx2);
    Answers one = none;
    one.at[kLeaf7Ebx] = 1u << 16;
    CHECK(features_of(one) == kAvx512F);
    one.at[kLeaf7Ebx] = 1u << 17;
    CHECK(features_of(one) == kAvx512Dq);
    one.at[kLeaf7Ebx] = 1u << 30;
    CHECK(features_of(one) == kAvx512Bw);
    one.at[kLeaf7Ebx] = 1u << 31;
    CHECK(features_of(one) == kAvx512Vl);
}

void registers_that_are_not_saved_do_not_count() {
    const Features without_avx = features_of(all_with(kSavesSse)), without_avx512 = features_of(all_with(kSavesYmm));
    CHECK((without_avx & (kAvx | kAvx2 | kFma | kF16c | kAvx512)) == 0);
    CHECK((without_avx & (kSse42 | kPopcnt | kBmi2)) == (kSse42 | kPopcnt | kBmi2));
    CHECK((without_avx512 & kPortable) == kPortable);
    CHECK((without_avx512 & kAvx512) == 0);
    CHECK(features_of(all_with(0)) == without_avx);
}

void avx512_is_four_features() {
    CHECK(offers(kPortable | kAvx512, kAvx512));
    for (Features part : {kAvx512F, kAvx512Bw, kAvx512Dq, kAvx512Vl})
        CHECK(!offers((kPortable | kAvx512) & ~part, kAvx512));
}

void what_is_missing_is_named_with_the_way_out() {
    CHECK(described(kPortable, kPortable | kAvx512).empty());
    CHECK(described(0, 0).empty());

    const std::string old = described(kPortable, kPortable & ~(kAvx2 | kFma));
    CHECK(holds(old, "needs FMA, AVX2, which this processor lacks"));
    CHECK(holds(old, "on this machine (cmake -S . -B build/native -DATL_NATIVE_ARCH=ON)"));
    CHECK(!holds(old, "-DATL_NATIVE_ARCH=OFF"));

    const std::string tuned = described(kPortable | kAvx512, kPortable | kAvx512F);
    CHECK(holds(tuned, "needs AVX-512DQ, AVX-512BW, AVX-512VL, which"));
    CHECK(holds(tuned, "any x86-64 with AVX2 (cmake -S . -B build/native -DATL_NATIVE_ARCH=OFF)"));

    // Everything at once has room; what has none is cut off.
    CHECK(holds(described((Features(1) << kFeatureCount) - 1, 0), "-DATL_NATIVE_ARCH=ON)"));
    char small[8];
    describe(kAvx, 0, small, sizeof small);
    CHECK(std::strcmp(small, "this bu") == 0);
}

void this_machine_has_what_this_program_was_compiled_for() {
    CHECK(offers(present, required));
    CHECK(suits);
    CHECK(atl_check_processor() == ATL_OK);
#ifdef __x86_64__
    // An independent reading of the same.
    CHECK(((present & kAvx2) != 0) == (__builtin_cpu_supports("avx2") != 0));
    CHECK(((present & kFma) != 0) == (__builtin_cpu_supports("fma") != 0));
    CHECK(((present & kAvx512F) != 0) == (__builtin_cpu_supports("avx512f") != 0));
    CHECK(((present & kAvx512Vl) != 0) == (__builtin_cpu_supports("avx512vl") != 0));
    CHECK(((present & kAvx512Bf16) != 0) == (__builtin_cpu_supports("avx512bf16") != 0));
    CHECK(((present & kAvx512Vnni) != 0) == (__builtin_cpu_supports("avx512vnni") != 0));
#endif
}

}  // namespace

int main() {
    features_are_read_from_their_bits();
    registers_that_are_not_saved_do_not_count();
    avx512_is_four_features();
    what_is_missing_is_named_with_the_way_out();
    this_machine_has_what_this_program_was_compiled_for();
    return check::result();
}
