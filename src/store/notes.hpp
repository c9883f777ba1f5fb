// Messages of nixie's own that tell what is in a folder: which lie where.
#pragma once

#include <string>
#include <vector>

#include "nixie/time.hpp"

namespace nixie {

/// A row of the table `notes`.
struct FolderNote {
    std::string folder;           ///< its default name
    std::vector<std::string> ids; ///< Message-IDs of what may lie there
    bool put = false; ///< only the one in `ids` lies there; else it was about to be put, and others taken back
    Time at{};
};

} // namespace nixie
