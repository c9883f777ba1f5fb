// What people said by moving messages: recorded, applied, withdrawn, told.
#include "store/store_impl.hpp"
#include "store/verdicts.hpp"

namespace nixie {
namespace {

struct Held {
    std::int64_t id = 0; ///< 0: no correction holds
    std::string from;
};

class Answers {
  public:
    Answers(SQLite::Database& db, Texts& texts, const RetryPolicies& policies, Time now, Events events)
        : db_(db),
          now_(now),
          verdicts_(db, texts, policies, now, events),
          held_(db, "SELECT id, from_folder FROM corrections WHERE message = ? AND withdrawn_at IS NULL"),
          withdraw_(db, "UPDATE corrections SET withdrawn_at = ? WHERE id = ?"),
          add_(db, R"sql(
              INSERT INTO corrections (message, from_folder, to_folder, made_by, seen_at)
              VALUES (?, ?, ?, 'moved', ?))sql") {}

    void take(const Answer& answer) {
        const Held held = held_by(answer.message);
        const std::string from = held.id != 0 ? held.from : folder_of(answer.message);
        if (from == answer.folder && held.id == 0) return; // it lies where it belongs
        if (held.id != 0) run(withdraw_, to_unix(now_), held.id);
        if (held.id != 0 && from == answer.folder && answer.judged.folder == answer.folder) {
            // Back where the rules have it: as if it had never been moved.
            verdicts_.replace(answer.message, answer.judged);
            return;
        }
        run(add_, answer.message, from, answer.folder, to_unix(now_));
        MessageRecord record = answer.corrected;
        record.folder = answer.folder;
        verdicts_.replace(answer.message, record);
    }

  private:
    Held held_by(std::int64_t message) {
        if (!find_row(held_, message)) return {};
        return {held_.getColumn(0).getInt64(), held_.getColumn(1).getString()};
    }
    std::string folder_of(std::int64_t message) {
        SQLite::Statement select(db_, "SELECT folder FROM messages WHERE id = ?");
        return find_row(select, message) ? select.getColumn(0).getString() : "";
    }

    SQLite::Database& db_;
    Time now_;
    Verdicts verdicts_;
    SQLite::Statement held_, withdraw_, add_;
};

/// Whom the message of a correction concerns.
std::vector<std::string> addresses_of(SQLite::Statement& select, std::int64_t message) {
    std::vector<std::string> out;
    for (bool more = find_row(select, message); more; more = select.executeStep())
        out.push_back(select.getColumn(0).getString());
    return out;
}

/// Puts what reprocess found into the journal, and marks what is to leave its folder.
class Rejudging {
  public:
    Rejudging(SQLite::Database& db, Texts& texts, const RetryPolicies& policies, Time now, Events events)
        : verdicts_(db, texts, policies, now, events),
          known_(db, R"sql(
              SELECT failure <> '' AND quarantined_at IS NOT NULL,
                     EXISTS (SELECT 1 FROM corrections WHERE message = messages.id AND withdrawn_at IS NULL)
              FROM messages WHERE id = ?)sql"),
          leave_(db, R"sql(
              UPDATE places SET leaving = 1
              WHERE uid = ? AND folder = (SELECT id FROM folders WHERE mailbox = ? AND folder = ?))sql") {}

    bool take(const Rejudged& message) {
        if (!find_row(known_, message.message) || known_.getColumn(1).getInt() != 0) return false;
        if (known_.getColumn(0).getInt() != 0) verdicts_.read_at_last(message.message, message.record);
        known_.reset();
        const bool changed = verdicts_.replace(message.message, message.record);
        if (message.record.folder != message.place.folder)
            run(leave_, Uid{message.place.uid}, message.record.key.mailbox, message.place.folder);
        return changed;
    }

  private:
    Verdicts verdicts_;
    SQLite::Statement known_, leave_;
};

} // namespace

Result<std::vector<bool>> Store::rejudge(std::span<const Rejudged> messages, const RetryPolicies& policies, Time now,
                                         Events events) {
    return impl_->write([&](SQLite::Database& db) {
        Texts texts(db, impl_->sightings);
        Rejudging rejudging(db, texts, policies, now, events);
        std::vector<bool> out;
        for (const auto& message : messages) {
            Rejudged kept = message;
            kept.record = impl_->keeper.kept(std::move(kept.record));
            out.push_back(rejudging.take(kept));
        }
        return out;
    });
}

Result<void> Store::answer(std::span<const Answer> answers, const RetryPolicies& policies, Time now, Events events) {
    return impl_->write([&](SQLite::Database& db) {
        Texts texts(db, impl_->sightings);
        Answers taken(db, texts, policies, now, events);
        for (const auto& answer : answers) {
            Answer kept = answer;
            kept.judged = impl_->keeper.kept(std::move(kept.judged));
            kept.corrected = impl_->keeper.kept(std::move(kept.corrected));
            taken.take(kept);
        }
    });
}

Result<std::vector<Correction>> Store::corrections(Time since) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT c.id, c.seen_at, c.withdrawn_at, m.mailbox, c.from_folder, c.to_folder, c.made_by, m.original_subject,
                   m.original_message_id, m.id
            FROM corrections AS c JOIN messages AS m ON m.id = c.message
            WHERE c.seen_at >= ? OR c.withdrawn_at >= ?1 ORDER BY c.seen_at, c.id)sql");
        SQLite::Statement addresses(db, "SELECT address FROM bounces WHERE message = ? AND address <> '' ORDER BY id");
        bind_all(select, to_unix(since));
        std::vector<Correction> out;
        while (select.executeStep()) {
            Correction correction;
            correction.id = select.getColumn(0).getInt64();
            correction.seen = from_unix(select.getColumn(1).getInt64());
            correction.withdrawn = from_unix(select.getColumn(2).getInt64()); // NULL reads as 0
            correction.mailbox = select.getColumn(3).getString();
            correction.from = select.getColumn(4).getString();
            correction.to = select.getColumn(5).getString();
            correction.by = select.getColumn(6).getString();
            correction.subject = select.getColumn(7).getString();
            correction.original_message_id = select.getColumn(8).getString();
            correction.addresses = addresses_of(addresses, select.getColumn(9).getInt64());
            out.push_back(std::move(correction));
        }
        return out;
    });
}

} // namespace nixie
