// The journal's figures for a terminal and for programs.
#pragma once

#include <string>

#include "report/columns.hpp"
#include "report/page/page.hpp"

namespace nixie {

/// Tables with small bars, at most `columns` wide.
std::string summary_text(const Summary& summary, const ReportContext& context, std::size_t columns);
/// One JSON object, times in UTC.
std::string summary_json(const Summary& summary, const ReportContext& context);

} // namespace nixie
