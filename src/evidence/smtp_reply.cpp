#include "evidence/smtp_reply.hpp"

#include <algorithm>
#include <array>

#include "evidence/pattern.hpp"

namespace nixie {
namespace {

Pattern made(const std::string& text) { return Pattern::compile(text).value(); }

const std::string status_code = R"((?P<status>[45]\.[0-9]{1,3}\.[0-9]{1,3})(?:$|[^0-9.]|\.(?:$|[^0-9])))";

/// A reply code with its enhanced status right behind it is the surest reading.
const Pattern& whole_reply() {
    static const Pattern pattern = made(R"((?:^|[^0-9.])(?P<code>[45][0-9][0-9])[\s-]*['"#(\[]*)" + status_code);
    return pattern;
}

/// No part of an address or a version such as 5.0.2195.6713.
const Pattern& status_alone() {
    static const Pattern pattern = made(R"((?:^|[^0-9.a-z])\(?)" + status_code);
    return pattern;
}

/// From the likeliest place of a reply code to the least.
const std::array<Pattern, 3>& code_alone() {
    static const std::array<Pattern, 3> patterns{
        made(
            R"((?:^\W{0,4}|said:?\s+|says:?\s+|<<<\s*|replied:?\s+|responded(?:\s+with)?:?\s+|returned:?\s+)"
            R"(|response:?\s+|reply:?\s+|error:?\s+|code:?\s+|status:?\s+)(?P<code>[45][0-57][0-9])(?:$|[\s:,.;)'"-]))"),
        made(R"((?:[:;'"(\[<#/-]\s*)(?P<code>[45][0-57][0-9])(?:[\s-]+[^\s0-9]|[)'"\]]))"),
        made(R"(\s(?P<code>4[25][0-9]|5[0235][0-9])[\s-]+[#<("']?[a-z])"),
    };
    return patterns;
}

constexpr bool is_reply_digit(char c) { return c >= '0' && c <= '9'; }

/// "5.1", at the front of `text`.
bool starts_status(std::string_view text) {
    return text.size() > 2 && (text[0] == '4' || text[0] == '5') && text[1] == '.' && is_reply_digit(text[2]);
}

/// Which numbers look like part of a reply: most text holds none, and to see that takes no pattern.
struct Numbers {
    bool code = false;   ///< "550"
    bool status = false; ///< "5.1"
    bool whole = false;  ///< the one behind the other

    explicit Numbers(std::string_view text) {
        for (std::size_t i = 0; i + 2 < text.size(); ++i) {
            if ((text[i] != '4' && text[i] != '5') || !is_reply_digit(text[i + 2])) continue;
            status = status || text[i + 1] == '.';
            if (!is_reply_digit(text[i + 1])) continue;
            code = true;
            whole = whole || status_follows(text.substr(i + 3));
        }
    }

  private:
    static bool status_follows(std::string_view text) {
        text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\f-"), text.size()));
        text.remove_prefix(std::min(text.find_first_not_of("'\"#(["), text.size()));
        return starts_status(text);
    }
};

} // namespace

SmtpReply find_reply(std::string_view text) {
    const Numbers numbers(text);
    Groups groups;
    if (numbers.whole && whole_reply().match(text, groups))
        return {std::string(groups[Group::code]), std::string(groups[Group::status]), true};
    SmtpReply out;
    if (numbers.status && status_alone().match(text, groups)) out.status = groups[Group::status];
    if (!numbers.code) return out;
    for (const auto& pattern : code_alone())
        if (pattern.match(text, groups)) {
            out.code = groups[Group::code];
            break;
        }
    return out;
}

std::string find_status(std::string_view text) {
    static const Pattern pattern =
        made(R"((?:^|[^0-9.])(?P<status>[245]\.[0-9]{1,3}\.[0-9]{1,3})(?:$|[^0-9.]|\.(?:$|[^0-9])))");
    Groups groups;
    return pattern.match(text, groups) ? std::string(groups[Group::status]) : std::string();
}

bool is_generic(std::string_view status) { return status.empty() || status.ends_with(".0.0"); }

} // namespace nixie
