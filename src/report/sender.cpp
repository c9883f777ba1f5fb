#include "report/sender.hpp"

#include <array>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/figures.hpp"
#include "report/rate.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> scope_names{"mailing", "provider", "domain"};

std::string_view scope_name(RateScope scope) { return scope_names[static_cast<std::size_t>(scope)]; }

std::string json_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

} // namespace

std::string rates_table(std::span<const Rate> rates, const SenderPolicy& policy, std::size_t columns) {
    Table table({{"LEVEL"},
                 {"RATE", Align::right},
                 {"SENT", Align::right},
                 {"BOUNCED", Align::right},
                 {"HARD", Align::right},
                 {"SOFT", Align::right},
                 {"BLOCKED", Align::right},
                 {"OF"},
                 {"NAME"}});
    for (const auto& [scope, name, tally] : rates)
        table.add({std::string(nixie::name(rate_level(tally, policy))), rate_text(tally),
                   tally.sent > 0 ? grouped(tally.sent) : "-", grouped(tally.bounced()), grouped(tally.hard),
                   grouped(tally.soft), grouped(tally.blocked), std::string(scope_name(scope)), name});
    return table.text(columns);
}

nlohmann::ordered_json rate_json(const Rate& rate, const SenderPolicy& policy) {
    const auto& [scope, name, tally] = rate;
    Json out{{"of", scope_name(scope)}, {"name", name}};
    if (tally.sent > 0) {
        out["sent"] = tally.sent;
        out["rate_percent"] = rate_percent(tally);
        out["level"] = nixie::name(rate_level(tally, policy));
    }
    out["bounced"] = tally.bounced();
    out["hard"] = tally.hard;
    out["soft"] = tally.soft;
    out["blocked"] = tally.blocked;
    return out;
}

std::string rates_json(std::span<const Rate> rates, const SenderPolicy& policy) {
    std::string out;
    for (const auto& rate : rates) out += json_line(rate_json(rate, policy));
    return out;
}

std::string troubles_text(std::span<const Trouble> troubles) {
    std::string out;
    for (const auto& one : troubles)
        out += printable(fold_space(fmt::format("trouble {} since {}{}, {} held: {}", one.id, zoned_time(one.since),
                                                one.lasts ? "" : " (over)", one.held, one.what))) +
               "\n";
    return out;
}

Table held_table() { return Table({{"ARRIVED"}, {"TROUBLE", Align::right}, {"ADDRESS"}, {"REASON"}, {"DIAGNOSTIC"}}); }

void add_row(Table& table, const HeldVerdict& verdict) {
    table.add({zoned_time(verdict.arrived), std::to_string(verdict.trouble), verdict.address,
               std::string(name(verdict.reason)), verdict.diagnostic});
}

std::string held_json(const HeldVerdict& verdict) {
    return json_line({{"address", verdict.address},
                      {"arrived", format_time(verdict.arrived)},
                      {"reason", name(verdict.reason)},
                      {"diagnostic", verdict.diagnostic},
                      {"campaign", verdict.campaign},
                      {"trouble", verdict.trouble},
                      {"what", verdict.what}});
}

} // namespace nixie
