// The squared distance of two arrays.
#include "cuda/maps.cuh"

// parts[b] = the sum of (a - b)^2 over the b-th of `pieces` pieces; a block a piece.
extern "C" __global__ void __launch_bounds__(atl::cuda::kThreads)
    atl_euclidean_loss_parts(int64_t count, int64_t pieces, const float* a, const float* b, double* parts) {
    for (int64_t piece = blockIdx.x; piece < pieces; piece += gridDim.x) {
        double sum = 0;
        for (int64_t i = count * piece / pieces + threadIdx.x; i < count * (piece + 1) / pieces; i += blockDim.x) {
            const float d = a[i] - b[i];
            sum += static_cast<double>(d) * d;
        }
        sum = atl::cuda::block_sum(sum);
        if (threadIdx.x == 0) parts[piece] = sum;
    }
}
