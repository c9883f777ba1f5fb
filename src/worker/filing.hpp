// Which folder a message belongs in.
#pragma once

#include <string>

#include "nixie/judge.hpp"

namespace nixie {

/// The default name of a folder (see FolderNames::defaults()): for a bounce the category of its gravest verdict (hard
/// before blocked before soft, the first of equals), for every other kind the kind's own.
std::string folder_for(const Judgement& judgement);

inline constexpr const char* ordinary_folder = "ordinary";
inline constexpr const char* quarantine_folder = "quarantine";

} // namespace nixie
