// Verdicts that were held while the sender seemed to be in trouble, and what people decide of them.
#include "store/events.hpp"
#include "store/provider.hpp"
#include "store/rebuild.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"
#include "store/troubles.hpp"

namespace nixie {
namespace {

constexpr const char* select_held =
    "SELECT b.id, r.address, b.arrived, b.reason, b.diagnostic, t.id, t.what, b.category, b.type, m.campaign, r.id, "
    "m.mailbox"
    " FROM bounces AS b JOIN recipients AS r ON r.id = b.recipient JOIN troubles AS t ON t.id = b.trouble"
    " JOIN messages AS m ON m.id = b.message WHERE b.held = 1 ORDER BY +b.id";

HeldVerdict held_in(const SQLite::Statement& row) {
    HeldVerdict out;
    out.address = row.getColumn(1).getString();
    out.arrived = from_unix(row.getColumn(2).getInt64());
    out.reason = find_reason(row.getColumn(3).getString()).value_or(Reason::undefined);
    out.diagnostic = row.getColumn(4).getString();
    out.trouble = row.getColumn(5).getInt64();
    out.what = row.getColumn(6).getString();
    out.campaign = row.getColumn(9).getString();
    return out;
}

struct HeldRow {
    std::int64_t bounce = 0;
    HeldVerdict verdict;
    Incident incident;
    std::string mailbox;
};

std::vector<HeldRow> wanted_rows(SQLite::Database& db, const HeldChoice& choice) {
    SQLite::Statement select(db, select_held);
    std::vector<HeldRow> out;
    while (select.executeStep()) {
        HeldRow row{select.getColumn(0).getInt64(), held_in(select), {}, select.getColumn(11).getString()};
        if (choice.trouble != 0 && row.verdict.trouble != choice.trouble) continue;
        if (!choice.address.empty() && recipient_key(row.verdict.address) != recipient_key(choice.address)) continue;
        row.incident.arrived = row.verdict.arrived;
        row.incident.reason = row.verdict.reason;
        row.incident.category = find_category(select.getColumn(7).getString()).value_or(Category::other);
        row.incident.type = find_bounce_type(select.getColumn(8).getString()).value_or(BounceType::hard);
        out.push_back(std::move(row));
    }
    return out;
}

/// A hard bounce of an address that one of them suppressed.
struct SuppressingRow {
    std::int64_t bounce = 0;
    std::string cause;
    Counted counted;
};

/// But for what a person said.
std::vector<SuppressingRow> suppressing_rows(SQLite::Database& db, Time since) {
    SQLite::Statement select(db, R"sql(
        SELECT b.id, b.cause, b.recipient, b.address, b.remote_mta, m.reporting_mta, m.campaign, b.arrived
        FROM suppressions AS s
            JOIN bounces AS b ON b.recipient = s.recipient AND b.arrived > ?1 JOIN messages AS m ON m.id = b.message
        WHERE s.since > ?1 AND s.ground = 'hard-bounce'
          AND b.kind = 'bounce' AND b.type = 'hard' AND b.held = 0 AND NOT b.set_aside
          AND NOT EXISTS (SELECT 1 FROM corrections AS c WHERE c.message = m.id AND c.withdrawn_at IS NULL)
        ORDER BY b.id)sql");
    bind_all(select, to_unix(since));
    std::vector<SuppressingRow> out;
    while (select.executeStep()) {
        SuppressingRow row{select.getColumn(0).getInt64(), select.getColumn(1).getString(), {}};
        row.counted.recipient = select.getColumn(2).getInt64();
        row.counted.provider = provider_of(select.getColumn(3).getString(), select.getColumn(4).getString(),
                                           select.getColumn(5).getString());
        row.counted.campaign = select.getColumn(6).getString();
        row.counted.arrived = from_unix(select.getColumn(7).getInt64());
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace

std::set<std::int64_t> hold_earlier(SQLite::Database& db, const TroubleWatch& troubles, const RetryPolicies& policies,
                                    Time now, EventQueue& events, Texts& texts) {
    SQLite::Statement hold(db, "UPDATE bounce_rows SET held = 1, trouble = ?, decision = ?, cause = ? WHERE id = ?");
    std::set<std::int64_t> concerned;
    for (const auto& row : suppressing_rows(db, troubles.since())) {
        const std::int64_t trouble = troubles.holds(row.counted);
        if (trouble == 0) continue;
        run(hold, trouble, texts.word(name(Action::hold)),
            "held afterwards, for the sender seems to have been in trouble: " + row.cause, row.bounce);
        concerned.insert(row.counted.recipient);
    }
    Recipients recipients(db);
    for (const std::int64_t recipient : concerned) {
        const Rebuilt rebuilt = rebuild(db, recipient, policies);
        const Decision decision{Action::hold, "what suppressed it is held, for the sender seems to be in trouble",
                                rebuilt.after};
        events.add(
            events_without_report(recipients.row(recipient).address, rebuilt.before.state, decision, now, recipient),
            recipient);
    }
    return concerned;
}

Result<void> Store::held(const std::function<void(const HeldVerdict&)>& each) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, select_held);
        while (select.executeStep()) each(held_in(select));
    });
}

