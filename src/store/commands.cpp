// What people do to recipients, and what they tell of them.
#include "store/events.hpp"
#include "store/rebuild.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"

namespace nixie {

Result<std::vector<bool>> Store::carry_out(Order order, std::span<const std::string> addresses, std::string_view cause,
                                           const RetryPolicy& policy, Time now, Events events) {
    return impl_->write([&](SQLite::Database& db) {
        Recipients recipients(db);
        EventQueue queue(db, events, now);
        std::vector<bool> out;
        for (const auto& address : addresses) {
            const std::string kept = impl_->keeper.kept(address);
            auto row = recipients.find(kept);
            if (!row && order == Order::suppress) row = recipients.take(kept);
            out.push_back(row.has_value());
            if (!row) continue;
            auto decision = nixie::carry_out(order, row->history, policy, now);
            if (!cause.empty()) decision.cause.append(": ").append(cause);
            recipients.apply(*row, decision, 0, now);
            recipients.note(*row, now, name(order), decision.cause);
            queue.add(events_without_report(row->address, row->history.state, decision, now, db.getLastInsertRowid()),
                      row->id);
        }
        return out;
    });
}

Result<std::optional<State>> Store::correct(std::string_view address, const CorrectVerdict& verdict,
                                            const RetryPolicies& policies, Time now, Events events) {
    return impl_->write([&](SQLite::Database& db) -> std::optional<State> {
        SQLite::Statement newest(db, R"sql(
            SELECT b.id, b.recipient, b.reason, b.type FROM bounces AS b JOIN recipients AS r ON r.id = b.recipient
            WHERE lower(r.address) = ? AND b.kind = 'bounce' ORDER BY b.arrived DESC, b.id DESC LIMIT 1)sql");
        if (!find_row(newest, recipient_key(impl_->keeper.kept(address)))) return std::nullopt;
        const std::int64_t bounce = newest.getColumn(0).getInt64(), recipient = newest.getColumn(1).getInt64();
        const Reason reason =
            verdict.reason.value_or(find_reason(newest.getColumn(2).getString()).value_or(Reason::undefined));
        const BounceType was = find_bounce_type(newest.getColumn(3).getString()).value_or(BounceType::soft);
        const BounceType type = verdict.type.value_or(verdict.reason ? info(reason).type : was);
        newest.reset();
        SQLite::Statement update(db, R"sql(
            UPDATE bounce_rows SET reason = ?, category = ?, type = ?, set_aside = ?, held = 0, rule = ? WHERE id = ?)sql");
        Texts texts(db, impl_->sightings);
        run(update, texts.word(name(reason)), texts.word(name(info(reason).category)), texts.word(name(type)),
            verdict.is_void ? 1 : 0, texts.word("corrected"), bounce);
        const Rebuilt rebuilt = rebuild(db, recipient, policies);
        EventQueue(db, events, now)
            .add(events_without_report(std::string(impl_->keeper.kept(address)), rebuilt.before.state,
                                       {rebuilt.after.state == State::clear ? Action::clear : rebuilt.last.action,
                                        "a person corrected the verdict: " + rebuilt.last.cause, rebuilt.after},
                                       now, bounce),
                 recipient);
        return state_at(rebuilt.after, policies.of(rebuilt.mailbox), now);
    });
}

Result<SuccessSummary> Store::succeeded(std::span<const Success> successes, const RetryPolicy& policy, Time now,
                                        Events events) {
    return impl_->write([&](SQLite::Database& db) {
        Recipients recipients(db);
        EventQueue queue(db, events, now);
        SuccessSummary summary;
        for (const auto& success : successes) {
            const auto row = recipients.find(impl_->keeper.kept(success.address));
            if (!row) continue;
            ++summary.known;
            const auto decision = decide({Kind::delivered, {}, success.at}, row->history, policy, now);
            if (decision.action != Action::clear) continue;
            recipients.apply(*row, decision, 0, success.at); // an older bounce, read later, is to find it
            const bool spotless = row->history.state == State::clear && row->history.strikes.empty();
            if (spotless) {
                recipients.note_newest(*row, success.at, name(Kind::delivered), "reached, with nothing against it");
                continue;
            }
            ++summary.cleared;
            recipients.note(*row, success.at, name(Kind::delivered), decision.cause);
            queue.add(
                events_without_report(row->address, row->history.state, decision, success.at, db.getLastInsertRowid()),
                row->id);
        }
        return summary;
    });
}

Result<void> Store::suppressions(const std::function<void(const Suppression&)>& each) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT r.address, s.since, s.ground, s.cause
            FROM suppressions AS s JOIN recipients AS r ON r.id = s.recipient ORDER BY s.since, s.recipient)sql");
        while (select.executeStep())
            each({select.getColumn(0).getString(), from_unix(select.getColumn(1).getInt64()),
                  find_ground(select.getColumn(2).getString()), select.getColumn(3).getString()});
    });
}

} // namespace nixie
