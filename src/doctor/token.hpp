// The token with which a mailbox is logged in to.
#pragma once

#include "doctor/finding.hpp"
#include "doctor/visit.hpp"

namespace nixie {

/// How old what is kept is, until when it serves, and whether it is renewed by itself; nothing where no tokens are used.
Findings check_token(const Visit& visit);

} // namespace nixie
