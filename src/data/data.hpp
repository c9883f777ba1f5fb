// The files under conf/ that the program reads: compiled in, or from a directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nixie/result.hpp"

namespace nixie {

/// One file's name, such as "conf/rules/60-policy.toml", and its text.
struct DataFile {
    /// Tests have compiled every pattern of the built-in files, so that these are compiled only when first needed.
    enum class Origin { given, built_in };

    std::string name;
    std::string text;
    Origin origin = Origin::given;
};

/// The compiled-in files of conf/<folder>, in the order of their names.
std::vector<DataFile> built_in_files(std::string_view folder);
/// Every *.toml in `directory`, in the order of their names. An unreadable directory or file is an error.
Result<std::vector<DataFile>> files_in(const std::string& directory);

} // namespace nixie
