# For which processors the library is compiled.
include(CheckCXXCompilerFlag)

set(ATL_X86_64 OFF)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(ATL_X86_64 ON)
endif()

# Every processor of the architecture: for what runs before it is known which one this is.
set(ATL_BASELINE_FLAGS "")
if(ATL_X86_64 AND NOT MSVC)
    set(ATL_BASELINE_FLAGS -march=x86-64 -mtune=generic)
endif()

# atl_processor_flags(VARIABLE): this machine's processor with ATL_NATIVE_ARCH, unless the compiler builds for another
# kind of machine; else an x86-64 with AVX2, or any processor of another architecture.
function(atl_processor_flags variable)
    set(flags "")
    if(MSVC)
        if(ATL_X86_64)
            set(flags /arch:AVX2)
        endif()
    elseif(ATL_NATIVE_ARCH AND NOT CMAKE_CROSSCOMPILING)
        # GCC for POWER knows -mcpu=native alone.
        foreach(flag march mcpu)
            check_cxx_compiler_flag(-${flag}=native ATL_HAS_${flag}_NATIVE)
            if(ATL_HAS_${flag}_NATIVE)
                set(flags -${flag}=native)
                break()
            endif()
        endforeach()
    elseif(ATL_X86_64)
        # Haswell is the same for compilers that do not know the levels yet.
        check_cxx_compiler_flag(-march=x86-64-v3 ATL_HAS_X86_64_V3)
        if(ATL_HAS_X86_64_V3)
            set(flags -march=x86-64-v3)
        else()
            set(flags -march=haswell)
        endif()
    endif()
    set(${variable} ${flags} PARENT_SCOPE)
endfunction()
