# Writes OUT, a C++ file with the text of every TOML file in ROOT/formats, ROOT/registry, ROOT/rules and ROOT/typos.
file(GLOB files RELATIVE ${ROOT} ${ROOT}/formats/*.toml ${ROOT}/registry/*.toml ${ROOT}/rules/*.toml ${ROOT}/typos/*.toml)
list(SORT files)
set(code "// Made from conf/ by src/data/embed.cmake.\n#include \"data/embedded.hpp\"\n\nnamespace nixie::embedded {\n\nconst std::vector<File> files{\n")
foreach(file IN LISTS files)
    # As bytes, not as a string literal: compilers limit the length of those.
    file(READ ${ROOT}/${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND code "    {\"${file}\", {${bytes}}},\n")
endforeach()
string(APPEND code "};\n\n} // namespace nixie::embedded\n")
file(WRITE ${OUT} "${code}")
