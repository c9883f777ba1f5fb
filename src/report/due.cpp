#include "report/due.hpp"

#include <nlohmann/json.hpp>

#include "report/table.hpp"

namespace nixie {
namespace {

/// The configured windows may have become fewer since the recipient entered one.
std::string window_text(int window, const RetryPolicy& policy) {
    const auto index = static_cast<std::size_t>(window);
    return index < policy.windows.size() ? format_duration(policy.windows[index]) : "-";
}

} // namespace

std::string due_table(std::span<const DueRecipient> recipients, const RetryPolicy& policy) {
    Table table({{"DUE"}, {"STATE"}, {"WINDOW"}, {"BOUNCES", Align::right}, {"RECIPIENT"}, {"REASON"}});
    for (const auto& row : recipients)
        table.add({format_time(row.due_at), std::string(name(row.state)), window_text(row.window, policy),
                   std::to_string(row.soft_bounces), row.address, std::string(name(row.reason))});
    return table.text();
}

std::string due_json(std::span<const DueRecipient> recipients, const RetryPolicy& policy) {
    std::string out;
    for (const auto& row : recipients) {
        nlohmann::ordered_json line;
        line["address"] = row.address;
        line["state"] = name(row.state);
        line["due_at"] = format_time(row.due_at);
        line["window"] = window_text(row.window, policy);
        line["soft_bounces"] = row.soft_bounces;
        line["reason"] = name(row.reason);
        line["diagnostic"] = row.diagnostic;
        line["original_message_id"] = row.original_message_id;
        out += line.dump() + "\n";
    }
    return out;
}

} // namespace nixie
