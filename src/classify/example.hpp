// A rule's examples as evidence.
#pragma once

#include <string_view>

#include "nixie/report.hpp"

namespace nixie {

/// Evidence as Postfix words it, which all parts but the last may miss: "<user@example.com>: host mx.example.com said:
/// 550 5.1.1 User unknown". Address, remote host, reply code and status are taken from it; the rest is the diagnostic.
/// The command answered is read from that too, and "(delayed)" at the end is the action.
Evidence example_evidence(std::string_view example);

} // namespace nixie
