// A likely intended address for one whose domain looks like a slip of the pen: a hint for people, never acted upon.
#pragma once

#include <string>
#include <string_view>

#include "nixie/taxonomy.hpp"

namespace nixie {

/// The same local part at the large provider (conf/typos) whose domain is nearest to that of `address`: one slip away
/// (a letter too much, too few, another, or two swapped), or two in a long name that does not exist.
/// Empty if none is near, if the domain is itself a known one, or if `reason` says neither that the domain takes no mail
/// nor that there is no such mailbox. Never throws; thread-safe.
std::string suggest_address(std::string_view address, Reason reason);

} // namespace nixie
