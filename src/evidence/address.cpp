#include "evidence/address.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t longest_local = 255; // RFC 5321 says 64; VERP and gateways go beyond
constexpr std::size_t longest_domain = 255;
constexpr std::size_t longest_type = 20; // "rfc822", "x-postfix"

constexpr std::array<std::string_view, 9> reporters{"mailer-daemon", "postmaster", "mailerdaemon",
                                                    "mail-daemon",   "maildaemon", "mailer_daemon",
                                                    "mdaemon",       "abuse",      "microsoftexchange"};

constexpr bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool is_domain(char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; }

constexpr std::array<bool, 256> local_table = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = is_alnum(static_cast<char>(i)) ||
                   std::string_view("!#$%&'*+/=?^_`{|}~.-").find(static_cast<char>(i)) != std::string_view::npos;
    return table;
}();
bool is_local(char c) { return local_table[static_cast<unsigned char>(c)]; }
bool is_quotable(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '@'; }

/// Punctuation of other scripts, which stands around addresses and never in them: Latin-1's signs, Arabic commas, general,
/// CJK and full-width punctuation. Its first two bytes tell.
bool is_in_foreign_punctuation(std::string_view text, std::size_t i) {
    constexpr std::array<std::string_view, 6> signs{"\xC2", "\xD8\x8C", "\xD8\x9B", "\xE2\x80", "\xE3\x80", "\xEF\xBC"};
    return std::any_of(signs.begin(), signs.end(),
                       [&](std::string_view sign) { return text.substr(i).starts_with(sign); });
}

bool is_foreign_punctuation(std::string_view text, std::size_t i) {
    return static_cast<unsigned char>(text[i]) >= 0xC2 && i + 1 < text.size() && is_in_foreign_punctuation(text, i);
}

/// Begin of the local part that ends before `at`.
std::size_t local_begin(std::string_view text, std::size_t at) {
    if (at > 1 && text[at - 1] == '"') {
        std::size_t open = at - 1;
        while (open > 0 && at - open < longest_local && is_quotable(text[open - 1])) --open;
        return open > 0 && text[open - 1] == '"' ? open - 1 : at;
    }
    std::size_t begin = at;
    while (begin > 0 && at - begin <= longest_local && is_local(text[begin - 1])) --begin;
    if (at - begin > longest_local) return at;
    for (std::size_t i = begin; i < at; ++i)
        if (is_foreign_punctuation(text, i)) begin = std::min(at, i + (text[i] == '\xC2' || text[i] == '\xD8' ? 2 : 3));
    // Quotes and bullets around an address; none of them begins a real one.
    while (begin < at && std::string_view("'`*|.,/&#").find(text[begin]) != std::string_view::npos) ++begin;
    return begin;
}

std::size_t domain_end(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    if (end < text.size() && text[end] == '[') {
        const auto close = text.find_first_not_of("0123456789abcdefABCDEFIPvIPV6:.", end + 1);
        return close == std::string_view::npos || text[close] != ']' ? end : close + 1;
    }
    while (end < text.size() && end - at <= longest_domain && is_domain(text[end])) {
        // "user@example.org...Relaying denied"
        if (text[end] == '.' && (end + 1 == text.size() || !is_alnum(text[end + 1]))) break;
        if (is_foreign_punctuation(text, end)) break;
        ++end;
    }
    if (end - at > longest_domain) return at + 1;
    while (end > at + 1 && (text[end - 1] == '-' || text[end - 1] == '_')) --end;
    return end;
}

} // namespace

std::string address_at(std::string_view text, std::size_t at) {
    const auto begin = local_begin(text, at);
    const auto end = domain_end(text, at);
    if (begin == at || end == at + 1 || text[at + 1] == '.') return {};
    if (end < text.size() && text[end] == '@') return {}; // "@relay,@other:user@host", "a@b@c"
    return std::string(text.substr(begin, at + 1 - begin)) + to_lower(text.substr(at + 1, end - at - 1));
}

std::vector<std::string> addresses_in(std::string_view text) {
    std::vector<std::string> out;
    std::unordered_set<std::string> known;
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        auto address = address_at(text, at);
        if (!address.empty() && known.insert(address).second) out.push_back(std::move(address));
    }
    return out;
}

std::string clean_address(std::string_view text) {
    std::string first;
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        auto address = address_at(text, at);
        if (address.empty()) continue;
        // An address in brackets is meant, whatever a display name looks like.
        const auto begin = at - address.find('@');
        if (begin > 0 && text[begin - 1] == '<') return address;
        if (first.empty()) first = std::move(address);
    }
    return first;
}

std::string_view without_type(std::string_view field) {
    const auto value = trim(field);
    const auto semicolon = value.find(';');
    if (semicolon == std::string_view::npos || semicolon == 0 || semicolon > longest_type) return value;
    if (trim(value.substr(0, semicolon)).find_first_of(" \t<(\"@:") != std::string_view::npos) return value;
    return trim(value.substr(semicolon + 1));
}

std::string clean_recipient(std::string_view field) {
    field = without_type(field);
    if (field.find('@') != std::string_view::npos)
        if (auto address = clean_address(field); !address.empty()) return address;
    field = trim(field.substr(0, field.find_first_of(" \t(;,")));
    while (!field.empty() && std::string_view("<>\"'.").find(field.front()) != std::string_view::npos)
        field.remove_prefix(1);
    while (!field.empty() && std::string_view("<>\"'.").find(field.back()) != std::string_view::npos)
        field.remove_suffix(1);
    const bool usable = field.size() <= longest_local && std::all_of(field.begin(), field.end(), is_local);
    return usable ? std::string(field) : std::string();
}

bool is_reporter(std::string_view address) {
    const auto local = address.substr(0, address.find('@'));
    return std::any_of(reporters.begin(), reporters.end(), [&](std::string_view reporter) {
        // microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@…
        return starts_with_ignoring_case(local, reporter) &&
               (local.size() == reporter.size() || reporter.front() == 'm');
    });
}

std::string decode_xtext(std::string_view text) {
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '+' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        const int code = escape ? digit(text[i + 1]) * 16 + digit(text[i + 2]) : 0;
        // Only what xtext must encode; "user+20@example.org" is a tagged address that nobody encoded.
        if (escape && (code == '+' || code == '=' || code == '@')) {
            out += static_cast<char>(code);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string list_of(std::string_view address) {
    constexpr std::array<std::string_view, 4> offices{"-owner", "-bounces", "-request", "-admin"};
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return {};
    const auto local = address.substr(0, at);
    if (starts_with_ignoring_case(local, "owner-") && local.size() > 6) return std::string(address.substr(6));
    for (const auto office : offices)
        if (local.size() > office.size() && equals_ignoring_case(local.substr(local.size() - office.size()), office))
            return std::string(local.substr(0, local.size() - office.size())) + std::string(address.substr(at));
    return {};
}

} // namespace nixie
