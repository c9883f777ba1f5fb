#include "anonymise/pseudonyms.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "anonymise/characters.hpp"
#include "anonymise/vocabulary.hpp"
#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t shortest_word = 3;
constexpr std::size_t hosts_per_block = 254;

std::vector<std::string_view> split_labels(std::string_view host) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto dot = host.find('.');
        out.push_back(host.substr(0, dot));
        if (dot == std::string_view::npos) return out;
        host.remove_prefix(dot + 1);
    }
}

/// How many labels at the end make up what somebody registered: "example.com", but "example.co.uk".
std::size_t registered_labels(const std::vector<std::string_view>& labels) {
    constexpr std::array<std::string_view, 10> second{"co", "com", "ac", "or", "ne", "go", "gov", "edu", "org", "net"};
    if (labels.size() < 3 || labels.back().size() != 2) return 2;
    for (const auto word : second)
        if (labels[labels.size() - 2] == word) return 3;
    return 2;
}

/// Hosts with such a word in their names decide what a reply means: the word stays.
std::string_view telling_word(std::string_view host) {
    for (const std::string_view word :
         {"blocklist", "blacklist", "denylist", "dnsbl", "rbl", "spam", "virus", "greylist"})
        if (host.find(word) != std::string_view::npos) return word;
    return {};
}

} // namespace

std::string Pseudonyms::numbered(Map& map, std::string_view key, std::string_view prefix, std::string_view ending) {
    const auto [it, is_new] = map.try_emplace(std::string(key));
    if (is_new) it->second = std::string(prefix) + std::to_string(map.size()) + std::string(ending);
    return it->second;
}

std::string Pseudonyms::local_part(std::string_view local) {
    const std::string lower = to_lower(local);
    if (lower.empty() || is_role(lower)) return std::string(local);
    // VERP, BATV and SRS: an address inside an address.
    if (const auto equals = lower.find('='); equals != std::string::npos)
        return local_part(lower.substr(0, equals)) + "=" +
               (lower.find('.', equals) != std::string::npos && lower.find('=', equals + 1) == std::string::npos
                    ? host(lower.substr(equals + 1))
                    : local_part(lower.substr(equals + 1)));
    if (const auto plus = lower.find('+'); plus != std::string::npos)
        return local_part(lower.substr(0, plus)) + "+" + local_part(lower.substr(plus + 1));
    // A list's offices tell that it is a list.
    if (lower.starts_with("owner-")) return "owner-" + local_part(lower.substr(6));
    for (const std::string_view office : {"-owner", "-bounces", "-request", "-admin"})
        if (lower.size() > office.size() && lower.ends_with(office))
            return local_part(lower.substr(0, lower.size() - office.size())) + std::string(office);
    const std::string stand_in = numbered(locals_, lower, "user");
    learn(lower, stand_in);
    return stand_in;
}

std::string Pseudonyms::label(std::string_view label) {
    if (label.empty() || is_function_label(label) || is_provider_label(label)) return std::string(label);
    return numbered(labels_, label, "h" + std::string(telling_word(label)));
}

std::string Pseudonyms::host(std::string_view name) {
    const std::string lower = to_lower(name);
    if (lower.empty() || lower == "localhost" || lower == "localhost.localdomain") return lower;
    std::vector<std::string_view> labels = split_labels(lower);
    std::string end(public_suffix_of(lower));
    if (!end.empty()) {
        labels.resize(labels.size() - split_labels(end).size());
    } else if (labels.size() > 1) {
        const std::size_t own = registered_labels(labels);
        const auto begin = static_cast<std::size_t>(labels[labels.size() - own].data() - lower.data());
        const std::string_view domain = std::string_view(lower).substr(begin);
        // Perhaps a provider's domain in yet another country.
        end = is_provider_label(domain.substr(0, domain.find('.')))
                  ? std::string(domain)
                  : numbered(domains_, domain, "d" + std::string(telling_word(domain)), ".example");
        labels.resize(labels.size() - own);
    } else {
        const std::string stand_in = label(lower);
        learn(lower, stand_in);
        return stand_in;
    }
    std::string out;
    for (const auto part : labels) out += label(part) + ".";
    return out + end;
}

