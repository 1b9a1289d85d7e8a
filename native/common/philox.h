// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): the stream that
// Atl.RandomStream draws, word by word, for the host and for CUDA.
#pragma once

#include <stdint.h>

#include "host_device.h"

namespace atl {

// The four words of block `counter` of the stream `key`.
ATL_HOST_DEVICE inline void philox(uint64_t counter, uint64_t key, uint32_t words[4]) {
    uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32), c2 = 0, c3 = 0, k0 = (uint32_t)key,
             k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; ++round) {
        const uint64_t p0 = 0xD2511F53ull * c0, p1 = 0xCD9E8D57ull * c2;
        const uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c0 = n0;
        c1 = (uint32_t)p1;
        c2 = n2;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

// Word `position` of the stream.
ATL_HOST_DEVICE inline uint32_t philox_word(uint64_t position, uint64_t key) {
    uint32_t words[4];
    philox(position / 4, key, words);
    return words[position % 4];
}

}  // namespace atl
