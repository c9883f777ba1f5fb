#include "worker/digest.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "log/log.hpp"
#include "notify/compose.hpp"
#include "worker/backoff.hpp"
#include "worker/own_mail.hpp"
#include "worker/reports.hpp"

namespace nixie {
namespace {

/// 1970-01-05
constexpr Time first_monday{std::chrono::hours(24 * 4)};
/// What a server refused once it will mostly refuse again: no hurry.
constexpr Duration least_pause = std::chrono::minutes(10);
constexpr std::size_t text_columns = 100;

std::string date_text(Time time) { return format_time(time).substr(0, 10); }

std::string subject_of(const Summary& summary, const std::string& mailbox) {
    return fmt::format("Bounces{}, {} to {}: {} ({} before)", mailbox.empty() ? "" : " of " + mailbox,
                       date_text(summary.since), date_text(summary.until), summary.now.bounces.total(),
                       summary.before.bounces.total());
}

/// The end of the span that is due; nothing: none is.
std::optional<Time> due_until(const DigestState& state, Duration every, Time now) {
    const Time begin = period_begin(now, every);
    if (begin <= state.until || now < state.retry_at) return std::nullopt;
    return begin;
}

} // namespace

Time period_begin(Time now, Duration every) { return now - (now - first_monday) % every; }

bool wants_digest(const Config& config) {
    return std::any_of(config.notify.begin(), config.notify.end(),
                       [](const auto& way) { return way.wants("digest", {}); });
}

Result<void> put_report(Mailbox& mailbox, Store& store, const Config& config, const MailboxConfig& mailbox_config,
                        Time since, Time until, Time now) {
    // What bounced by no mailbox's name, such as mailings' rates, belongs into the report of an only mailbox.
    const bool alone = config.mailboxes.size() == 1;
    const auto report =
        make_report(store, config, {.since = since, .until = until, .mailbox = alone ? "" : mailbox_config.name}, now);
    if (!report) return report.error();
    const MailHead head = own_mail(mailbox_config, subject_of(report->summary, alone ? "" : mailbox_config.name),
                                   fmt::format("report.{:x}.{}.{}", std::hash<std::string>{}(mailbox_config.name),
                                               since.time_since_epoch().count(), until.time_since_epoch().count()),
                                   now);
    return mailbox.put(mailbox_config.folders.path(config.digest.folder),
                       {head.message_id,
                        compose_report(head, summary_text(report->summary, report->context, text_columns),
                                       report_page(report->summary, report->context)),
                        now});
}

Result<void> tell_report(Store& store, const Config& config, Time since, Time until, Period period, Time now) {
    const auto report = make_report(store, config, {.since = since, .until = until, .mailbox = {}}, now);
    if (!report) return report.error();
    const std::string key = fmt::format("digest/{}/{}", format_time(since), format_time(until));
    const nlohmann::ordered_json body{{"event", "digest"},
                                      {"key", key},
                                      {"since", format_time(since)},
                                      {"until", format_time(until)},
                                      {"subject", subject_of(report->summary, {})},
                                      {"text", summary_text(report->summary, report->context, text_columns)},
                                      {"html", report_page(report->summary, report->context)}};
    return store.tell_digest(key, body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
                             period == Period::done ? std::optional(until) : std::nullopt, now);
}

void put_due_report(Mailbox& mailbox, Store& store, const Config& config, const MailboxConfig& mailbox_config,
                    const Clock& clock) {
    if (!config.digest.every || !config.digest.file) return;
    const std::string& name = mailbox_config.name;
    const Time now = clock.now();
    const auto state = store.digest(name, period_begin(now, *config.digest.every));
    if (!state) return log(LogLevel::error, state.error(), {{"mailbox", name}, {"what", "digest"}});
    const auto until = due_until(*state, *config.digest.every, now);
    if (!until) return;
    const auto put = put_report(mailbox, store, config, mailbox_config, state->until, *until, now);
    if (put) {
        log(LogLevel::info, "the digest was put in", {{"mailbox", name}, {"until", *until}});
        if (const auto noted = store.digest_sent(name, *until); !noted)
            log(LogLevel::error, noted.error(), {{"mailbox", name}, {"what", "digest"}});
        return;
    }
    const Time next = now + std::max(least_pause, backoff(put.error(), state->failures + 1, 0));
    log(LogLevel::error, put.error(), {{"mailbox", name}, {"what", "digest"}, {"next_try", next}});
    const std::array causes{put.error().code};
    auto noted = store.digest_failed(name, put.error().text(), next);
    if (noted) noted = store.count_errors(name, causes);
    if (!noted) log(LogLevel::error, noted.error(), {{"mailbox", name}, {"what", "digest"}});
}

Result<void> tell_due_report(Store& store, const Config& config, const Clock& clock) {
    if (!config.digest.every || !wants_digest(config)) return {};
    const Time now = clock.now();
    const auto state = store.digest(told_digest, period_begin(now, *config.digest.every));
    if (!state) return state.error();
    const auto until = due_until(*state, *config.digest.every, now);
    return until ? tell_report(store, config, state->until, *until, Period::done, now) : Result<void>{};
}

} // namespace nixie