Result<std::size_t> Store::settle_held(HeldFate fate, const HeldChoice& asked, const RetryPolicies& policies, Time now,
                                       Events events) {
    HeldChoice choice = asked;
    choice.address = impl_->keeper.kept(asked.address);
    return impl_->write([&](SQLite::Database& db) {
        Recipients recipients(db);
        EventQueue queue(db, events, now);
        Texts texts(db, impl_->sightings);
        SQLite::Statement note(db, "UPDATE bounce_rows SET held = ?, decision = ?, cause = ? WHERE id = ?");
        const auto rows = wanted_rows(db, choice);
        for (const auto& held : rows) {
            if (fate == HeldFate::drop) {
                run(note, 2, texts.word(name(Action::none)), "held and dropped by command", held.bounce);
                continue;
            }
            const RecipientRow row = recipients.take(held.verdict.address);
            auto decision = decide(held.incident, row.history, policies.of(held.mailbox), now);
            decision.cause += ", held and released by command";
            recipients.apply(row, decision, held.bounce, held.verdict.arrived);
            run(note, 0, texts.word(name(decision.action)), decision.cause, held.bounce);
            queue.add(events_without_report(row.address, row.history.state, decision, now, held.bounce), row.id);
        }
        // Who has decided on all of a trouble is not told of the same again at once.
        SQLite::Statement end(db, R"sql(
            UPDATE troubles SET ended_at = ?, ended_by = 'person'
            WHERE ended_at IS NULL AND (?2 = 0 OR id = ?2) AND ?3 = ''
              AND NOT EXISTS (SELECT 1 FROM bounce_rows WHERE held = 1 AND trouble = troubles.id))sql");
        run(end, to_unix(now), choice.trouble, choice.address);
        return rows.size();
    });
}

std::vector<Trouble> read_troubles(SQLite::Database& db) {
    SQLite::Statement select(db, R"sql(
        SELECT t.id, t.scope, t.name, t.since, t.last_seen, t.what, t.ended_at IS NULL,
               (SELECT count(*) FROM bounce_rows WHERE held = 1 AND trouble = t.id)
        FROM troubles AS t
        WHERE t.ended_at IS NULL OR t.id IN (SELECT trouble FROM bounce_rows WHERE held = 1) ORDER BY t.id)sql");
    std::vector<Trouble> out;
    while (select.executeStep())
        out.push_back({select.getColumn(0).getInt64(), select.getColumn(1).getString(), select.getColumn(2).getString(),
                       from_unix(select.getColumn(3).getInt64()), from_unix(select.getColumn(4).getInt64()),
                       select.getColumn(5).getString(), select.getColumn(6).getInt() != 0,
                       select.getColumn(7).getInt64()});
    return out;
}

Result<std::vector<Trouble>> Store::troubles() {
    return impl_->read([](SQLite::Database& db) { return read_troubles(db); });
}

} // namespace nixie
