// SMTP replies quoted in text: reply code (RFC 5321) and enhanced status code (RFC 3463).
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// Code and status may be empty.
struct SmtpReply {
    std::string code;   ///< "550"
    std::string status; ///< "5.1.1"
    bool whole = false; ///< the status stood right behind the code, as a server says it
};

/// The first failure reply in `text`; 4xx and 5xx only.
SmtpReply find_reply(std::string_view text);
/// The first enhanced status code in `text`, class 2, 4 or 5; for Status fields. Empty if there is none.
std::string find_status(std::string_view text);
/// x.0.0, or empty: a status that says no more than its class.
bool is_generic(std::string_view status);

} // namespace nixie
