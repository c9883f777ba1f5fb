// The SMTP command that a quoted reply answers, as reports tell it.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// The command in the words of Evidence::command, from any way to write it ("RCPT TO", "end of data", "TEXT");
/// empty if it is none of those.
std::string normal_command(std::string_view written);
/// The command that the first failure in `text` answers, in the words of Evidence::command; empty if `text` does not tell.
std::string find_command(std::string_view text);

} // namespace nixie
