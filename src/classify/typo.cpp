#include "nixie/typo.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <unordered_set>
#include <vector>

#include "base/text.hpp"
#include "data/data.hpp"
#include "patterns/folding.hpp"

namespace nixie {
namespace {

/// A domain longer than any provider's by more than a few slips is none.
constexpr std::size_t longest_domain = 32;
/// A name so short is near to too many others: only what follows its first dot may be mistyped.
constexpr std::size_t short_name = 4;
/// From this length on two slips still leave no doubt.
constexpr std::size_t long_domain = 10;

struct Providers {
    struct Domain {
        std::string name;
        CharacterMask characters;
    };
    std::vector<Domain> domains; ///< the larger first
    std::unordered_set<std::string> known;
};

std::vector<std::string> list(const toml::table& table, std::string_view key) {
    std::vector<std::string> out;
    if (const auto* names = table.get_as<toml::array>(key); names != nullptr)
        for (const auto& name : *names) out.push_back(name.value_or(std::string()));
    return out;
}

/// Compiled in and tested with the program, so failure is a bug.
Providers load_providers() {
    Providers out;
    for (const auto& file : built_in_files("typos")) {
        const toml::table table = toml::parse(file.text, file.name);
        for (auto& name : list(table, "domains")) {
            out.known.insert(name);
            const auto characters = characters_of(name);
            out.domains.push_back({std::move(name), characters});
        }
        for (auto& name : list(table, "others")) out.known.insert(std::move(name));
    }
    assert(!out.domains.empty());
    return out;
}

const Providers& providers() {
    static const Providers loaded = load_providers();
    return loaded;
}

/// Optimal string alignment (Damerau 1964): letters added, left out, changed, or two neighbours swapped.
int distance(std::string_view a, std::string_view b) {
    using Row = std::array<int, longest_domain + 1>;
    assert(a.size() <= longest_domain && b.size() <= longest_domain);
    Row before{}, last{}, row{};
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = last;
        last = row;
    }
    return last[b.size()];
}

std::string_view first_name(std::string_view domain) { return domain.substr(0, domain.find('.')); }
std::string_view after_first_name(std::string_view domain) { return domain.substr(first_name(domain).size()); }

/// Can `part` be made by leaving letters of `whole` out?
bool is_left_of(std::string_view part, std::string_view whole) {
    std::size_t at = 0;
    for (const char c : whole)
        if (at < part.size() && part[at] == c) ++at;
    return at == part.size();
}

/// Under the same name another country's ending is another domain, unless letters are missing: ".co" of ".com".
bool is_other_country(std::string_view written, std::string_view meant) {
    if (first_name(written) != first_name(meant)) return false;
    const auto ending = after_first_name(written);
    const auto dot = ending.rfind('.');
    return dot != std::string_view::npos && ending.size() - dot == 3 && !is_left_of(ending, after_first_name(meant));
}

bool may_mean(std::string_view written, std::string_view meant, int slips) {
    if (is_other_country(written, meant)) return false;
    if (first_name(meant).size() <= short_name && first_name(written) != first_name(meant)) return false;
    return slips == 1 || (slips == 2 && meant.size() >= long_domain && written.front() == meant.front());
}

/// Without std::popcount(), which is a call on machines of any age.
bool differ_more(CharacterMask a, CharacterMask b, int most) {
    auto different = a ^ b;
    for (; different != 0 && most > 0; --most) different &= different - 1;
    return different != 0;
}

bool may_be_mistyped(Reason reason) {
    return reason == Reason::user_unknown || reason == Reason::host_unknown || reason == Reason::not_accept;
}

} // namespace

std::string suggest_address(std::string_view address, Reason reason) {
    const auto at = address.rfind('@');
    if (!may_be_mistyped(reason) || at == std::string_view::npos || at == 0) return {};
    const std::string domain = to_lower(address.substr(at + 1));
    if (domain.empty() || domain.size() > longest_domain || providers().known.count(domain) != 0) return {};
    // Where the domain answers for its mailboxes, it is less likely to be none.
    const int most = reason == Reason::user_unknown ? 1 : 2;
    const std::string* best = nullptr;
    int nearest = most + 1;
    const auto characters = characters_of(domain);
    const bool plain = std::all_of(domain.begin(), domain.end(), [](char c) { return c > ' ' && c <= '~'; });
    for (const auto& [provider, its_characters] : providers().domains) {
        if (provider.size() > domain.size() + 2 || domain.size() > provider.size() + 2) continue;
        // A slip loses one character at most, and adds one. (Of others than ASCII the masks do not tell so exactly.)
        if (plain && differ_more(characters, its_characters, 2 * most)) continue;
        const int slips = distance(domain, provider);
        if (slips == 0 || slips >= nearest || !may_mean(domain, provider, slips)) continue;
        nearest = slips;
        best = &provider;
    }
    return best == nullptr ? std::string() : std::string(address.substr(0, at + 1)) + *best;
}

} // namespace nixie
