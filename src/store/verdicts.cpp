#include "store/verdicts.hpp"

#include <map>
#include <tuple>

#include "base/text.hpp"
#include "store/events.hpp"
#include "store/rebuild.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// By address: kind of its part, reason, category, type.
using Meanings = std::map<std::string, std::tuple<std::string, std::string, std::string, std::string>>;

Meanings meanings_of(const MessageRecord& record) {
    Meanings out;
    for (const auto& bounce : record.bounces) {
        const Kind kind = kind_of_part(record.kind, bounce.action);
        out.try_emplace(to_lower(bounce.address), name(kind), name(bounce.reason), name(bounce.category),
                        name(bounce.type));
    }
    return out;
}

Meanings meanings_in(SQLite::Database& db, std::int64_t id) {
    SQLite::Statement select(db, "SELECT address, kind, reason, category, type FROM bounces WHERE message = ?");
    bind_all(select, id);
    Meanings out;
    while (select.executeStep())
        out.try_emplace(to_lower(select.getColumn(0).getString()), select.getColumn(1).getString(),
                        select.getColumn(2).getString(), select.getColumn(3).getString(),
                        select.getColumn(4).getString());
    return out;
}

std::string kind_in(SQLite::Database& db, std::int64_t id) {
    SQLite::Statement select(db, "SELECT kind FROM messages WHERE id = ?");
    return find_row(select, id) ? select.getColumn(0).getString() : "";
}

} // namespace

bool Verdicts::is_same(std::int64_t id, const MessageRecord& record) const {
    if (kind_in(db_, id) != name(record.kind)) return false;
    // Of other kinds only what an earlier verdict left is in the table.
    return !concerns_recipients(record.kind) || meanings_in(db_, id) == meanings_of(record);
}

bool Verdicts::replace(std::int64_t id, const MessageRecord& record) {
    SQLite::Statement file(db_, R"sql(
        UPDATE message_rows SET folder = ?2, quarantined_at = CASE WHEN folder = ?2 THEN quarantined_at END
        WHERE id = ?1 OR duplicate_of = ?1)sql");
    run(file, id, texts_.word(record.folder));
    if (is_same(id, record)) return false;
    SQLite::Statement update(db_, "UPDATE message_rows SET kind = ?, format = ?, feedback_type = ? WHERE id = ?");
    run(update, texts_.word(name(record.kind)), texts_.word(record.format), texts_.text(record.feedback_type, ""), id);

    std::set<std::int64_t> concerned = remove(id);
    add(id, record, concerns_recipients(record.kind) ? Standing::counts : Standing::set_aside, concerned);
    for (const std::int64_t recipient : concerned) {
        const Rebuilt rebuilt = rebuild(db_, recipient, policies_);
        tell(record, recipient, rebuilt.before, rebuilt.last);
    }
    return true;
}

void Verdicts::add(std::int64_t id, const MessageRecord& record, Standing standing, std::set<std::int64_t>& concerned) {
    SQLite::Statement select(db_, "SELECT arrived FROM messages WHERE id = ?");
    const Time arrived = find_row(select, id) ? from_unix(select.getColumn(0).getInt64()) : record.arrived;
    const Decision undecided{Action::none, "the message is taken for another kind", {}};
    std::set<std::string> seen;
    for (const auto& bounce : record.bounces) {
        if (!seen.insert(to_lower(bounce.address)).second) continue;
        const std::int64_t recipient = bounce.address.empty() ? 0 : recipients_.take(bounce.address).id;
        // What never counted leaves no trace when it does not count now either.
        if (standing == Standing::set_aside && !concerned.contains(recipient)) continue;
        rows_.add(id, recipient, kind_of_part(record.kind, bounce.action), arrived, bounce, undecided, standing);
        if (recipient != 0) concerned.insert(recipient);
    }
}

void Verdicts::read_at_last(std::int64_t id, const MessageRecord& record) {
    SQLite::Statement update(db_, R"sql(
        UPDATE message_rows SET sha256 = ?, size = ?, arrived = ?, reporting_mta = ?, original_message_id = ?,
                            original_envelope_id = ?, original_subject = ?, campaign = ?, failure = ''
        WHERE id = ?)sql");
    const std::string whose = record.bounces.empty() ? "" : to_lower(record.bounces.front().address);
    run(update, Digest{record.sha256}, static_cast<std::int64_t>(record.size), to_unix(record.arrived),
        texts_.text(record.reporting_mta, whose), record.original_message_id, record.original_envelope_id,
        texts_.text(record.original_subject, whose), texts_.text(record.campaign, whose), id);
}

/// The recipients that the message named. What refers to its rows is made anew by rebuild().
std::set<std::int64_t> Verdicts::remove(std::int64_t id) {
    SQLite::Statement select(db_,
                             "SELECT DISTINCT recipient FROM bounce_rows WHERE message = ? AND recipient IS NOT NULL");
    bind_all(select, id);
    std::set<std::int64_t> out;
    while (select.executeStep()) out.insert(select.getColumn(0).getInt64());
    select.reset();
    for (const std::int64_t recipient : out) recipients_.release(recipient);
    SQLite::Statement clear(db_, "DELETE FROM bounce_rows WHERE message = ?");
    run(clear, id);
    return out;
}

void Verdicts::tell(const MessageRecord& record, std::int64_t recipient, const History& before, const Decision& now) {
    EventQueue queue(db_, events_, now_);
    if (!queue.wanted()) return;
    const std::string address = recipients_.row(recipient).address;
    BounceRecord bounce;
    for (const auto& candidate : record.bounces)
        if (equals_ignoring_case(candidate.address, address)) bounce = candidate;
    bounce.address = address;
    queue.add(events_of_correction(record, bounce, before.state, now, now_), recipient);
}

} // namespace nixie
