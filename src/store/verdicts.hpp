// Another verdict on a message that is recorded already: by newer rules, or by a person's answer.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <set>

#include "store/bounces.hpp"
#include "store/recipients.hpp"
#include "store/store.hpp"

namespace nixie {

/// Works inside the caller's transaction. Throws SQLite::Exception.
class Verdicts {
  public:
    Verdicts(SQLite::Database& db, Texts& texts, const RetryPolicies& policies, Time now, Events events)
        : db_(db), texts_(texts), policies_(policies), now_(now), events_(events), recipients_(db), rows_(db, texts) {}

    /// Makes kind, folder and recipients of the message `id` those of `record`, and rebuilds the history of every recipient
    /// that it named or names. Facts that are no verdict (key, content, arrival) stay. Counts nothing anew: the message is the
    /// same. Answers whether anything but the folder is different.
    bool replace(std::int64_t id, const MessageRecord& record);
    /// For a message that went to quarantine and can be read now: takes in the facts, to be followed by replace().
    void read_at_last(std::int64_t id, const MessageRecord& record);

  private:
    [[nodiscard]] bool is_same(std::int64_t id, const MessageRecord& record) const;
    std::set<std::int64_t> remove(std::int64_t id);
    void add(std::int64_t id, const MessageRecord& record, Standing standing, std::set<std::int64_t>& concerned);
    void tell(const MessageRecord& record, std::int64_t recipient, const History& before, const Decision& now);

    SQLite::Database& db_;
    Texts& texts_;
    const RetryPolicies& policies_;
    Time now_;
    Events events_;
    Recipients recipients_;
    BounceRows rows_;
};

} // namespace nixie
