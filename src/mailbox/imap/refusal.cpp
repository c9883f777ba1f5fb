#include "mailbox/imap/refusal.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "mailbox/server_wait.hpp"

namespace nixie {
namespace {

using std::chrono::minutes;

struct Consequence {
    std::string_view sign; ///< the response code, or words in small letters
    ErrorCode error;
    Duration wait; ///< zero: the caller's own backoff
    std::string_view remedy;
};

constexpr std::string_view make_room = "make room in the mailbox or raise its quota";
constexpr std::string_view grant_right = "give the user the right to do this in this folder";
constexpr std::string_view log_in_by_hand = "log in once with a web browser, as the server asks";

/// RFC 5530 section 3, RFC 9051 section 7.1, RFC 9208 (OVERQUOTA), RFC 4469 (TOOBIG), RFC 9738 (MESSAGELIMIT); THROTTLED
/// and WEBALERT are Google's.
constexpr std::array<Consequence, 23> by_code{{
    {"UNAVAILABLE", ErrorCode::unavailable, {}, "a part of the server is down; try again later"},
    {"AUTHENTICATIONFAILED", ErrorCode::refused_login, {}, "check user name and password"},
    {"AUTHORIZATIONFAILED", ErrorCode::refused_login, {}, "the user may not act for this mailbox; check the user name"},
    {"EXPIRED", ErrorCode::refused_login, {}, "the password has expired; set a new one"},
    {"WEBALERT", ErrorCode::refused_login, {}, log_in_by_hand},
    {"PRIVACYREQUIRED", ErrorCode::config, {}, "the server wants TLS; use imaps:// or STARTTLS"},
    {"CONTACTADMIN", ErrorCode::refused, {}, "ask the server's administrator"},
    {"NOPERM", ErrorCode::forbidden, {}, grant_right},
    {"READ-ONLY", ErrorCode::forbidden, {}, grant_right},
    {"INUSE", ErrorCode::unavailable, minutes(1), "another session holds the mailbox; try again later"},
    {"EXPUNGEISSUED", ErrorCode::refused, {}, "another session removed messages meanwhile; try again"},
    {"CORRUPTION", ErrorCode::unavailable, minutes(10), "the mailbox is damaged; ask the server's administrator"},
    {"SERVERBUG", ErrorCode::refused, {}, "the server's log says more"},
    {"CLIENTBUG", ErrorCode::protocol, {}, "report this as a bug, with the server's name"},
    {"CANNOT", ErrorCode::refused, {}, "the server never allows this; choose another folder name"},
    {"LIMIT", ErrorCode::refused, minutes(15), "a limit of the server is reached; raise it there"},
    {"MESSAGELIMIT", ErrorCode::refused, {}, "the server takes fewer messages at once"},
    {"THROTTLED", ErrorCode::unavailable, minutes(5), "the server is asked too much; poll less often"},
    {"OVERQUOTA", ErrorCode::no_room, minutes(15), make_room},
    {"TOOBIG", ErrorCode::refused, {}, "the message is larger than the server takes"},
    {"ALREADYEXISTS", ErrorCode::refused, {}, "choose another folder name"},
    {"NONEXISTENT", ErrorCode::refused, {}, "check the folder's name"},
    {"TRYCREATE", ErrorCode::refused, {}, "create the folder"},
}};

/// Servers older than RFC 5530, and those that ignore it.
constexpr std::array<Consequence, 11> by_words{{
    // Exchange: the login went well, the mailbox behind it is not there (or never was, for a wrong user name).
    {"authenticated but not connected", ErrorCode::unavailable, minutes(1),
     "the server has lost the mailbox; it may come back by itself, else check the user name"},
    {"server unavailable", ErrorCode::unavailable, {}, "try again later"},
    {"received in invalid state", ErrorCode::unavailable, {}, "the server has dropped the session; try again"},
    {"is throttled", ErrorCode::unavailable, minutes(5), "the server is asked too much; poll less often"},
    {"bandwidth limit", ErrorCode::unavailable, minutes(60), "the account's limit for a day is reached; wait"},
    {"over quota", ErrorCode::no_room, minutes(15), make_room},
    {"quota exceeded", ErrorCode::no_room, minutes(15), make_room},
    {"exceeds quota", ErrorCode::no_room, minutes(15), make_room},
    {"permission denied", ErrorCode::forbidden, {}, grant_right},
    {"access denied", ErrorCode::forbidden, {}, grant_right},
    {"read-only", ErrorCode::forbidden, {}, grant_right},
}};

const Consequence* consequence_of(const ImapResponse& answer) {
    const auto code =
        std::find_if(by_code.begin(), by_code.end(), [&](const auto& row) { return row.sign == answer.code; });
    if (code != by_code.end()) return &*code;
    const std::string text = to_lower(answer.text);
    const auto words = std::find_if(by_words.begin(), by_words.end(),
                                    [&](const auto& row) { return text.find(row.sign) != std::string::npos; });
    return words == by_words.end() ? nullptr : &*words;
}

/// Gmail says OVERQUOTA also for the bytes of a day, to commands that store nothing.
bool stores_something(const ImapCommand& command) {
    constexpr std::array<std::string_view, 5> verbs{"UID MOVE", "UID COPY", "APPEND", "CREATE", "UID STORE"};
    return std::find(verbs.begin(), verbs.end(), command.verb()) != verbs.end();
}

std::string in_words(const ImapResponse& answer) {
    std::string words = answer.name;
    if (!answer.code.empty()) words += " [" + answer.code + "]";
    if (!answer.text.empty()) words += " " + fold_space(to_valid_utf8(answer.text));
    while (words.ends_with('.')) words.pop_back(); // the remedy follows in the same sentence
    return words;
}

void draw(Error& error, const ImapResponse& answer) {
    if (const Consequence* const known = consequence_of(answer)) {
        error.code = known->error;
        error.remedy = known->remedy;
        if (known->wait > Duration::zero()) error.wait = known->wait;
    }
    // The server's own number counts more than what is usual.
    if (const auto told = server_wait(answer.text)) {
        error.wait = told;
        if (error.code == ErrorCode::protocol) error.code = ErrorCode::unavailable; // Exchange throttles with BAD
    }
}

} // namespace

Error refusal(const ImapCommand& command, const ImapResponse& answer) {
    assert(answer.name != "OK");
    Error error{answer.name == "BAD" ? ErrorCode::protocol : ErrorCode::refused,
                "the server refuses " + command.verb() + ": " + in_words(answer)};
    draw(error, answer);
    if (error.code == ErrorCode::no_room && !stores_something(command)) {
        error.code = ErrorCode::unavailable;
        error.remedy = "a limit of the account is reached; wait";
        if (!server_wait(answer.text)) error.wait = minutes(60);
    }
    return error;
}

Error farewell(const ImapResponse& bye) {
    ImapResponse said = bye;
    said.name.clear();
    Error error{ErrorCode::unavailable, "the server ends the session: " + std::string(trim(in_words(said)))};
    draw(error, bye);
    // Whatever was refused, the connection is gone.
    if (error.code != ErrorCode::refused_login && error.code != ErrorCode::config) error.code = ErrorCode::unavailable;
    return error;
}

} // namespace nixie
