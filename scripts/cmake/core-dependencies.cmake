# What the core links to. Read by the build and, beside the installed targets, by nixie-config.cmake.
include(CMakeFindDependencyMacro)

find_dependency(PkgConfig)
find_dependency(tomlplusplus)
find_dependency(Iconv)
if(NOT TARGET PkgConfig::NIXIE_RE2)
    pkg_check_modules(NIXIE_RE2 REQUIRED IMPORTED_TARGET re2)
endif()
# mimetic ships neither a CMake nor a pkg-config file.
if(NOT TARGET nixie::mimetic)
    find_library(NIXIE_MIMETIC_LIBRARY mimetic REQUIRED)
    find_path(NIXIE_MIMETIC_INCLUDE mimetic/mimetic.h REQUIRED)
    add_library(nixie::mimetic INTERFACE IMPORTED)
    set_target_properties(nixie::mimetic PROPERTIES
        INTERFACE_LINK_LIBRARIES "${NIXIE_MIMETIC_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${NIXIE_MIMETIC_INCLUDE}")
endif()
