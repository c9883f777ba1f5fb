// The steps of the journal's schema, as SQL; steps.cpp takes them in order. The first are in schema_first_steps.hpp.
#pragma once

#include <array>

#include "store/schema_first_steps.hpp"
#include "store/schema_words.hpp"

namespace nixie {

inline constexpr const char* retention = R"sql(
CREATE TABLE bases (
    -- Where a recipient stood after the reports that retention has removed: the columns are those of recipients.
    recipient       INTEGER PRIMARY KEY REFERENCES recipients (id),
    state           TEXT NOT NULL,
    window          INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    last_bounce     INTEGER NOT NULL,
    soft_bounces    INTEGER NOT NULL,
    hard_bounces    INTEGER NOT NULL,
    blocked_bounces INTEGER NOT NULL,
    last_success    INTEGER NOT NULL,
    complaints      INTEGER NOT NULL,
    ground          TEXT NOT NULL,
    strikes         TEXT NOT NULL
) STRICT;
ALTER TABLE interventions ADD COLUMN folded INTEGER NOT NULL DEFAULT 0; -- 1: part of the recipient's base
CREATE INDEX messages_by_first ON messages (duplicate_of) WHERE duplicate_of IS NOT NULL;
)sql";

/// Each way to tell events has its own progress.
inline constexpr const char* deliveries = R"sql(
CREATE TABLE outbox_deliveries (
    -- One row for each event and each configured way that wants it, made when the event is first looked at.
    id           INTEGER PRIMARY KEY,
    event        INTEGER NOT NULL REFERENCES outbox (id),
    way          TEXT NOT NULL,                      -- name of the [[notify]]
    recipient    INTEGER,                            -- the event's: its events leave in order, each way for itself
    since        INTEGER NOT NULL,                   -- unix seconds: from when the tries are counted
    attempts     INTEGER NOT NULL DEFAULT 0,         -- how often delivering it failed
    ready_at     INTEGER NOT NULL,                   -- unix seconds: not to be tried before
    last_error   TEXT NOT NULL DEFAULT '',
    dead_at      INTEGER,                            -- unix seconds: given up, a dead letter; NULL otherwise
    delivered_at INTEGER,                            -- unix seconds; NULL while on its way
    UNIQUE (event, way)
) STRICT;
CREATE INDEX deliveries_open ON outbox_deliveries (way, event) WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX deliveries_of_recipient ON outbox_deliveries (recipient, way, event)
    WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX deliveries_dead ON outbox_deliveries (id) WHERE dead_at IS NOT NULL;

ALTER TABLE outbox ADD COLUMN addressed_at INTEGER;  -- unix seconds: when its deliveries were made; NULL: not yet
CREATE INDEX outbox_to_address ON outbox (id) WHERE addressed_at IS NULL AND delivered_at IS NULL;
)sql";

/// What only ever grows, for metrics. What is in the journal already counts.
inline constexpr const char* counters_for_metrics = R"sql(
CREATE TABLE counters (
    -- What was counted since the journal began; nothing that leaves the journal is taken back.
    metric  TEXT NOT NULL,                           -- messages, bounces, errors, latency or latency-sum
    mailbox TEXT NOT NULL,
    label   TEXT NOT NULL,                           -- messages: kind; bounces: type/category; errors: cause; latency, from
                                                     -- arrival to filing: at most so many seconds, or inf
    value   INTEGER NOT NULL,                        -- latency-sum: seconds
    PRIMARY KEY (metric, mailbox, label)
) STRICT, WITHOUT ROWID;
INSERT INTO counters SELECT 'messages', mailbox, kind, count(*) FROM messages
    WHERE recorded_at IS NOT NULL AND failure = '' AND duplicate_of IS NULL GROUP BY mailbox, kind;
INSERT INTO counters SELECT 'bounces', m.mailbox, b.type || '/' || b.category, count(*)
    FROM bounces AS b JOIN messages AS m ON m.id = b.message WHERE b.kind = 'bounce' GROUP BY 2, 3;
)sql";

/// What the worker sends again itself.
inline constexpr const char* resends = R"sql(
CREATE TABLE originals (
    -- Messages that reports returned whole, as long as they may have to be sent again: until the try is made.
    bounce  INTEGER PRIMARY KEY REFERENCES bounces (id) ON DELETE CASCADE,
    mailing TEXT NOT NULL,                           -- that the signed return path named
    message BLOB NOT NULL
) STRICT;

CREATE TABLE resends (
    -- One row a due try that the worker took on. Written before anything is sent, so that no crash makes it two.
    id        INTEGER PRIMARY KEY,
    recipient INTEGER NOT NULL REFERENCES recipients (id),
    due_at    INTEGER NOT NULL,                      -- unix seconds: which try
    domain    TEXT NOT NULL,                         -- the recipient's, for the limit an hour
    begun_at  INTEGER NOT NULL,                      -- unix seconds
    outcome   TEXT NOT NULL CHECK (outcome IN ('begun', 'sent', 'unknown', 'not-taken', 'handed-over')),
                                                     -- begun: under way, or cut off; unknown: it may have been sent, and is not
                                                     -- sent again; handed-over: left to people, by a due event
    detail    TEXT NOT NULL DEFAULT '',              -- the message's new id, or why not
    UNIQUE (recipient, due_at)
) STRICT;
CREATE INDEX resends_by_domain ON resends (domain, begun_at);
)sql";

