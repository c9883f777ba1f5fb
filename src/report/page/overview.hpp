// The top of the page, for whoever reads nothing else: what happened in a few sentences, the figures, the bounce rate, what changed.
#pragma once

#include <string>

#include "report/page/page.hpp"

namespace nixie {

std::string page_lead(const Summary& summary, const ReportContext& context);
std::string page_tiles(const Summary& summary, const ReportContext& context);
std::string page_rates(const Summary& summary, const ReportContext& context);
std::string page_changes(const Summary& summary);

} // namespace nixie
