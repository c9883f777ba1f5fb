// Files that others read while they are written anew.
#pragma once

#include <string>
#include <string_view>

#include "nixie/result.hpp"

namespace nixie {

enum class Readers {
    as_usual, ///< what the umask leaves
    everyone, ///< whatever the umask
};

/// Whole or not at all: it is written beside its place and then put there.
Result<void> replace_file(const std::string& path, std::string_view content, Readers readers);

} // namespace nixie
