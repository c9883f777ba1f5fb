#include "store/counters.hpp"

#include <algorithm>
#include <filesystem>

#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// In the order of ErrorCode.
constexpr std::array<std::string_view, 13> causes{"usage",         "config",  "input",      "output",    "database",
                                                  "unavailable",   "refused", "no-room",    "forbidden", "protocol",
                                                  "refused-login", "busy",    "interrupted"};

std::int64_t file_bytes(const std::string& path) {
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(path, failure);
    return failure ? 0 : static_cast<std::int64_t>(bytes);
}

std::vector<Counter> read_counters(SQLite::Database& db) {
    SQLite::Statement select(db, "SELECT metric, mailbox, label, value FROM counters");
    std::vector<Counter> out;
    while (select.executeStep())
        out.push_back({select.getColumn(0).getString(), select.getColumn(1).getString(),
                       select.getColumn(2).getString(), select.getColumn(3).getInt64()});
    return out;
}

} // namespace

std::string_view cause_name(ErrorCode code) { return causes[static_cast<std::size_t>(code)]; }

std::vector<std::string_view> cause_names() { return {causes.begin(), causes.end()}; }

Counters::Counters(SQLite::Database& db)
    : add_(db, R"sql(
          INSERT INTO counters (metric, mailbox, label, value) VALUES (?, ?, ?, ?)
          ON CONFLICT (metric, mailbox, label) DO UPDATE SET value = value + excluded.value)sql") {}

void Counters::message(const std::string& mailbox, Kind kind) {
    ++pending_[{"messages", mailbox, std::string(name(kind))}];
}

void Counters::bounce(const std::string& mailbox, BounceType type, Category category) {
    ++pending_[{"bounces", mailbox, std::string(name(type)).append("/").append(name(category))}];
}

void Counters::error(const std::string& mailbox, ErrorCode code) {
    ++pending_[{"errors", mailbox, std::string(cause_name(code))}];
}

void Counters::latency(const std::string& mailbox, Duration time) {
    const std::int64_t seconds = std::max<std::int64_t>(0, time.count());
    const auto* const bound = std::lower_bound(latency_bounds.begin(), latency_bounds.end(), seconds);
    ++pending_[{"latency", mailbox, bound == latency_bounds.end() ? "inf" : std::to_string(*bound)}];
    pending_[{"latency-sum", mailbox, ""}] += seconds;
}

void Counters::flush() {
    for (const auto& [key, count] : pending_) run(add_, std::get<0>(key), std::get<1>(key), std::get<2>(key), count);
    pending_.clear();
}

Result<void> Store::count_errors(const std::string& mailbox, std::span<const ErrorCode> codes) {
    if (codes.empty()) return {};
    return impl_->write([&](SQLite::Database& db) {
        Counters counters(db);
        for (const ErrorCode code : codes) counters.error(mailbox, code);
        counters.flush();
    });
}

Result<std::vector<Counter>> Store::counters() {
    return impl_->read([](SQLite::Database& db) { return read_counters(db); });
}

Result<Figures> Store::figures(const RetryPolicies& policies, Time now) {
    auto out = impl_->read([&](SQLite::Database& db) {
        Figures figures;
        figures.counters = read_counters(db);
        figures.status = read_status(db, policies, now, 0);
        return figures;
    });
    if (out) out->bytes = file_bytes(impl_->path) + file_bytes(impl_->path + "-wal");
    return out;
}

} // namespace nixie
