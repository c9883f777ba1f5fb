#include "classify/reply.hpp"

#include <re2/re2.h>

#include "base/text.hpp"

namespace nixie {
namespace {

struct Prefix {
    std::string_view code, status;
    std::string_view rest; ///< after it
};

/// A reply code of `text` and where it is, looking no further than the first one.
bool find_prefix(std::string_view text, std::size_t& begin, Prefix& out) {
    static const RE2 pattern(R"((?:^|[ ;:'"])([245]\d\d)[- ](?:#?([245]\.\d{1,3}\.\d{1,3})[ ]?)?)");
    const re2::StringPiece input(text.data(), text.size());
    re2::StringPiece groups[3];
    if (!pattern.Match(input, 0, text.size(), RE2::UNANCHORED, groups, 3)) return false;
    begin = static_cast<std::size_t>(groups[1].data() - text.data());
    out.code = {groups[1].data(), groups[1].size()};
    out.status =
        groups[2].data() == nullptr ? std::string_view{} : std::string_view(groups[2].data(), groups[2].size());
    out.rest = text.substr(static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data()));
    return true;
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

} // namespace

std::string words_of(std::string_view diagnostic, std::string_view domain) {
    static const RE2 address(R"([^\s<>()\[\]"',;:]+@[^\s<>()\[\]"',;:]+)");
    static const RE2 host(
        R"((^|: )host \S+(?: ?\[[^\]]*\](?: said:)?| said:) |SMTP error from remote(?: mail)? server )");
    static const RE2 peer(R"(\bconnect to [^\s\[]+)");
    static const RE2 gateway(R"(\b[45]\.\d\.\d - (?:Unknown address error|Other mail system problem) ([245]\d\d[- ]))");
    std::string out = join_lines(diagnostic);
    RE2::GlobalReplace(&out, address, "@");
    RE2::GlobalReplace(&out, host, "\\1");
    RE2::GlobalReplace(&out, peer, "connect to ");
    RE2::Replace(&out, gateway, "\\1");
    return without_names_in(domain, std::move(out));
}

} // namespace nixie
