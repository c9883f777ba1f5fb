#include "report/status.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/figures.hpp"
#include "report/table.hpp"

namespace nixie {
namespace {

constexpr Duration quarantine_is_news = std::chrono::hours(24);

std::string ago(const std::optional<Time>& time, Time now) { return time ? rough_duration(now - *time) : "-"; }

std::string ahead(const std::optional<Time>& time, Time now) {
    if (!time) return "-";
    return *time <= now ? "now" : "in " + rough_duration(*time - now);
}

const MailboxHealth* find_mailbox(const JournalStatus& status, const std::string& name) {
    const auto found = std::find_if(status.mailboxes.begin(), status.mailboxes.end(),
                                    [&](const auto& mailbox) { return mailbox.status.name == name; });
    return found == status.mailboxes.end() ? nullptr : &*found;
}

struct Complaint {
    Health health = Health::ok;
    std::string text;
};

std::vector<Complaint> complaints_of(const MailboxHealth& mailbox, const StatusQuestion::Mailbox& configured,
                                     const StatusQuestion& question) {
    const MailboxStatus& status = mailbox.status;
    std::vector<Complaint> out;
    const auto complain = [&](Health health, const std::string& text) {
        out.push_back({health, fmt::format("{}: {}", configured.name, printable(text))});
    };
    if (status.state == MailboxState::refused) complain(Health::critical, status.last_error);
    if (status.state == MailboxState::backing_off || status.state == MailboxState::resting)
        complain(Health::warning, status.last_error);
    if (status.state == MailboxState::idle && !status.last_error.empty()) complain(Health::warning, status.last_error);
    const Duration patience = std::max(question.stale, 2 * configured.poll);
    const Time heard = status.last_success.value_or(status.since);
    // A big backlog may take its time, and a rest is what was asked for.
    const bool excused = status.state == MailboxState::working || status.state == MailboxState::resting;
    if (question.now - heard > patience)
        complain(excused ? Health::warning : Health::critical,
                 fmt::format("no whole pass for {}", rough_duration(question.now - heard)));
    if (const auto lag = mailbox.lag_since(); lag && question.now - *lag > patience)
        complain(Health::warning, fmt::format("a message waits for {}", rough_duration(question.now - *lag)));
    return out;
}

void add_row(Table& table, const MailboxHealth& mailbox, Time now) {
    const MailboxStatus& status = mailbox.status;
    table.add({status.name, std::string(name(status.state)), ago(status.since, now), ago(status.last_success, now),
               ahead(status.next_try, now), grouped(status.waiting), ago(mailbox.lag_since(), now),
               grouped(mailbox.unfiled), grouped(mailbox.quarantined), bytes_text(status.bytes_today),
               status.last_error});
}

std::string mailboxes_table(const JournalStatus& status, const StatusQuestion& question) {
    Table table({{"MAILBOX"},
                 {"STATE"},
                 {"FOR", Align::right},
                 {"LAST PASS", Align::right},
                 {"NEXT TRY"},
                 {"WAITING", Align::right},
                 {"LAG", Align::right},
                 {"UNFILED", Align::right},
                 {"QUARANTINED", Align::right},
                 {"TODAY", Align::right},
                 {"ERROR"}});
    for (const auto& configured : question.mailboxes) {
        if (const auto* const mailbox = find_mailbox(status, configured.name))
            add_row(table, *mailbox, question.now);
        else
            table.add({configured.name, "never-run", "-", "-", "-", "-", "-", "-", "-", "-", ""});
    }
    return table.text();
}

nlohmann::ordered_json time_json(const std::optional<Time>& time) {
    return time ? nlohmann::ordered_json(format_time(*time)) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json mailbox_json(const MailboxHealth& mailbox, Time now) {
    const MailboxStatus& status = mailbox.status;
    nlohmann::ordered_json out;
    out["mailbox"] = status.name;
    out["state"] = name(status.state);
    out["since"] = format_time(status.since);
    out["last_success"] = time_json(status.last_success);
    out["last_error"] = status.last_error;
    out["failures"] = status.failures;
    out["next_try"] = time_json(status.next_try);
    out["validity"] = status.validity;
    out["waiting"] = status.waiting;
    const auto lag = mailbox.lag_since();
    out["lag_seconds"] = lag ? std::max<Duration::rep>(0, (now - *lag).count()) : 0;
    out["unfiled"] = mailbox.unfiled;
    out["quarantined"] = mailbox.quarantined;
    out["bytes_today"] = status.bytes_today;
    return out;
}

struct Unprocessed {
    std::int64_t messages = 0; ///< as far as anyone knows
    const MailboxHealth* oldest_in = nullptr;
};

Unprocessed unprocessed_in(const JournalStatus& status, const StatusQuestion& question) {
    Unprocessed out;
    for (const auto& configured : question.mailboxes) {
        const auto* const mailbox = find_mailbox(status, configured.name);
        if (!mailbox || !mailbox->lag_since()) continue;
        out.messages += std::max(mailbox->status.waiting, mailbox->unfiled);
        if (!out.oldest_in || *mailbox->lag_since() < *out.oldest_in->lag_since()) out.oldest_in = mailbox;
    }
    return out;
}

/// What waits, a line each.
std::string lines_of(const JournalStatus& status, const StatusQuestion& question) {
    const auto unprocessed = unprocessed_in(status, question);
    std::string out = "unprocessed: " + number_of(unprocessed.messages, "message");
    if (const auto* const mailbox = unprocessed.oldest_in)
        out += fmt::format(", the oldest for {}, in {}", ago(mailbox->lag_since(), question.now), mailbox->status.name);
    out +=
        fmt::format("\noutbox: {} waiting, {} of them not taken, {}{}{}\n", number_of(status.outbox.waiting, "event"),
                    grouped(status.outbox.failing), number_of(status.outbox.dead, "dead letter"),
                    status.outbox.last_error.empty() ? "" : ": ", printable(status.outbox.last_error));
    out += fmt::format("due: {} for another try{}\n", number_of(status.recipients_due, "recipient"),
                       status.next_due ? ", the next " + ahead(status.next_due, question.now) : "");
    out += fmt::format("held: {}{}\n", number_of(status.held, "verdict"),
                       status.held > 0 ? ", until a person decides: see `nixie held list`" : "");
    return out + fmt::format("quarantine: {}\n", number_of(status.quarantined, "message"));
}

} // namespace

std::string_view name(Health health) {
    constexpr std::array<std::string_view, 3> names{"ok", "warning", "critical"};
    return names[static_cast<std::size_t>(health)];
}

Assessment assess(const JournalStatus& status, const StatusQuestion& question) {
    std::vector<Complaint> all;
    for (const auto& configured : question.mailboxes) {
        const auto* const mailbox = find_mailbox(status, configured.name);
        if (!mailbox) {
            all.push_back({Health::warning, configured.name + ": never run"});
            continue;
        }
        for (auto& complaint : complaints_of(*mailbox, configured, question)) all.push_back(std::move(complaint));
    }
    const auto fresh = std::count_if(status.quarantine.begin(), status.quarantine.end(), [&](const auto& message) {
        return question.now - message.since < quarantine_is_news;
    });
    if (fresh > 0) all.push_back({Health::warning, number_of(fresh, "message") + " in quarantine since yesterday"});
    if (status.outbox.failing > 0)
        all.push_back({Health::warning, fmt::format("{} not taken: {}", number_of(status.outbox.failing, "event"),
                                                    printable(status.outbox.last_error))});
    if (status.outbox.dead > 0)
        all.push_back(
            {Health::warning, number_of(status.outbox.dead, "dead letter") + ": see `nixie outbox list --dead`"});
    for (const auto& digest : status.digests)
        if (digest.failures > 0)
            all.push_back({Health::warning, fmt::format("{}: the digest was not put in: {}", digest.name,
                                                        printable(digest.last_error))});
    for (const auto& trouble : status.troubles)
        all.push_back(
            {trouble.lasts ? Health::critical : Health::warning,
             fmt::format("{}; {} held", printable(fold_space(trouble.what)), number_of(trouble.held, "verdict"))});
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.health > b.health; });
    Assessment out;
    if (!all.empty()) out.health = all.front().health;
    for (auto& complaint : all) out.complaints.push_back(std::move(complaint.text));
    return out;
}

