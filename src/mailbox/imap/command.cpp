#include "mailbox/imap/command.hpp"

#include "mailbox/imap/names.hpp"

namespace nixie {
ImapCommand& ImapCommand::text(std::string_view text) {
    pieces_.back() += text;
    return *this;
}

ImapCommand& ImapCommand::string(std::string_view value) {
    return is_quotable(value) ? text(quote(value)) : literal(value);
}

ImapCommand& ImapCommand::literal(std::string_view value) {
    pieces_.emplace_back(value);
    pieces_.emplace_back();
    return *this;
}

std::string ImapCommand::verb() const {
    const std::string_view text = pieces_.front();
    auto end = text.find(' ');
    if (text.substr(0, end) == "UID") end = text.find(' ', end + 1);
    return std::string(text.substr(0, end));
}

std::size_t ImapCommand::size() const {
    std::size_t size = 0;
    for (const auto& piece : pieces_) size += piece.size();
    return size;
}

} // namespace nixie
