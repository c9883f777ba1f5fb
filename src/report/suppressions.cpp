#include "report/suppressions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/figures.hpp"

namespace nixie {
namespace {

std::string csv_cell(std::string_view text) {
    const std::string clean = printable(fold_space(text));
    // A spreadsheet would take these for a formula.
    const bool formula = !clean.empty() && std::string_view("=+-@").find(clean.front()) != std::string_view::npos;
    if (!formula && clean.find_first_of(",\"") == std::string::npos) return clean;
    std::string out = formula ? "\"'" : "\"";
    for (const char c : clean) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + '"';
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// postmap's own syntax, and what is looked up only in forms of its own.
bool is_special(char c) { return c == ' ' || c == '"' || c == '\\'; }

} // namespace

Table suppressions_table() { return Table({{"SINCE"}, {"GROUND"}, {"ADDRESS"}, {"CAUSE"}}); }

void add_row(Table& table, const Suppression& suppression) {
    table.add(
        {zoned_time(suppression.since), std::string(name(suppression.ground)), suppression.address, suppression.cause});
}

std::string suppression_json(const Suppression& suppression) {
    const nlohmann::ordered_json line{{"address", suppression.address},
                                      {"since", format_time(suppression.since)},
                                      {"ground", name(suppression.ground)},
                                      {"cause", suppression.cause}};
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string suppression_csv(const Suppression& suppression) {
    return csv_cell(suppression.address) + "," + format_time(suppression.since) + "," +
           std::string(name(suppression.ground)) + "," + csv_cell(suppression.cause) + "\n";
}

std::optional<std::string> suppression_postfix(const Suppression& suppression) {
    const std::string& address = suppression.address;
    const bool fits = address.find('@') != std::string::npos && address.front() != '#' &&
                      std::none_of(address.begin(), address.end(), is_control) &&
                      std::none_of(address.begin(), address.end(), is_special);
    if (!fits) return std::nullopt;
    return address + "\tREJECT suppressed: " + std::string(name(suppression.ground)) + "\n";
}

} // namespace nixie
