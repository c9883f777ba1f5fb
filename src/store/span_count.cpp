#include "store/span_count.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "store/provider.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

constexpr std::size_t day_length = 10; ///< of "2026-11-21T…"

void count(TypeCounts& counts, BounceType type) {
    ++(type == BounceType::hard ? counts.hard : type == BounceType::soft ? counts.soft : counts.blocked);
}

} // namespace

void NameCounts::add(const std::string& name, BounceType type, bool is_before) {
    if (name.empty()) return;
    auto& [bounces, before] = counts_[name];
    if (is_before)
        ++before;
    else
        count(bounces, type);
}

std::vector<GroupCount> NameCounts::most(std::size_t most) const {
    auto out = by_name();
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& one, const auto& other) { return one.bounces.total() > other.bounces.total(); });
    if (out.size() > most) out.resize(most);
    return out;
}

std::vector<GroupCount> NameCounts::by_name() const {
    std::vector<GroupCount> out;
    out.reserve(counts_.size());
    for (const auto& [name, counts] : counts_) out.push_back({name, counts.first, counts.second});
    std::sort(out.begin(), out.end(), [](const auto& one, const auto& other) { return one.name < other.name; });
    return out;
}

SpanCount::SpanCount(SQLite::Database& db, const Span& span) : text_(db, "SELECT text FROM texts WHERE id = ?") {
    // CROSS JOIN begins with the messages.
    SQLite::Statement select(db, fmt::format(R"sql(
        SELECT b.kind, b.type, b.arrived, b.recipient, b.category, b.reason, b.remote_mta, m.campaign,
               coalesce(b.address, r.address, ''), m.reporting_mta
        FROM message_rows AS m CROSS JOIN bounce_rows AS b ON b.message = m.id
        LEFT JOIN recipients AS r ON r.id = b.recipient
        WHERE {} AND b.arrived >= ?1 AND b.arrived < ?2)sql",
                                             in_span));
    bind_all(select, span.before, span.until, span.mailbox);
    while (select.executeStep()) add(select, span.since);
}

void SpanCount::tell(Summary& summary, std::size_t most) const {
    now_.tell(summary.now);
    before_.tell(summary.before);
    summary.days = days_.by_name();
    summary.categories = categories_.most(std::string::npos);
    summary.reasons = reasons_.most(std::string::npos);
    summary.providers = providers_counts_.most(most);
    summary.domains = domains_.most(most);
    summary.hosts = hosts_.most(most);
    summary.mailings = mailings_.most(most);
}

void SpanCount::Totals::tell(SpanTotals& totals) const {
    totals.bounces = bounces;
    totals.recipients = static_cast<std::int64_t>(recipients.size());
    totals.complaints = complaints;
}

void SpanCount::add(const SQLite::Statement& row, std::int64_t since) {
    const std::int64_t arrived = row.getColumn(2).getInt64();
    const auto kind = find_kind(text(row.getColumn(0)));
    if (kind == Kind::complaint) ++(arrived < since ? before_ : now_).complaints;
    if (kind == Kind::bounce) add_bounce(row, arrived, arrived < since);
}

void SpanCount::add_bounce(const SQLite::Statement& row, std::int64_t arrived, bool is_before) {
    const auto type = find_bounce_type(text(row.getColumn(1))).value_or(BounceType::soft);
    auto& totals = is_before ? before_ : now_;
    count(totals.bounces, type);
    if (!row.getColumn(3).isNull()) totals.recipients.insert(row.getColumn(3).getInt64());
    if (!is_before) days_.add(format_time(from_unix(arrived)).substr(0, day_length), type, is_before);
    const std::string address = row.getColumn(8).getString();
    std::string host = to_lower(text(row.getColumn(6)));
    while (host.ends_with('.')) host.pop_back(); // a name from the root on is the same name
    categories_.add(text(row.getColumn(4)), type, is_before);
    reasons_.add(text(row.getColumn(5)), type, is_before);
    hosts_.add(host, type, is_before);
    mailings_.add(text(row.getColumn(7)), type, is_before);
    domains_.add(domain_of(address), type, is_before);
    providers_counts_.add(provider(address, host, text(row.getColumn(9))), type, is_before);
}

std::string SpanCount::text(const SQLite::Column& coded) {
    if (!coded.isInteger()) return coded.getString();
    const auto [known, is_new] = texts_.try_emplace(coded.getInt64());
    if (is_new && find_row(text_, coded.getInt64())) known->second = text_.getColumn(0).getString();
    return known->second;
}

const std::string& SpanCount::provider(const std::string& address, const std::string& host,
                                       const std::string& reporting) {
    const auto [known, is_new] = providers_.try_emplace(fmt::format("{} {} {}", domain_of(address), host, reporting));
    if (is_new) known->second = provider_of(address, host, reporting);
    return known->second;
}

} // namespace nixie
