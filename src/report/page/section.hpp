// What the sections of the page have in common.
#pragma once

#include <string>
#include <string_view>

#include "nixie/time.hpp"

namespace nixie {

/// "2026-11-21", UTC.
std::string page_day(Time time);
/// Heading and note are ours, the body is HTML.
std::string section(std::string_view title, std::string_view note, const std::string& body);

} // namespace nixie
