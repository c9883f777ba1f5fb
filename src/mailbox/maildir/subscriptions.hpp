// The file "subscriptions" of a Maildir tree, as Dovecot reads and writes it.
#pragma once

#include <string>
#include <string_view>

#include "nixie/result.hpp"

namespace nixie {

/// The file's text with the folder in it. `name` is in modified UTF-7 with '.' between levels. A file with the heading of
/// version 2, and a new one, has tabs between levels; an older one keeps its dots. Equal to `text` if it is there already.
std::string with_subscription(std::string_view text, std::string_view name);

/// Adds the folder to the file in the directory open as `root`; waits a moment for another writer's lock.
Result<void> subscribe(int root, const std::string& path, std::string_view name);

} // namespace nixie
