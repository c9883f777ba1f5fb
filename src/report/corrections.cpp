#include "report/corrections.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/figures.hpp"
#include "report/table.hpp"

namespace nixie {

std::string corrections_table(std::span<const Correction> corrections) {
    Table table({{"SEEN"}, {"FROM"}, {"TO"}, {"BY"}, {"WITHDRAWN"}, {"RECIPIENTS"}});
    for (const auto& row : corrections)
        table.add({zoned_time(row.seen), row.from, row.to, row.by,
                   row.withdrawn == Time{} ? "-" : zoned_time(row.withdrawn),
                   row.addresses.empty() ? "(names nobody)" : fmt::format("{}", fmt::join(row.addresses, ", "))});
    return table.text();
}

std::string corrections_json(std::span<const Correction> corrections) {
    std::string out;
    for (const auto& row : corrections) {
        nlohmann::ordered_json line;
        line["seen_at"] = format_time(row.seen);
        line["mailbox"] = row.mailbox;
        line["from"] = row.from;
        line["to"] = row.to;
        line["by"] = row.by;
        line["withdrawn_at"] = nullptr;
        if (row.withdrawn != Time{}) line["withdrawn_at"] = format_time(row.withdrawn);
        line["recipients"] = row.addresses;
        line["original_message_id"] = row.original_message_id;
        line["subject"] = row.subject;
        out += line.dump() + "\n";
    }
    return out;
}

} // namespace nixie
