# Where `cmake --install` puts the library and its headers, and how other projects find them: find_package(atl) and
# pkg-config. All of it may be moved together to another folder.
include(CMakePackageConfigHelpers)

install(TARGETS atl EXPORT atl
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY native/include/atl DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/atl)
install(EXPORT atl NAMESPACE atl:: FILE atl-targets.cmake DESTINATION ${package})
configure_package_config_file(native/atl-config.cmake.in ${PROJECT_BINARY_DIR}/atl-config.cmake
    INSTALL_DESTINATION ${package})
# The C ABI may change with the second number as long as the first is 0.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/atl-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/atl-config.cmake ${PROJECT_BINARY_DIR}/atl-config-version.cmake
    DESTINATION ${package})

# Relative to the .pc file, unless the folders were given as absolute paths.
file(RELATIVE_PATH up "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
foreach(folder LIBDIR INCLUDEDIR)
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${folder}}")
        set(ATL_PC_${folder} "${CMAKE_INSTALL_${folder}}")
    else()
        set(ATL_PC_${folder} "\${prefix}/${CMAKE_INSTALL_${folder}}")
    endif()
endforeach()
string(REGEX REPLACE "/$" "" ATL_PC_PREFIX "\${pcfiledir}/${up}")
configure_file(native/atl.pc.in ${PROJECT_BINARY_DIR}/atl.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/atl.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