std::string Pseudonyms::ip4(std::string_view address) {
    if (address.starts_with("127.") || address == "0.0.0.0") return std::string(address);
    const auto [it, is_new] = ip4_.try_emplace(std::string(address));
    if (is_new) {
        const std::size_t number = (ip4_.size() - 1) % (2 * hosts_per_block);
        it->second =
            (number < hosts_per_block ? "192.0.2." : "198.51.100.") + std::to_string(number % hosts_per_block + 1);
    }
    return it->second;
}

std::string Pseudonyms::ip6(std::string_view address) {
    if (address == "::1") return "::1";
    return numbered(ip6_, to_lower(address), "2001:db8::");
}

std::string Pseudonyms::message_id(std::string_view local) { return numbered(ids_, local, "id"); }

std::string Pseudonyms::shaped(std::string_view token) {
    const auto [it, is_new] = shaped_.try_emplace(std::string(token), token);
    if (!is_new) return it->second;
    for (char& c : it->second) {
        state_ = state_ * 1'103'515'245u + 12'345u;
        const std::uint32_t random = state_ >> 16;
        if (is_digit(c))
            c = static_cast<char>('0' + random % 10);
        else if (c >= 'a' && c <= 'f') // hexadecimal stays hexadecimal
            c = static_cast<char>('a' + random % 6);
        else if (c >= 'A' && c <= 'F')
            c = static_cast<char>('A' + random % 6);
        else if (is_lower(c))
            c = static_cast<char>('a' + random % 26);
        else if (is_upper(c))
            c = static_cast<char>('A' + random % 26);
    }
    return it->second;
}

std::string Pseudonyms::person(std::string_view word) {
    if (word.empty() || is_mail_word(to_lower(word))) return std::string(word);
    const std::string stand_in = numbered(persons_, to_lower(word), "Name");
    if (is_upper(word.front()) || is_foreign(word.front())) learn(word, stand_in);
    return stand_in;
}

std::string Pseudonyms::subject_word(std::string_view word) { return numbered(subject_words_, to_lower(word), "word"); }

std::string Pseudonyms::file_name(std::string_view name) {
    // Two endings: "letter.pdf.exe" is a lure because of both.
    std::string ending;
    std::string_view stem = name;
    constexpr std::size_t longest_ending = 5;
    for (int i = 0; i < 2; ++i) {
        const auto dot = stem.rfind('.');
        if (dot == std::string_view::npos || stem.size() - dot > longest_ending + 1) break;
        ending = std::string(stem.substr(dot)) + ending;
        stem = stem.substr(0, dot);
    }
    // RFC 7489 and RFC 8460 name their reports "receiver!domain!begin!end.xml.gz", and are known by that.
    const bool is_domain_report = std::count(name.begin(), name.end(), '!') >= 3;
    return numbered(files_, name, is_domain_report ? "receiver.test!domain.test!1!" : "file", ending);
}

std::string Pseudonyms::boundary(std::string_view old, std::string scrubbed) {
    const auto [it, is_new] = boundaries_.try_emplace(std::string(old));
    if (is_new) {
        const std::size_t uses = ++boundary_uses_[scrubbed];
        it->second = uses > 1 ? scrubbed + "-" + std::to_string(uses) : std::move(scrubbed);
    }
    return it->second;
}

const std::string* Pseudonyms::known_word(std::string_view word) const {
    const auto exact = words_.find(std::string(word));
    if (exact != words_.end()) return &exact->second;
    const auto lower = words_.find(to_lower(word));
    return lower == words_.end() ? nullptr : &lower->second;
}

void Pseudonyms::learn(std::string_view word, const std::string& stand_in) {
    if (word.size() >= shortest_word && !is_mail_word(to_lower(word)) && word != stand_in)
        words_.try_emplace(std::string(word), stand_in);
}

} // namespace nixie
