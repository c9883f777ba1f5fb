#include "report/outbox.hpp"

#include <nlohmann/json.hpp>

#include "report/figures.hpp"
#include "report/table.hpp"

namespace nixie {

std::string outbox_table(std::span<const OutboxRow> rows) {
    Table table(
        {{"ID", Align::right}, {"WAY"}, {"EVENT"}, {"RECIPIENT"}, {"TRIES", Align::right}, {"NEXT"}, {"ERROR"}});
    for (const auto& row : rows)
        table.add({std::to_string(row.delivery.id), row.way, row.delivery.event.type, row.address,
                   std::to_string(row.delivery.attempts), row.dead_at ? "given up" : zoned_time(row.ready_at),
                   row.last_error});
    return table.text();
}

std::string outbox_json(std::span<const OutboxRow> rows) {
    std::string out;
    for (const auto& row : rows) {
        nlohmann::ordered_json line;
        line["id"] = row.delivery.id;
        line["way"] = row.way;
        line["key"] = row.delivery.event.key;
        line["tries"] = row.delivery.attempts;
        line["dead"] = row.dead_at.has_value();
        if (row.dead_at) line["dead_at"] = format_time(*row.dead_at);
        if (!row.dead_at) line["next_try"] = format_time(row.ready_at);
        line["error"] = row.last_error;
        line["event"] = nlohmann::ordered_json::parse(row.delivery.event.body, nullptr, false);
        out += line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    }
    return out;
}

} // namespace nixie