std::string status_text(const JournalStatus& status, const StatusQuestion& question, Colours colours) {
    constexpr std::array<Paint, 3> paints{Paint::green, Paint::yellow, Paint::red};
    const Assessment assessment = assess(status, question);
    std::string out =
        painted(to_upper(name(assessment.health)), paints[static_cast<std::size_t>(assessment.health)], colours);
    if (assessment.complaints.empty())
        out +=
            fmt::format(": {} mailbox{} well", question.mailboxes.size(), question.mailboxes.size() == 1 ? "" : "es");
    else
        out += fmt::format(": {}", fmt::join(assessment.complaints, "; "));
    out += "\n\n" + mailboxes_table(status, question) + "\n";
    out += lines_of(status, question);
    if (status.quarantine.empty()) return out;
    Table table({{"SINCE"}, {"MAILBOX"}, {"UID"}, {"FOLDER"}, {"CAUSE"}});
    for (const auto& message : status.quarantine)
        table.add({zoned_time(message.since), message.mailbox, message.uid, message.folder, message.cause});
    return out + "\n" + table.text();
}

std::string status_json(const JournalStatus& status, const StatusQuestion& question) {
    const Assessment assessment = assess(status, question);
    nlohmann::ordered_json out;
    out["health"] = name(assessment.health);
    out["complaints"] = assessment.complaints;
    out["mailboxes"] = nlohmann::ordered_json::array();
    for (const auto& configured : question.mailboxes) {
        if (const auto* const mailbox = find_mailbox(status, configured.name))
            out["mailboxes"].push_back(mailbox_json(*mailbox, question.now));
        else
            out["mailboxes"].push_back({{"mailbox", configured.name}, {"state", "never-run"}});
    }
    out["outbox"] = {{"waiting", status.outbox.waiting},
                     {"failing", status.outbox.failing},
                     {"dead", status.outbox.dead},
                     {"next_try", time_json(status.outbox.next_try)},
                     {"last_error", status.outbox.last_error}};
    const auto unprocessed = unprocessed_in(status, question);
    out["unprocessed"] = {{"messages", unprocessed.messages}, {"oldest", nullptr}};
    if (unprocessed.oldest_in)
        out["unprocessed"]["oldest"] = {{"mailbox", unprocessed.oldest_in->status.name},
                                        {"since", time_json(unprocessed.oldest_in->lag_since())}};
    out["held"] = status.held;
    out["recipients"] = {{"due", status.recipients_due}, {"next_due", time_json(status.next_due)}};
    out["troubles"] = nlohmann::ordered_json::array();
    for (const auto& trouble : status.troubles)
        out["troubles"].push_back({{"id", trouble.id},
                                   {"scope", trouble.scope},
                                   {"name", trouble.name},
                                   {"what", trouble.what},
                                   {"since", format_time(trouble.since)},
                                   {"lasts", trouble.lasts},
                                   {"held", trouble.held}});
    out["quarantine"]["messages"] = status.quarantined;
    out["quarantine"]["newest"] = nlohmann::ordered_json::array();
    for (const auto& message : status.quarantine)
        out["quarantine"]["newest"].push_back({{"since", format_time(message.since)},
                                               {"mailbox", message.mailbox},
                                               {"uid", message.uid},
                                               {"folder", message.folder},
                                               {"cause", message.cause}});
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace nixie
