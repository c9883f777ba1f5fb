#include "report/due.hpp"

#include <nlohmann/json.hpp>

#include "report/figures.hpp"
#include "report/table.hpp"

namespace nixie {

std::string due_table(std::span<const DueRecipient> recipients) {
    Table table({{"DUE"}, {"STATE"}, {"WINDOW"}, {"BOUNCES", Align::right}, {"RECIPIENT"}, {"REASON"}});
    for (const auto& row : recipients)
        table.add({zoned_time(row.due_at), std::string(name(row.state)), row.length, grouped(row.soft_bounces),
                   row.address, std::string(name(row.reason))});
    return table.text();
}

std::string due_json(std::span<const DueRecipient> recipients) {
    std::string out;
    for (const auto& row : recipients) {
        nlohmann::ordered_json line;
        line["address"] = row.address;
        line["state"] = name(row.state);
        line["due_at"] = format_time(row.due_at);
        line["window"] = row.length;
        line["soft_bounces"] = row.soft_bounces;
        line["reason"] = name(row.reason);
        line["category"] = name(row.category);
        line["diagnostic"] = row.diagnostic;
        line["original_message_id"] = row.original_message_id;
        line["campaign"] = row.campaign;
        line["mailbox"] = row.mailbox;
        out += line.dump() + "\n";
    }
    return out;
}

} // namespace nixie
