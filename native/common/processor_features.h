// The instruction sets of x86 processors that a compiler uses unasked, and where a processor says that it has them.
#pragma once

// X(name, what users call it, the macro that compilers define, the register and bit that name it, the registers that
// the operating system must save)
#define ATL_PROCESSOR_FEATURES(X)                                                     \
    X(kSse3, "SSE3", __SSE3__, kLeaf1Ecx, 0, kNone)                                   \
    X(kSsse3, "SSSE3", __SSSE3__, kLeaf1Ecx, 9, kNone)                                \
    X(kSse41, "SSE4.1", __SSE4_1__, kLeaf1Ecx, 19, kNone)                             \
    X(kSse42, "SSE4.2", __SSE4_2__, kLeaf1Ecx, 20, kNone)                             \
    X(kMovbe, "MOVBE", __MOVBE__, kLeaf1Ecx, 22, kNone)                               \
    X(kPopcnt, "POPCNT", __POPCNT__, kLeaf1Ecx, 23, kNone)                            \
    X(kLzcnt, "LZCNT", __LZCNT__, kExtended1Ecx, 5, kNone)                            \
    X(kBmi, "BMI1", __BMI__, kLeaf7Ebx, 3, kNone)                                     \
    X(kBmi2, "BMI2", __BMI2__, kLeaf7Ebx, 8, kNone)                                   \
    X(kAvx, "AVX", __AVX__, kLeaf1Ecx, 28, kYmm)                                      \
    X(kF16c, "F16C", __F16C__, kLeaf1Ecx, 29, kYmm)                                   \
    X(kFma, "FMA", __FMA__, kLeaf1Ecx, 12, kYmm)                                      \
    X(kAvx2, "AVX2", __AVX2__, kLeaf7Ebx, 5, kYmm)                                    \
    X(kSse4a, "SSE4a", __SSE4A__, kExtended1Ecx, 6, kNone)                            \
    X(kXop, "XOP", __XOP__, kExtended1Ecx, 11, kYmm)                                  \
    X(kFma4, "FMA4", __FMA4__, kExtended1Ecx, 16, kYmm)                               \
    X(kGfni, "GFNI", __GFNI__, kLeaf7Ecx, 8, kNone)                                   \
    X(kAvxVnni, "AVX-VNNI", __AVXVNNI__, kLeaf7Sub1Eax, 4, kYmm)                      \
    X(kAvx512F, "AVX-512F", __AVX512F__, kLeaf7Ebx, 16, kZmm)                         \
    X(kAvx512Dq, "AVX-512DQ", __AVX512DQ__, kLeaf7Ebx, 17, kZmm)                      \
    X(kAvx512Ifma, "AVX-512IFMA", __AVX512IFMA__, kLeaf7Ebx, 21, kZmm)                \
    X(kAvx512Cd, "AVX-512CD", __AVX512CD__, kLeaf7Ebx, 28, kZmm)                      \
    X(kAvx512Bw, "AVX-512BW", __AVX512BW__, kLeaf7Ebx, 30, kZmm)                      \
    X(kAvx512Vl, "AVX-512VL", __AVX512VL__, kLeaf7Ebx, 31, kZmm)                      \
    X(kAvx512Vbmi, "AVX-512VBMI", __AVX512VBMI__, kLeaf7Ecx, 1, kZmm)                 \
    X(kAvx512Vbmi2, "AVX-512VBMI2", __AVX512VBMI2__, kLeaf7Ecx, 6, kZmm)              \
    X(kAvx512Vnni, "AVX-512VNNI", __AVX512VNNI__, kLeaf7Ecx, 11, kZmm)                \
    X(kAvx512Bitalg, "AVX-512BITALG", __AVX512BITALG__, kLeaf7Ecx, 12, kZmm)          \
    X(kAvx512Vpopcntdq, "AVX-512VPOPCNTDQ", __AVX512VPOPCNTDQ__, kLeaf7Ecx, 14, kZmm) \
    X(kAvx512Fp16, "AVX-512FP16", __AVX512FP16__, kLeaf7Edx, 23, kZmm)                \
    X(kAvx512Bf16, "AVX-512BF16", __AVX512BF16__, kLeaf7Sub1Eax, 5, kZmm)
