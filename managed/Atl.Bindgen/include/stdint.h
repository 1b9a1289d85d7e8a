/* The fixed-width types, so that reading Atl's headers needs no system's headers. */
#ifndef ATL_BINDGEN_STDINT_H
#define ATL_BINDGEN_STDINT_H

typedef unsigned char uint8_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
typedef unsigned long uintptr_t;

#endif
