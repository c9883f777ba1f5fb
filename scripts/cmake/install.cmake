# What `cmake --install` puts where. Components: library (the core, for developers) and program.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(NIXIE_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/nixie)
set(NIXIE_SHARE_DIR ${CMAKE_INSTALL_DATADIR}/nixie)
# systemd looks there whatever the library directory is called.
set(NIXIE_SYSTEMD_DIR lib/systemd/system CACHE STRING "Where the systemd units go")

# --- the library
install(TARGETS core EXPORT nixie-targets COMPONENT library INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/nixie DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library FILES_MATCHING PATTERN "*.hpp")
install(EXPORT nixie-targets NAMESPACE nixie:: DESTINATION ${NIXIE_CMAKE_DIR} COMPONENT library)
configure_package_config_file(scripts/cmake/nixie-config.cmake.in ${PROJECT_BINARY_DIR}/cmake/nixie-config.cmake
    INSTALL_DESTINATION ${NIXIE_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/nixie-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmake/nixie-config.cmake ${PROJECT_BINARY_DIR}/cmake/nixie-config-version.cmake
        scripts/cmake/core-dependencies.cmake
    DESTINATION ${NIXIE_CMAKE_DIR} COMPONENT library)

# Of a static library alone everyone needs the libraries behind it; of a shared one, nobody but who links statically.
set(NIXIE_PC_PRIVATE_LIBS " -lmimetic -lre2 -ltomlplusplus -pthread")
set(NIXIE_PC_LIBS "")
if(NOT BUILD_SHARED_LIBS)
    set(NIXIE_PC_LIBS "${NIXIE_PC_PRIVATE_LIBS}")
    set(NIXIE_PC_PRIVATE_LIBS "")
endif()
file(RELATIVE_PATH NIXIE_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(scripts/cmake/nixie.pc.in ${PROJECT_BINARY_DIR}/cmake/nixie.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cmake/nixie.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
install(DIRECTORY samples/embed DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT library)

# --- the program, its data and its documents
if(BUILD_SHARED_LIBS)
    set_target_properties(program PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
endif()
install(TARGETS program COMPONENT program)
install(DIRECTORY conf/ DESTINATION ${NIXIE_SHARE_DIR} COMPONENT program FILES_MATCHING PATTERN "*.toml")
install(DIRECTORY conf/monitoring DESTINATION ${NIXIE_SHARE_DIR} COMPONENT program)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
# The units and the crontab name the program where it is installed.
foreach(unit IN ITEMS nixie.service nixie-once.service nixie-once.timer nixie.cron)
    file(READ ${PROJECT_SOURCE_DIR}/conf/${unit} text)
    string(REPLACE "/usr/local/bin/nixie" "${CMAKE_INSTALL_FULL_BINDIR}/nixie" text "${text}")
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/conf/${unit} CONTENT "${text}" @ONLY)
    set(folder ${NIXIE_SYSTEMD_DIR})
    if(unit MATCHES "cron$")
        set(folder ${NIXIE_SHARE_DIR})
    endif()
    install(FILES ${PROJECT_BINARY_DIR}/conf/${unit} DESTINATION ${folder} COMPONENT program)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/conf/${unit})
endforeach()
