// Bounce rates in words, beside the marks at which they are too high.
#pragma once

#include <string>

#include "nixie/sender.hpp"
#include "store/summary.hpp"

namespace nixie {

/// What was sent in a span, as far as told, and what bounced in it.
Tally rated(const SpanTotals& totals);
/// The same of one domain.
Tally rated(const GroupCount& group);
/// Of 100 messages; 0 where nothing was sent as far as told.
double rate_percent(const Tally& tally);
/// "2.1 %", or "-" where nothing was sent as far as told.
std::string rate_text(const Tally& tally);
/// "above the aim of 2 %"; empty where nothing was sent as far as told.
std::string level_text(const Tally& tally, const SenderPolicy& policy);

} // namespace nixie
