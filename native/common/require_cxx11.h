// Included first by what goes into a Caffe tree: a compiler that takes C++98 unless it is told otherwise says so,
// before anything else.
#pragma once

#if defined(_MSVC_LANG)
#define ATL_CXX _MSVC_LANG
#else
#define ATL_CXX __cplusplus
#endif
#if ATL_CXX < 201103L
#error "This layer needs C++11. Makefile.config: COMMON_FLAGS += -std=c++11 (CMake: -DCMAKE_CXX_FLAGS=-std=c++11)"
#endif
#undef ATL_CXX
