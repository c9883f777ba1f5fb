#include "mailbox/imap/command.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/text.hpp"
#include "mailbox/imap/names.hpp"

namespace nixie {
namespace {

struct CodeMeaning {
    std::string_view code;
    ErrorCode error;
    std::string_view remedy;
};

/// RFC 5530 section 3, RFC 3501 section 7.1, RFC 9208 (OVERQUOTA).
constexpr std::array<CodeMeaning, 17> meanings{{
    {"UNAVAILABLE", ErrorCode::unavailable, "a part of the server is down; try again later"},
    {"AUTHENTICATIONFAILED", ErrorCode::refused_login, "check user name and password"},
    {"AUTHORIZATIONFAILED", ErrorCode::refused_login, "the user may not act for this mailbox; check the user name"},
    {"EXPIRED", ErrorCode::refused_login, "the password has expired; set a new one"},
    {"PRIVACYREQUIRED", ErrorCode::config, "the server wants TLS; use imaps:// or STARTTLS"},
    {"CONTACTADMIN", ErrorCode::refused, "ask the server's administrator"},
    {"NOPERM", ErrorCode::refused, "give the user the right to do this in this folder"},
    {"INUSE", ErrorCode::unavailable, "another session holds the mailbox; try again later"},
    {"EXPUNGEISSUED", ErrorCode::refused, "another session removed messages meanwhile; try again"},
    {"CORRUPTION", ErrorCode::unavailable, "the mailbox is damaged; ask the server's administrator"},
    {"SERVERBUG", ErrorCode::unavailable, "the server's log says more"},
    {"CLIENTBUG", ErrorCode::protocol, "report this as a bug, with the server's name"},
    {"CANNOT", ErrorCode::refused, "the server never allows this; choose another folder name"},
    {"LIMIT", ErrorCode::refused, "a limit of the server is reached; raise it there"},
    {"OVERQUOTA", ErrorCode::refused, "make room in the mailbox or raise its quota"},
    {"NONEXISTENT", ErrorCode::refused, "check the folder's name"},
    {"TRYCREATE", ErrorCode::refused, "create the folder"},
}};

} // namespace

ImapCommand& ImapCommand::text(std::string_view text) {
    pieces_.back() += text;
    return *this;
}

ImapCommand& ImapCommand::string(std::string_view value) {
    if (is_quotable(value)) return text(quote(value));
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

Error refusal(const ImapCommand& command, const ImapResponse& answer) {
    assert(answer.name != "OK");
    std::string what = "the server refuses " + command.verb() + ": " + answer.name;
    if (!answer.code.empty()) what += " [" + answer.code + "]";
    if (!answer.text.empty()) what += " " + fold_space(to_valid_utf8(answer.text));
    while (what.ends_with('.')) what.pop_back(); // the remedy follows in the same sentence
    const auto meaning =
        std::find_if(meanings.begin(), meanings.end(), [&](const auto& row) { return row.code == answer.code; });
    if (meaning != meanings.end()) return {meaning->error, what, {}, std::string(meaning->remedy)};
    return {answer.name == "BAD" ? ErrorCode::protocol : ErrorCode::refused, what};
}

} // namespace nixie
