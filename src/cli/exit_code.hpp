// The codes of sysexits.h for what can go wrong.
#pragma once

#include "nixie/result.hpp"

namespace nixie {

int exit_code(ErrorCode code);

/// Prints "nixie: <error>" on standard error and answers its exit code.
int fail(const Error& error);

} // namespace nixie
