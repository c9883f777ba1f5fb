# Manual pages and completions. The program writes its own pages when it is built (src/cli/CMakeLists.txt); section 5 comes from
# Markdown and needs lowdown.
include(GNUInstallDirs)
find_program(LOWDOWN lowdown)

if(LOWDOWN)
    set(page ${PROJECT_SOURCE_DIR}/scripts/manual/page)
    set(settings ${PROJECT_SOURCE_DIR}/scripts/manual/settings.awk)
    set(conf ${PROJECT_SOURCE_DIR}/conf)
    add_custom_command(OUTPUT ${NIXIE_MAN_DIR}/nixie.toml.5
        COMMAND awk -f ${settings} ${conf}/nixie.toml | ${page} nixie.toml "the configuration of nixie" > ${NIXIE_MAN_DIR}/nixie.toml.5
        DEPENDS ${page} ${settings} ${conf}/nixie.toml)
    add_custom_command(OUTPUT ${NIXIE_MAN_DIR}/nixie-rules.5
        COMMAND cat ${conf}/rules/README.md ${conf}/formats/README.md | ${page} nixie-rules "rules and report formats of nixie" > ${NIXIE_MAN_DIR}/nixie-rules.5
        DEPENDS ${page} ${conf}/rules/README.md ${conf}/formats/README.md)
    add_custom_target(manual_5 DEPENDS ${NIXIE_MAN_DIR}/nixie.toml.5 ${NIXIE_MAN_DIR}/nixie-rules.5)
    add_dependencies(program manual_5)
else()
    message(STATUS "no lowdown: the manual pages nixie.toml(5) and nixie-rules(5) are left out")
endif()

install(DIRECTORY ${NIXIE_MAN_DIR}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program FILES_MATCHING PATTERN "*.1")
install(DIRECTORY ${NIXIE_MAN_DIR}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 COMPONENT program FILES_MATCHING PATTERN "*.5")
install(FILES ${NIXIE_COMPLETION_DIR}/nixie DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
install(FILES ${NIXIE_COMPLETION_DIR}/_nixie DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT program)
install(FILES ${NIXIE_COMPLETION_DIR}/nixie.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
