// The states of a recipient and the moves between them, for the documentation.
#pragma once

#include <string>

namespace nixie {

/// As a Mermaid state diagram, made from the table that decide() uses. Triggers that lead from one state to the same other
/// share an arrow; what leaves a state as it is has none.
std::string retry_clock_diagram();

} // namespace nixie
