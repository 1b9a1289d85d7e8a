// How the tests start the kernels of a .cu file that is compiled for the CPU: its kernel<<<grid, block>>>(...) reads
// standin::launch(kernel, grid, block, ...) there (see CMakeLists.txt).
#pragma once

#include "cuda_emulation.h"

namespace standin {

template <class... P, class... A>
void launch(void (*kernel)(P...), unsigned grid, unsigned block, A... arguments) {
    emulation::launch(grid, block, emulation::Order::kShuffled, [=] { kernel(static_cast<P>(arguments)...); });
}

}  // namespace standin