/// What is done for each message costs the same in a small journal and in a large one.
inline constexpr const char* same_cost_at_any_size = R"sql(
-- A part of the digest finds nearly always one message only, in a quarter of the space.
DROP INDEX messages_by_content;
CREATE INDEX messages_by_content ON messages (substr(sha256, 1, 12)) WHERE sha256 <> '';
DROP INDEX messages_by_folder;
CREATE INDEX messages_by_recording ON messages (recorded_at) WHERE duplicate_of IS NULL;
DROP INDEX retries_open;
CREATE INDEX retries_by_recipient ON retries (recipient, outcome);
CREATE INDEX recipients_given_up ON recipients (last_bounce) WHERE state IN ('suppressed', 'exhausted');
DROP INDEX outbox_to_deliver;
DROP INDEX outbox_by_recipient;

-- No references any more: for each bounce that is removed SQLite would look through the whole table for them.
ALTER TABLE recipients ADD COLUMN newest INTEGER;
UPDATE recipients SET newest = newest_soft_bounce WHERE newest_soft_bounce IS NOT NULL;
ALTER TABLE recipients DROP COLUMN newest_soft_bounce;
ALTER TABLE recipients ADD COLUMN newest_soft_bounce INTEGER; -- row of bounces: the soft one that arrived last
UPDATE recipients SET newest_soft_bounce = newest WHERE newest IS NOT NULL;
ALTER TABLE recipients DROP COLUMN newest;

ALTER TABLE suppressions ADD COLUMN report INTEGER;
UPDATE suppressions SET report = bounce;
ALTER TABLE suppressions DROP COLUMN bounce;
ALTER TABLE suppressions ADD COLUMN bounce INTEGER; -- row of bounces: the report; NULL where a person said so
UPDATE suppressions SET bounce = report;
ALTER TABLE suppressions DROP COLUMN report;
)sql";

inline constexpr const char* digests = R"sql(
CREATE TABLE digests (
    -- One row a mailbox into which reports are put, and one with the name '' for the report that is told as an event.
    name       TEXT PRIMARY KEY,
    until      INTEGER NOT NULL,                     -- unix seconds: end of the span last told of, or from when on it counts
    failures   INTEGER NOT NULL DEFAULT 0,           -- in a row
    retry_at   INTEGER NOT NULL DEFAULT 0,           -- unix seconds, after a failure
    last_error TEXT NOT NULL DEFAULT ''
) STRICT;
)sql";

/// What the sender called the original's envelope.
inline constexpr const char* envelope_ids = R"sql(
ALTER TABLE messages ADD COLUMN original_envelope_id TEXT NOT NULL DEFAULT ''; -- ENVID of RFC 3461
)sql";

/// A report that comes again in other outer headers counts no more.
inline constexpr const char* replays = R"sql(
ALTER TABLE message_rows ADD COLUMN report_digest ANY NOT NULL DEFAULT ''; -- a blob: of what stands behind the header, and
                                                     -- of the recipients; '' where no original is named
CREATE INDEX messages_by_report ON message_rows (substr(report_digest, 1, 5)) WHERE report_digest <> '' AND duplicate_of IS NULL;
)sql";

inline constexpr const char* notes_in_folders = R"sql(
CREATE TABLE notes (
    -- Messages of nixie's own that tell what is in a folder.
    mailbox TEXT NOT NULL,
    folder  TEXT NOT NULL,                           -- by its default name: a category, a kind, ordinary or quarantine
    ids     TEXT NOT NULL,                           -- Message-IDs of what may lie there, separated by spaces
    put     INTEGER NOT NULL,                        -- 1: only the one in ids lies there; 0: it was about to be put
    at      INTEGER NOT NULL,                        -- unix seconds
    PRIMARY KEY (mailbox, folder)
) STRICT, WITHOUT ROWID;
)sql";

/// Days lie together, so that a batch writes few pages and a report reads but its span. Who runs a domain's mailboxes is learned from
/// the hosts that answer: by that, what was sent to the domain was sent to its provider.
inline constexpr const char* days_of_domains = R"sql(
CREATE TABLE domain_days (
    -- What bounced, by arrival, and what was sent; of the part of an address behind the '@'.
    day     INTEGER NOT NULL,                        -- unix seconds: its beginning
    domain  TEXT NOT NULL,
    sent    INTEGER NOT NULL,
    hard    INTEGER NOT NULL,
    soft    INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    PRIMARY KEY (day, domain)
) STRICT, WITHOUT ROWID;
INSERT INTO domain_days SELECT at, name, sent, hard, soft, blocked FROM tallies WHERE scope = 'domain';
DELETE FROM tallies WHERE scope = 'domain';
CREATE TABLE domain_providers (
    -- Of domains whose mail is not taken by hosts of their own.
    domain   TEXT PRIMARY KEY,
    provider TEXT NOT NULL                           -- registrable domain of the host that answered last
) STRICT, WITHOUT ROWID;
)sql";

/// Step i leads from version i to version i + 1. A step that was ever released is never changed.
inline constexpr std::array<const char*, 18> schema_steps{first_version,
                                                          state_of_mailboxes,
                                                          answers,
                                                          time_of_tries,
                                                          clock_and_commands,
                                                          settings_of_journal,
                                                          counts_and_troubles,
                                                          retention,
                                                          deliveries,
                                                          counters_for_metrics,
                                                          resends,
                                                          same_cost_at_any_size,
                                                          digests,
                                                          envelope_ids,
                                                          words_kept_once,
                                                          replays,
                                                          notes_in_folders,
                                                          days_of_domains};

} // namespace nixie
