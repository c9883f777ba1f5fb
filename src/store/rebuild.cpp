#include "store/rebuild.hpp"

#include "store/past.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"

namespace nixie {

Rebuilt rebuild(SQLite::Database& db, std::int64_t recipient, const RetryPolicies& policies) {
    Recipients recipients(db);
    RecipientRow row = recipients.row(recipient);
    Rebuilt out{row.history, {}, {Action::none, "nothing is recorded against the address any more", {}}, {}};
    recipients.reset(row);
    row.history = {};
    const Decision base{Action::none, "reports that are kept no longer", base_of(db, recipient)};
    recipients.apply(row, base, 0, base.history.last_bounce);
    row.history = base.history;
    out.last.history = base.history;
    Sightings none;
    Texts texts(db, none);
    SQLite::Statement note(db, "UPDATE bounce_rows SET decision = ?, cause = ? WHERE id = ?");
    for (const auto& step : past_of(db, recipient)) {
        auto decision = replay(step, row.history, policies);
        recipients.apply(row, decision, step.bounce, step.incident.arrived);
        const bool is_soft = step.incident.kind == Kind::bounce && step.incident.type == BounceType::soft;
        if (step.bounce != 0) {
            run(note, texts.word(name(decision.action)), texts.text(decision.cause, ""), step.bounce);
            if (is_soft) {
                recipients.set_newest_soft_bounce(row, step.bounce);
                out.mailbox = step.mailbox;
            }
        }
        row.history = decision.history;
        out.last = std::move(decision);
    }
    recipients.drop_originals(recipient);
    out.after = row.history;
    return out;
}

} // namespace nixie
