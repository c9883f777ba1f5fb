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

BounceRows::BounceRows(SQLite::Database& db, Texts& texts)
    : db_(db),
      texts_(texts),
      insert_(db, R"sql(
          INSERT INTO bounce_rows (message, recipient, arrived, address, kind, reason, category, type, status, smtp_code, action,
                                   diagnostic, remote_mta, rule, matched, decision, cause, set_aside)
          VALUES (?1, nullif(?2, 0), ?3, nullif(?4, coalesce((SELECT address FROM recipients WHERE id = ?2), '')), ?5, ?6, ?7, ?8,
                  ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18))sql"),
      keep_(db, "INSERT INTO originals (bounce, mailing, message) VALUES (?, ?, ?)") {}

std::int64_t BounceRows::add(std::int64_t message, std::int64_t recipient, Kind kind, Time arrived,
                             const BounceRecord& bounce, const Decision& decision, Standing standing) {
    const std::string whose = to_lower(bounce.address);
    run(insert_, message, recipient, to_unix(arrived), bounce.address, texts_.word(name(kind)),
        texts_.word(name(bounce.reason)), texts_.word(name(bounce.category)), texts_.word(name(bounce.type)),
        texts_.text(bounce.status, whose), texts_.text(bounce.smtp_code, whose), texts_.text(bounce.action, whose),
        texts_.text_about(bounce.diagnostic, bounce.address), texts_.text(bounce.remote_mta, whose),
        texts_.word(bounce.rule), texts_.text_about(bounce.matched, bounce.address), texts_.word(name(decision.action)),
        texts_.text(decision.cause, whose), static_cast<std::int64_t>(standing == Standing::set_aside));
    const std::int64_t id = db_.getLastInsertRowid();
    const bool counts = kind == Kind::bounce && standing == Standing::counts && recipient != 0;
    if (counts && bounce.type == BounceType::soft && !bounce.original.empty()) {
        keep_.bind(3, bounce.original.data(), static_cast<int>(bounce.original.size()));
        run(keep_, id, bounce.original_mailing);
    }
    return id;
}

} // namespace nixie
