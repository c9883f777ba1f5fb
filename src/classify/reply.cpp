#include "classify/reply.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/text.hpp"

namespace nixie {
namespace {

struct Prefix {
    std::string_view code, status;
    std::string_view rest; ///< after it
};

constexpr bool is_code_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_class_digit(char c) { return c == '2' || c == '4' || c == '5'; }

/// Length of the enhanced status code at the front of `text`, 0 if there is none.
std::size_t status_length(std::string_view text) {
    constexpr std::size_t most_digits = 3;
    if (text.empty() || !is_class_digit(text.front())) return 0;
    std::size_t at = 1;
    for (int numbers = 0; numbers < 2; ++numbers) {
        if (at >= text.size() || text[at] != '.') return 0;
        const auto begin = ++at;
        while (at < text.size() && at - begin < most_digits && is_code_digit(text[at])) ++at;
        if (at == begin) return 0;
    }
    return at;
}

/// A reply code of `text` and where it is, looking no further than the first one: at its beginning or behind a blank or a mark,
/// with a blank or a hyphen after it, and maybe a status.
bool find_prefix(std::string_view text, std::size_t& begin, Prefix& out) {
    constexpr std::string_view before = " ;:'\"";
    for (std::size_t at = 0; at + 3 < text.size(); ++at) {
        if (!is_class_digit(text[at]) || !is_code_digit(text[at + 1]) || !is_code_digit(text[at + 2])) continue;
        if (text[at + 3] != '-' && text[at + 3] != ' ') continue;
        if (at > 0 && before.find(text[at - 1]) == std::string_view::npos) continue;
        begin = at;
        out.code = text.substr(at, 3);
        out.status = {};
        out.rest = text.substr(at + 4);
        const auto status = out.rest.substr(out.rest.starts_with('#') ? 1 : 0);
        if (const auto length = status_length(status); length > 0) {
            out.status = status.substr(0, length);
            out.rest = status.substr(length);
            if (out.rest.starts_with(' ')) out.rest.remove_prefix(1);
        }
        return true;
    }
    return false;
}

std::string join_lines(std::string_view diagnostic) {
    std::string out;
    std::size_t begin = 0;
    Prefix first;
    if (!find_prefix(diagnostic, begin, first)) return std::string(diagnostic);
    out.assign(diagnostic.substr(0, diagnostic.size() - first.rest.size()));

    std::string_view rest = first.rest;
    Prefix next;
    while (find_prefix(rest, begin, next)) {
        const bool continues = next.code == first.code && next.status == first.status;
        out += continues ? rest.substr(0, begin) : rest.substr(0, rest.size() - next.rest.size());
        rest = next.rest;
    }
    return out += rest;
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// `domain` and the hosts in it become a name that says nothing. Those in a URL stay, as pages are named for what they tell.
std::string without_names_in(std::string_view domain, std::string text) {
    constexpr std::string_view nobody = "x.y";
    constexpr std::size_t longest_name = 253; // RFC 1035
    if (domain.find('.') == std::string_view::npos) return text;
    const std::string lower = to_lower(text);
    const std::string wanted = to_lower(domain);
    const auto goes_on = [&](std::size_t at) { return at < text.size() && is_name_character(text[at]); };
    std::string out;
    std::size_t kept = 0; // all before it is in `out`
    for (auto at = lower.find(wanted); at != std::string::npos; at = lower.find(wanted, at + wanted.size())) {
        const auto end = at + wanted.size();
        auto begin = at;
        while (begin > kept && at - begin < longest_name &&
               (is_name_character(text[begin - 1]) || text[begin - 1] == '.'))
            --begin;
        const char before = begin > 0 ? text[begin - 1] : ' ';
        const bool is_part = begin < at && text[at - 1] != '.';
        const bool is_longer = goes_on(end) || (end < text.size() && text[end] == '.' && goes_on(end + 1));
        const bool is_in_url = before == '/' || (end < text.size() && text[end] == '/');
        if (is_part || is_longer || is_in_url) continue;
        out.append(text, kept, begin - kept).append(nobody);
        kept = end;
    }
    return kept == 0 ? text : out.append(text, kept, std::string::npos);
}

/// Whatever stands around an at sign, up to white space or a mark that is in no address, becomes the sign.
std::string without_addresses(std::string text) {
    constexpr std::string_view around = " \t\n\f\r<>()[]\"',;:";
    if (text.find('@') == std::string::npos) return text;
    std::string out;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find_first_of(around, begin), text.size());
        const auto run = std::string_view(text).substr(begin, end - begin);
        const auto sign = run.find('@', 1);
        if (sign != std::string_view::npos && sign + 1 < run.size())
            out += '@';
        else
            out += run;
        if (end < text.size()) out += text[end];
        begin = end + 1;
    }
    return out;
}

} // namespace

std::string words_of(std::string_view diagnostic, std::string_view domain) {
    static const RE2 host(
        R"((^|: )host \S+(?: ?\[[^\]]*\](?: said:)?| said:) |SMTP error from remote(?: mail)? server )");
    static const RE2 peer(R"(\bconnect to [^\s\[]+)");
    static const RE2 gateway(R"(\b[45]\.\d\.\d - (?:Unknown address error|Other mail system problem) ([245]\d\d[- ]))");
    std::string out = without_addresses(join_lines(diagnostic));
    // RE2 takes long to see that there is nothing.
    const auto holds = [&](std::string_view text) { return out.find(text) != std::string::npos; };
    if (holds("host ") || holds("SMTP error from remote")) RE2::GlobalReplace(&out, host, "\\1");
    if (holds("connect to ")) RE2::GlobalReplace(&out, peer, "connect to ");
    if (holds(" - Unknown ") || holds(" - Other ")) RE2::Replace(&out, gateway, "\\1");
    return without_names_in(domain, std::move(out));
}

} // namespace nixie
