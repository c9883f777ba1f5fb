// The compiled-in files; defined in the file that embed.cmake writes.
#pragma once

#include <string>
#include <vector>

namespace nixie::embedded {

struct File {
    std::string name; ///< relative to conf/
    std::string text;
};

extern const std::vector<File> files; ///< in the order of their names

} // namespace nixie::embedded
