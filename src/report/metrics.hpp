// The journal's figures in Prometheus' text format.
#pragma once

#include <string>
#include <vector>

#include "nixie/time.hpp"
#include "store/figures.hpp"

namespace nixie {

/// Version 0.0.4 of the format, which every scraper reads. Only of `mailboxes`, those configured, so that the number of series is
/// bounded by the configuration: kinds and causes that did not occur are told as 0, types and categories are left out.
std::string metrics_text(const Figures& figures, const std::vector<std::string>& mailboxes, Time now);

} // namespace nixie
