#include "mailbox/imap/append.hpp"

#include "base/text.hpp"
#include "mailbox/imap/dates.hpp"
#include "mailbox/imap/names.hpp"

namespace nixie {
namespace {

/// RFC 3501 section 4.3.1: a literal may hold any octet but NUL, and messages end their lines with CR LF.
std::string as_literal(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 32);
    std::string_view line;
    for (std::string_view rest = bytes; next_line(rest, line);) {
        for (const char c : line)
            if (c != '\0') out += c;
        out += "\r\n";
    }
    return out;
}

} // namespace

Result<void> append_message(ImapSession& session, const std::string& folder, std::string_view bytes,
                            std::string_view flags, std::optional<Time> arrived) {
    ImapCommand command("APPEND ");
    command.string(folder).text(" (").text(flags).text(") ");
    if (arrived) command.text(quote(imap_date_time(*arrived))).text(" ");
    const auto appended = session.require(command.literal(as_literal(bytes)));
    return appended ? Result<void>{} : Result<void>(appended.error());
}

} // namespace nixie
