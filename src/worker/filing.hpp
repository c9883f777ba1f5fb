// Which folder a message belongs in.
#pragma once

#include <string>

#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "nixie/judge.hpp"

namespace nixie {

/// The default name of a folder (see FolderNames::defaults()): for a bounce the category of its gravest verdict (hard
/// before blocked before soft, the first of equals), for every other kind the kind's own.
std::string folder_for(const Judgement& judgement);

/// The whole name of the folder with this default name: its levels joined by '/'. The journal knows folders by it.
std::string folder_name(const FolderNames& names, const std::string& default_name);
/// The levels of such a name.
FolderPath split_levels(const std::string& folder);
std::string join_levels(const FolderPath& levels);

inline constexpr const char* ordinary_folder = "ordinary";
inline constexpr const char* quarantine_folder = "quarantine";

} // namespace nixie
