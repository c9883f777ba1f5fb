# Debian packages, made by `cpack` in a build folder: nixie, and libnixie-dev for developers.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME nixie)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "says what a bounce mailbox holds: which recipient, what happened, why")
set(CPACK_PACKAGE_CONTACT "nixie maintainers <maintainers@nixie.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program library)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME nixie)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "nixie reads a bounce mailbox over IMAP, POP3 or from a Maildir, says what
happened to which recipient and why, keeps that in SQLite, says when another
try is due, and files every message in a folder named for its category.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/scripts/debian/conffiles ${PROJECT_SOURCE_DIR}/scripts/debian/postinst
    ${PROJECT_SOURCE_DIR}/scripts/debian/prerm ${PROJECT_SOURCE_DIR}/scripts/debian/postrm)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libnixie-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "The core of nixie as a library: bytes in, verdicts out: which recipient, what happened, why, and what to do
about it. Needs no network and no database.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libmimetic-dev, libre2-dev, libtomlplusplus-dev")

# What only the package has: the configuration in its place, read by the units and crontab that it brings.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    install(CODE "file(GLOB pages \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_MANDIR}/man*/*.[15])
        execute_process(COMMAND gzip -9nf \${pages} COMMAND_ERROR_IS_FATAL ANY)" COMPONENT program)
    install(FILES conf/nixie.toml DESTINATION /etc/nixie COMPONENT program)
    install(DIRECTORY DESTINATION /etc/nixie/rules.d COMPONENT program)
    install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright COMPONENT program)
endif()
include(CPack)
cpack_add_component(program GROUP program)
cpack_add_component(library GROUP library)
