/* CUDA's words for a parser that knows C++. What runs where is dropped. A kernel, which is written
 *     __global__ void __launch_bounds__(THREADS) name(...)
 * returns atl_kernel<void, char[THREADS]> here, so that the tree of declarations has the bound. */
#ifndef ATL_BINDGEN_CUDA_H
#define ATL_BINDGEN_CUDA_H

template <class Result, class Threads>
struct atl_kernel {
    Result* result;
};

#define __global__ atl_kernel<
#define __launch_bounds__(threads) , char[threads]>
#define __device__
#define __host__
#define __shared__ static
#define __forceinline__ inline

/* As for the kernels' compiler: they have the names of the C interface's functions. */
#define ATL_WITHOUT_FUNCTIONS

#endif
