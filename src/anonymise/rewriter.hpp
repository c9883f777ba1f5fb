// A whole message rewritten, in one pass over its lines.
#pragma once

#include <string>
#include <string_view>

#include "anonymise/scrubber.hpp"
#include "nixie/message.hpp"

namespace nixie {

/// The message with every header field and body rewritten; its parts and the ends of its lines stay as they are.
std::string rewrite_message(std::string_view bytes, const Limits& limits, Scrubber& scrubber);

} // namespace nixie
