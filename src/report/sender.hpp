// Bounce rates, and verdicts that wait for a person, as text and as JSON.
#pragma once

#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "report/table.hpp"
#include "store/store.hpp"

namespace nixie {

std::string rates_table(std::span<const Rate> rates, const SenderPolicy& policy, std::size_t columns);
nlohmann::ordered_json rate_json(const Rate& rate, const SenderPolicy& policy);
/// One line each.
std::string rates_json(std::span<const Rate> rates, const SenderPolicy& policy);

std::string troubles_text(std::span<const Trouble> troubles);
Table held_table();
void add_row(Table& table, const HeldVerdict& verdict);
std::string held_json(const HeldVerdict& verdict);

} // namespace nixie
