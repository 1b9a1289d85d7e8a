// Marks functions that run on the host and, where a CUDA compiler reads them, on the device.
#pragma once

#if defined(__CUDACC__)
#define ATL_HOST_DEVICE __host__ __device__
// Before a template of the host and the device that calls what it is given: what is given belongs to the side that
// calls.
#define ATL_SAME_SIDE _Pragma("nv_exec_check_disable")
#else
#define ATL_HOST_DEVICE
#define ATL_SAME_SIDE
#endif
