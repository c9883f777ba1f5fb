#include "nixie/attribution.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "evidence/verp_shapes.hpp"

namespace nixie {
namespace {

/// Longer than any address may be.
constexpr std::size_t longest_shape = 512;

/// Where a slot's value stands.
struct Stretch {
    std::size_t begin = 0;
    std::size_t end = 0;
};

} // namespace

std::optional<ReturnPathShape::Slot> ReturnPathShape::slot_named(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Slot>, 4> names{
        {{"local", Slot::local}, {"domain", Slot::domain}, {"campaign", Slot::campaign}, {"any", Slot::any}}};
    for (const auto& [known, slot] : names)
        if (name == known) return slot;
    return std::nullopt;
}

/// Empty: none.
std::string ReturnPathShape::fault_of(const ReturnPathShape& shape) {
    const auto& slots = shape.slots_;
    const auto count = [&](Slot slot) { return std::count(slots.begin(), slots.end(), slot); };
    if (count(Slot::local) > 1 || count(Slot::domain) > 1 || count(Slot::campaign) > 1) return "names something twice";
    if (count(Slot::local) != count(Slot::domain)) return "has but one of {local} and {domain}";
    if (count(Slot::local) + count(Slot::campaign) == 0) return "names neither a recipient nor a mailing";
    for (std::size_t i = 1; i < slots.size(); ++i)
        if (shape.literals_[i].empty()) return "has nothing between two placeholders";
    std::string literals;
    for (const auto& literal : shape.literals_) literals += literal;
    if (std::count(literals.begin(), literals.end(), '@') != 1) return "is no address";
    return {};
}

Result<ReturnPathShape> ReturnPathShape::parse(std::string_view text) {
    const auto wrong = [&](const std::string& what) {
        return Error{
            ErrorCode::config,
            "`" + std::string(text.substr(0, longest_shape)) + "` " + what,
            {},
            "write the whole return path, with {local} and {domain} for the recipient's, {campaign} and {any}"};
    };
    if (text.size() > longest_shape) return wrong("is too long for a return path");
    ReturnPathShape shape;
    for (auto rest = text;;) {
        const auto open = std::min(rest.find('{'), rest.size());
        shape.literals_.push_back(to_lower(rest.substr(0, open)));
        if (shape.literals_.back().find_first_of(" \t<>}") != std::string::npos) return wrong("is no address");
        if (open == rest.size()) break;
        const auto close = rest.find('}', open);
        const auto name = rest.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
        const auto slot = slot_named(name);
        if (close == std::string_view::npos || !slot) return wrong("has a placeholder that nobody knows");
        shape.slots_.push_back(*slot);
        rest.remove_prefix(close + 1);
    }
    if (const auto fault = fault_of(shape); !fault.empty()) return wrong(fault);
    return shape;
}

/// The slot that takes what the others leave.
std::size_t ReturnPathShape::greedy() const {
    const auto local = std::find(slots_.begin(), slots_.end(), Slot::local);
    return static_cast<std::size_t>((local == slots_.end() ? slots_.end() - 1 : local) - slots_.begin());
}

std::optional<ReturnPathFacts> ReturnPathShape::match(std::string_view address) const {
    const std::string lower = to_lower(address);
    Stretch left{literals_.front().size(), lower.size() - std::min(lower.size(), literals_.back().size())};
    if (left.begin > left.end || !lower.starts_with(literals_.front()) || !lower.ends_with(literals_.back()))
        return std::nullopt;
    std::vector<Stretch> found(slots_.size());
    const auto taker = greedy();
    for (std::size_t i = 0; i < taker; ++i) {
        const auto& literal = literals_[i + 1];
        const auto at = lower.find(literal, left.begin);
        if (at == std::string::npos || at + literal.size() > left.end) return std::nullopt;
        found[i] = {left.begin, at};
        left.begin = at + literal.size();
    }
    for (std::size_t i = slots_.size() - 1; i > taker; --i) {
        const auto& literal = literals_[i];
        if (left.end - left.begin < literal.size()) return std::nullopt;
        const auto at = lower.rfind(literal, left.end - literal.size());
        if (at == std::string::npos || at < left.begin) return std::nullopt;
        found[i] = {at + literal.size(), left.end};
        left.end = at;
    }
    found[taker] = left;

    ReturnPathFacts facts;
    std::string_view local, domain;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto value = address.substr(found[i].begin, found[i].end - found[i].begin);
        if (value.empty() && slots_[i] != Slot::any) return std::nullopt;
        if (slots_[i] == Slot::local) local = value;
        if (slots_[i] == Slot::domain) domain = value;
        if (slots_[i] == Slot::campaign) facts.campaign = value;
    }
    if (local.empty()) return facts;
    facts.recipient = verp_address(local, domain);
    return facts.recipient.empty() ? std::nullopt : std::optional(std::move(facts));
}

void attribute(Report& report, const ReturnPathFacts& facts) {
    if (!facts.campaign.empty()) report.original.campaign = facts.campaign;
    if (facts.recipient.empty() || report.recipients.size() != 1) return;
    Evidence& evidence = report.recipients.front();
    if (equals_ignoring_case(evidence.address.text, facts.recipient)) return;
    if (!evidence.address.empty()) evidence.original_address = evidence.address;
    evidence.address = {facts.recipient, Source::verp, {}};
}

} // namespace nixie
