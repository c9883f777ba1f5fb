#include "store/bounces.hpp"

#include "base/text.hpp"
#include "store/store_impl.hpp"

namespace nixie {

bool concerns_recipients(Kind kind) {
    return kind == Kind::bounce || kind == Kind::delayed || kind == Kind::delivered || kind == Kind::complaint;
}

Kind kind_of_part(Kind message, std::string_view action) {
    if (message != Kind::bounce) return message;
    if (equals_ignoring_case(action, "delayed")) return Kind::delayed;
    for (const std::string_view reached : {"delivered", "relayed", "expanded"})
        if (equals_ignoring_case(action, reached)) return Kind::delivered;
    return Kind::bounce;
}

BounceRows::BounceRows(SQLite::Database& db)
    : db_(db),
      insert_(db, R"sql(
          INSERT INTO bounces (message, recipient, kind, arrived, address, reason, category, type, status, smtp_code, action,
                               diagnostic, remote_mta, rule, matched, decision, cause, set_aside)
          VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"),
      keep_(db, "INSERT INTO originals (bounce, mailing, message) VALUES (?, ?, ?)") {}

std::int64_t BounceRows::add(std::int64_t message, std::int64_t recipient, Kind kind, Time arrived,
                             const BounceRecord& bounce, const Decision& decision, Standing standing) {
    run(insert_, message, recipient, std::string(name(kind)), to_unix(arrived), bounce.address,
        std::string(name(bounce.reason)), std::string(name(bounce.category)), std::string(name(bounce.type)),
        bounce.status, bounce.smtp_code, bounce.action, bounce.diagnostic, bounce.remote_mta, bounce.rule,
        bounce.matched, std::string(name(decision.action)), decision.cause,
        static_cast<std::int64_t>(standing == Standing::set_aside));
    const std::int64_t id = db_.getLastInsertRowid();
    const bool counts = kind == Kind::bounce && standing == Standing::counts && recipient != 0;
    if (counts && bounce.type == BounceType::soft && !bounce.original.empty()) {
        keep_.bind(3, bounce.original.data(), static_cast<int>(bounce.original.size()));
        run(keep_, id, bounce.original_mailing);
    }
    return id;
}

} // namespace nixie
