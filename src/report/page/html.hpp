// HTML from text that may be anyone's.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// Text as text, between tags and in quoted attributes: markup is escaped, control characters and those that turn the direction of
/// writing around become U+FFFD.
std::string html(std::string_view text);

} // namespace nixie
