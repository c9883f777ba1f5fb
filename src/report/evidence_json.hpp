// One recipient of a report as JSON; for the files of this room.
#pragma once

#include <nlohmann/json.hpp>

#include "nixie/report.hpp"
#include "nixie/verdict.hpp"

namespace nixie {

/// Whether a verdict says something: nobody failed to get what an automatic reply answers.
bool has_verdicts(Kind kind);
nlohmann::ordered_json evidence_json(Kind kind, const Evidence& evidence, const Verdict& verdict);

} // namespace nixie
