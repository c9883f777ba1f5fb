// What the rights of RFC 4314 let nixie do.
#pragma once

#include <map>
#include <string>

#include "doctor/finding.hpp"

namespace nixie {

/// `rights` are letters by folder. The inbox must let messages be read and moved away, the folders below `root` take them in.
Findings rights_findings(const std::map<std::string, std::string>& rights, const std::string& inbox,
                         const std::string& root);

} // namespace nixie
