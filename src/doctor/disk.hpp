// A folder on this machine: is it there, may it be written to, how much room has its disk.
#pragma once

#include <string>

#include "doctor/finding.hpp"

namespace nixie {

enum class Presence { needed, created_later };

/// Of a Maildir tree.
Findings maildir_findings(const std::string& path, Presence presence);
/// The room on the disk that holds `path`, which exists.
Finding space_finding(const std::string& path);

} // namespace nixie
