#include "evidence/verp_shapes.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "evidence/address.hpp"

namespace nixie {
namespace {

/// Looks into the address that was asked about.
struct ReturnPath {
    std::string_view local;
    std::string_view domain;
};

/// Each forwarder may wrap once more; longer chains are no mail that anybody sent.
constexpr int most_wrappers = 4;

/// Up to the next `mark`, which is dropped; all of it where there is none.
std::string_view take_until(std::string_view& rest, char mark) {
    const auto end = std::min(rest.find(mark), rest.size());
    const auto field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return field;
}

/// "HHH=TT=example.com=local": hash, day, and the address that the first forwarder got.
ReturnPath read_srs(std::string_view body) {
    take_until(body, '=');
    take_until(body, '=');
    const auto domain = take_until(body, '=');
    return {body, domain};
}

/// draft-levine-smtp-batv: a key's digit, three of the day, six of the hash.
bool is_batv_tag(std::string_view text) {
    constexpr std::size_t digits = 10;
    return text.size() == digits && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// "TAG=local" as drafts have it since 2006, "local=TAG" as before.
ReturnPath read_batv(std::string_view body, std::string_view domain) {
    const auto first = body.find('=');
    const auto last = body.rfind('=');
    if (first == std::string_view::npos) return {};
    if (is_batv_tag(body.substr(0, first))) return {body.substr(first + 1), domain};
    return is_batv_tag(body.substr(last + 1)) ? ReturnPath{body.substr(0, last), domain} : ReturnPath{};
}

/// The address inside, empty if it is lost; nothing where there is no wrapper.
std::optional<ReturnPath> unwrap(ReturnPath path) {
    auto body = path.local;
    const auto is_srs = [&](std::string_view lead) {
        return starts_with_ignoring_case(body, lead) && body.size() > lead.size() &&
               std::string_view("=+-").find(body[lead.size()]) != std::string_view::npos;
    };
    if (is_srs("SRS0")) return read_srs(body.substr(5));
    if (is_srs("SRS1")) {
        // "SRS1=HHH=first.example=" and what stood behind that forwarder's "SRS0", its separator too.
        body.remove_prefix(5);
        take_until(body, '=');
        take_until(body, '=');
        return body.empty() ? ReturnPath{} : read_srs(body.substr(1));
    }
    // Exchange Online: "user+SRS=HHH=TT=example.com=local", and "bounces+SRS=HHH=TT", which tells nothing.
    for (auto plus = body.find('+'); plus != std::string_view::npos; plus = body.find('+', plus + 1))
        if (starts_with_ignoring_case(body.substr(plus), "+SRS=")) return read_srs(body.substr(plus + 5));
    if (starts_with_ignoring_case(body, "prvs=")) return read_batv(body.substr(5), path.domain);
    // Barracuda's: "btv1==TAG==local".
    if (starts_with_ignoring_case(body, "btv1==")) {
        const auto end = body.find("==", 6);
        return end == std::string_view::npos ? ReturnPath{} : ReturnPath{body.substr(end + 2), path.domain};
    }
    return std::nullopt;
}

/// What stands between a list's name and the recipient.
bool is_office(std::string_view token, bool is_first) {
    constexpr std::array<std::string_view, 6> offices{"bounce", "bounces", "return", "errors", "verp", "sentto"};
    if (equals_ignoring_case(token, "owner")) return !is_first; // "owner-list-…": the list's name comes behind it
    return std::any_of(offices.begin(), offices.end(),
                       [&](std::string_view office) { return equals_ignoring_case(token, office); });
}

/// What senders put before the recipient, behind an office and its delimiter. '#' stands for decimal digits, '%' for
/// hexadecimal ones, '*' for anything up to the sign that follows; other signs for themselves.
struct NumberShape {
    char delimiter;
    std::string_view shape;
};
constexpr std::array<NumberShape, 8> number_shapes{{
    {'+', "v1.*.*.*.*."}, // nixie's own, verp/return_path.hpp
    {'+', "#-%-"},        // SendGrid
    {'+', "%.%-"},        // Mailgun
    {'-', "mc.*-"},       // Mailchimp
    {'-', "warn-#.*-"},   // ezmlm
    {'-', "probe-#.*-"},  // ezmlm
    {'-', "#-#-#-"},      // Yahoo Groups
    {'-', "#-"},          // ezmlm, Brevo
}};

/// How much of the front of `text` has that shape; 0: it has another.
std::size_t matched(std::string_view shape, std::string_view text) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        auto end = at + 1;
        if (shape[i] == '#') end = std::min(text.find_first_not_of("0123456789", at), text.size());
        if (shape[i] == '%') end = std::min(text.find_first_not_of("0123456789abcdefABCDEF", at), text.size());
        if (shape[i] == '*') end = text.find(shape[i + 1], at);
        const bool is_class = shape[i] == '#' || shape[i] == '%';
        const bool is_sign = !is_class && shape[i] != '*';
        if (end > text.size() || (is_class && end == at) || (is_sign && text[at] != shape[i])) return 0;
        at = end;
    }
    return at;
}

/// Of what stands behind an office. Empty: nobody can tell.
std::string_view behind_office(std::string_view rest, char delimiter, bool office_is_first) {
    for (const auto& [shape_delimiter, shape] : number_shapes) {
        if (shape_delimiter != delimiter) continue;
        const auto length = matched(shape, rest);
        if (length == 0) continue;
        // "dee.abe-" may be a name.
        const bool is_number = rest.substr(0, length).find_first_of("0123456789") != std::string_view::npos;
        return is_number ? rest.substr(length) : std::string_view{};
    }
    // "bounces+12-user": some sender's number, or a recipient that begins with one.
    if (delimiter == '+' && matched("#-", rest) > 0) return {};
    // "bounce-news-user": "news" may be a mailing, or the beginning of a name.
    const bool has_more = delimiter == '-' && rest.find('-') != std::string_view::npos;
    if (has_more && (office_is_first || is_office(rest.substr(0, rest.find('-')), false))) return {};
    return rest;
}

/// The recipient's local part in what stands before the '='.
std::string_view local_part_in(std::string_view text) {
    std::size_t begin = 0;
    for (auto end = text.find_first_of("+-"); end != std::string_view::npos; end = text.find_first_of("+-", begin)) {
        if (is_office(text.substr(begin, end - begin), begin == 0))
            return behind_office(text.substr(end + 1), text[end], begin == 0);
        begin = end + 1;
    }
    const char delimiter = text.find('+') != std::string_view::npos ? '+' : '-';
    const auto at = text.find(delimiter);
    return at != std::string_view::npos && at == text.rfind(delimiter) ? text.substr(at + 1) : std::string_view{};
}

/// With a name below a top-level domain, which is no number.
bool is_host_name(std::string_view text) {
    const auto dot = text.rfind('.');
    if (dot == std::string_view::npos || dot + 2 >= text.size()) return false;
    return text.find('_') == std::string_view::npos && (text[dot + 1] < '0' || text[dot + 1] > '9');
}

std::string recipient_in(std::string_view local) {
    // Sympa: "bounce+user==a==example.org==list".
    if (const auto at = local.find("==a=="); at != std::string_view::npos) {
        const auto plus = std::min(local.find('+'), at);
        const auto domain = local.substr(at + 5, local.find("==", at + 5) - at - 5);
        return plus == at ? std::string() : verp_address(local.substr(plus + 1, at - plus - 1), domain);
    }
    // Gmail's forwarding: "user+caf_=whom=example.org".
    if (const auto at = local.find("+caf_="); at != std::string_view::npos) {
        local.remove_prefix(at + 6);
        return verp_address(local.substr(0, local.find('=')),
                            local.substr(std::min(local.find('=') + 1, local.size())));
    }
    const auto equals = local.find('=');
    if (equals == std::string_view::npos || equals != local.rfind('=')) return {};
    return verp_address(local_part_in(local.substr(0, equals)), local.substr(equals + 1));
}

/// The innermost address; empty if it is lost or there are too many wrappers.
ReturnPath without_wrappers(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return {};
    ReturnPath path{address.substr(0, at), address.substr(at + 1)};
    for (int i = 0; i < most_wrappers; ++i) {
        const auto inside = unwrap(path);
        if (!inside) return path;
        path = *inside;
    }
    return {};
}

} // namespace

std::string verp_address(std::string_view local, std::string_view domain) {
    if (local.empty() || !is_host_name(domain)) return {};
    const std::string address = std::string(local) + "@" + to_lower(domain);
    return clean_address(address) == address ? address : std::string();
}

std::string verp_recipient(std::string_view address) {
    return address.find('=') == std::string_view::npos ? std::string() : recipient_in(without_wrappers(address).local);
}

std::optional<ReturnPathFacts> read_return_path(std::string_view address, const std::vector<ReturnPathShape>& shapes) {
    const auto path = without_wrappers(address);
    if (path.local.empty()) return std::nullopt;
    const std::string plain = std::string(path.local) + "@" + std::string(path.domain);
    for (const auto& shape : shapes)
        if (auto facts = shape.match(plain)) return facts;
    return std::nullopt;
}

} // namespace nixie
