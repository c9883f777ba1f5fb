// The first steps of the journal's schema, until it decides on recipients and counts what bounced; see schema_steps.hpp.
#pragma once

namespace nixie {

/// SQLite keeps the comments inside the parentheses: `.schema` in the sqlite3 shell shows them.
inline constexpr const char* first_version = R"sql(
CREATE TABLE messages (
    -- One row a message. Every *_at, and arrived, is in unix seconds, UTC; '' is "not known".
    id                  INTEGER PRIMARY KEY,
    mailbox             TEXT NOT NULL,               -- the configured name
    validity            TEXT NOT NULL,               -- IMAP: UIDVALIDITY
    uid                 TEXT NOT NULL,               -- IMAP: UID; POP3: UIDL; Maildir: unique part of the file name
    stage               TEXT NOT NULL CHECK (stage IN ('planned', 'stored', 'filed')),
    attempts            INTEGER NOT NULL DEFAULT 0,  -- how often reading it was begun and not finished
    sha256              TEXT NOT NULL DEFAULT '',    -- of the content, lower-case hexadecimal
    size                INTEGER NOT NULL DEFAULT 0,  -- bytes
    arrived             INTEGER,                     -- when the mailbox received it
    kind                TEXT,                        -- bounce, delayed, delivered, auto-reply, ...
    folder              TEXT NOT NULL DEFAULT '',    -- where it goes or went, levels joined by '/'
    format              TEXT NOT NULL DEFAULT '',    -- id of the format that read the report's prose
    reporting_mta       TEXT NOT NULL DEFAULT '',
    feedback_type       TEXT NOT NULL DEFAULT '',    -- RFC 5965; complaints only
    original_message_id TEXT NOT NULL DEFAULT '',    -- of the message reported on, without angle brackets
    original_subject    TEXT NOT NULL DEFAULT '',
    campaign            TEXT NOT NULL DEFAULT '',
    failure             TEXT NOT NULL DEFAULT '',    -- why it was quarantined; '' if it was read
    duplicate_of        INTEGER REFERENCES messages (id), -- the same content, recorded earlier: not counted again
    recorded_at         INTEGER,                     -- when it became stored
    filed_at            INTEGER,
    UNIQUE (mailbox, validity, uid)
) STRICT;
CREATE INDEX messages_by_content ON messages (mailbox, sha256) WHERE sha256 <> '';
CREATE INDEX messages_to_file ON messages (mailbox, validity) WHERE stage = 'stored';
CREATE INDEX messages_by_folder ON messages (recorded_at, folder, kind) WHERE duplicate_of IS NULL;

CREATE TABLE recipients (
    -- One row an address: where it stands on the retry clock.
    id              INTEGER PRIMARY KEY,
    address_key     TEXT NOT NULL UNIQUE,            -- the address in lower case; what tells recipients apart
    address         TEXT NOT NULL,                   -- as the first report gave it
    state           TEXT NOT NULL CHECK (state IN ('clear', 'waiting', 'retried', 'exhausted', 'suppressed')),
                                                     -- "due" is waiting with due_at in the past
    window          INTEGER NOT NULL DEFAULT 0,      -- index into the configured windows; waiting and retried only
    due_at          INTEGER NOT NULL DEFAULT 0,      -- unix seconds: when another try is due; waiting and retried only
    last_bounce     INTEGER NOT NULL DEFAULT 0,      -- unix seconds: arrival of the newest report
    soft_bounces    INTEGER NOT NULL DEFAULT 0,      -- since the address was last clear
    hard_bounces    INTEGER NOT NULL DEFAULT 0,      -- ever
    blocked_bounces INTEGER NOT NULL DEFAULT 0,      -- ever
    newest_soft_bounce INTEGER REFERENCES bounces (id) -- the soft one that arrived last
) STRICT;
CREATE INDEX recipients_by_due_at ON recipients (due_at) WHERE state = 'waiting';

CREATE TABLE bounces (
    -- What one message said of one recipient, and what was decided on it. '' is "not stated".
    id         INTEGER PRIMARY KEY,
    message    INTEGER NOT NULL REFERENCES messages (id),
    recipient  INTEGER REFERENCES recipients (id),   -- NULL where the report names no address
    kind       TEXT NOT NULL,                        -- bounce, delayed, delivered or complaint: of this recipient's part
    arrived    INTEGER NOT NULL,                     -- unix seconds: arrival of the report
    address    TEXT NOT NULL,                        -- as this report gave it
    reason     TEXT NOT NULL,
    category   TEXT NOT NULL,
    type       TEXT NOT NULL,                        -- hard, soft or blocked
    status     TEXT NOT NULL,                        -- enhanced status code, RFC 3463
    smtp_code  TEXT NOT NULL,                        -- reply code, RFC 5321
    action     TEXT NOT NULL,                        -- RFC 3464: failed, delayed, delivered, relayed, expanded
    diagnostic TEXT NOT NULL,
    remote_mta TEXT NOT NULL,                        -- the host that gave the diagnostic
    rule       TEXT NOT NULL,                        -- id of the rule that gave the reason
    matched    TEXT NOT NULL,                        -- the text that rule matched
    decision   TEXT NOT NULL,                        -- none, retry, exhaust, suppress or clear
    cause      TEXT NOT NULL                         -- of the decision, for people
) STRICT;
CREATE INDEX bounces_by_recipient ON bounces (recipient, arrived);
CREATE INDEX bounces_by_message ON bounces (message);

CREATE TABLE retries (
    -- Every window a recipient ever entered. At most one of a recipient is open.
    id        INTEGER PRIMARY KEY,
    recipient INTEGER NOT NULL REFERENCES recipients (id),
    window    INTEGER NOT NULL,                      -- index into the configured windows
    since     INTEGER NOT NULL,                      -- unix seconds: arrival of the bounce that opened it
    due_at    INTEGER NOT NULL,                      -- unix seconds
    outcome   TEXT CHECK (outcome IN ('bounced', 'exhausted', 'suppressed', 'cleared', 'silent'))
                                                     -- NULL while open; silent: nothing came back, a later bounce
                                                     -- began anew
) STRICT;
CREATE INDEX retries_open ON retries (recipient) WHERE outcome IS NULL;

CREATE TABLE suppressions (
    -- The addresses not to mail, as long as that holds.
    recipient INTEGER PRIMARY KEY REFERENCES recipients (id),
    since     INTEGER NOT NULL,                      -- unix seconds: arrival of the report
    cause     TEXT NOT NULL,
    bounce    INTEGER NOT NULL REFERENCES bounces (id)
) STRICT;

CREATE TABLE outbox (
    -- Events for hooks and webhooks. Delivered ones stay, so that no key is ever used twice.
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    key          TEXT NOT NULL UNIQUE,               -- idempotency key
    recipient    INTEGER REFERENCES recipients (id), -- events of one recipient leave in the order of id
    type         TEXT NOT NULL,                      -- bounce, complaint, suppressed, exhausted, recovered, corrected
    body         TEXT NOT NULL,                      -- JSON
    attempts     INTEGER NOT NULL DEFAULT 0,         -- how often delivering it failed
    ready_at     INTEGER NOT NULL,                   -- unix seconds: not to be tried before
    last_error   TEXT NOT NULL DEFAULT '',
    delivered_at INTEGER                             -- unix seconds; NULL while on its way
) STRICT;
CREATE INDEX outbox_to_deliver ON outbox (id) WHERE delivered_at IS NULL;
CREATE INDEX outbox_by_recipient ON outbox (recipient, id) WHERE delivered_at IS NULL;
)sql";

inline constexpr const char* state_of_mailboxes = R"sql(
CREATE TABLE mailboxes (
    -- One row a mailbox: how it fares. Written by whoever works on it, read by `nixie status`. Times are unix seconds, UTC.
    name          TEXT PRIMARY KEY,                  -- the configured one
    state         TEXT NOT NULL CHECK (state IN ('working', 'idle', 'backing-off', 'refused', 'resting')),
    since         INTEGER NOT NULL,                  -- when it came into that state
    last_success  INTEGER,                           -- end of the last whole pass
    last_error    TEXT NOT NULL DEFAULT '',          -- what it failed of; '' once a pass went well
    failures      INTEGER NOT NULL DEFAULT 0,        -- in a row
    next_try      INTEGER,                           -- when it is looked at again; NULL: nobody planned that
    validity      TEXT NOT NULL DEFAULT '',          -- of its uids, as last seen
    waiting       INTEGER NOT NULL DEFAULT 0,        -- messages in its inbox that were not filed, as last seen
    waiting_since INTEGER,                           -- since when there was always one; NULL where none waits
    day           INTEGER NOT NULL DEFAULT 0,        -- which day bytes_today is of: days of UTC since 1970
    bytes_today   INTEGER NOT NULL DEFAULT 0         -- fetched on that day
) STRICT;

ALTER TABLE messages ADD COLUMN cut_at INTEGER;      -- so many bytes were read and the rest was not; NULL: all was read
ALTER TABLE messages ADD COLUMN filing_attempts INTEGER NOT NULL DEFAULT 0; -- how often its folder did not take it
ALTER TABLE messages ADD COLUMN filing_failure TEXT NOT NULL DEFAULT '';    -- why it did not, the last time
ALTER TABLE messages ADD COLUMN quarantined_at INTEGER; -- when it was given up; why is in failure or filing_failure
UPDATE messages SET quarantined_at = recorded_at WHERE failure <> '' AND stage <> 'planned';
CREATE INDEX messages_in_quarantine ON messages (mailbox, quarantined_at) WHERE quarantined_at IS NOT NULL;
)sql";

/// People's answers: where messages lie, and what was said by moving them.
inline constexpr const char* answers = R"sql(
CREATE TABLE folders (
    -- Folders of ours as they looked when they were last searched for messages that a person moved.
    id       INTEGER PRIMARY KEY,
    mailbox  TEXT NOT NULL,
    folder   TEXT NOT NULL,                          -- levels joined by '/'
    validity TEXT NOT NULL DEFAULT '',               -- IMAP: UIDVALIDITY; another one makes every uid there void
    next     TEXT NOT NULL DEFAULT '',               -- IMAP: UIDNEXT, from where to search; '' from the beginning
    mark     TEXT NOT NULL DEFAULT '',               -- the same again: nothing has come or gone
    messages INTEGER NOT NULL DEFAULT 0,
    UNIQUE (mailbox, folder)
) STRICT;

CREATE TABLE places (
    -- What lies in those folders.
    folder  INTEGER NOT NULL REFERENCES folders (id),
    uid     TEXT NOT NULL,
    message INTEGER REFERENCES messages (id),        -- of equal ones the first; NULL: not in the journal
    leaving INTEGER NOT NULL DEFAULT 0,              -- 1: about to be moved to messages.folder
    UNIQUE (folder, uid)
) STRICT;
CREATE INDEX places_by_message ON places (message);

CREATE TABLE corrections (
    -- Messages that a person moved to another folder of ours; the verdict in bounces is then that folder's.
    id           INTEGER PRIMARY KEY,
    message      INTEGER NOT NULL REFERENCES messages (id),
    from_folder  TEXT NOT NULL,                      -- where the rules had put it
    to_folder    TEXT NOT NULL,
    made_by      TEXT NOT NULL,                      -- moved
    seen_at      INTEGER NOT NULL,                   -- unix seconds
    withdrawn_at INTEGER                             -- unix seconds; NULL while it holds
) STRICT;
CREATE UNIQUE INDEX corrections_that_hold ON corrections (message) WHERE withdrawn_at IS NULL;

ALTER TABLE messages ADD COLUMN gone_at INTEGER;     -- unix seconds: seen to lie in no folder of ours any more
ALTER TABLE bounces ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0; -- 1: by a later verdict the message is of another
                                                                     -- kind, and this no part of the history
)sql";

inline constexpr const char* time_of_tries = R"sql(
ALTER TABLE messages ADD COLUMN tried_at INTEGER;    -- when reading or filing it failed the last time
)sql";

inline constexpr const char* clock_and_commands = R"sql(
ALTER TABLE recipients ADD COLUMN last_success INTEGER NOT NULL DEFAULT 0; -- unix seconds: newest sign that it works
ALTER TABLE recipients ADD COLUMN complaints INTEGER NOT NULL DEFAULT 0;   -- ever
ALTER TABLE recipients ADD COLUMN ground TEXT NOT NULL DEFAULT '';         -- hard-bounce, complaint or person: suppressed only
ALTER TABLE recipients ADD COLUMN strikes TEXT NOT NULL DEFAULT '';        -- days/type/category that thresholds count
ALTER TABLE recipients ADD COLUMN due_told INTEGER NOT NULL DEFAULT 0;     -- 1: the event that it is due was queued
UPDATE recipients SET ground = iif(hard_bounces > 0, 'hard-bounce', 'complaint') WHERE state = 'suppressed';
DROP INDEX recipients_by_due_at;
CREATE INDEX recipients_on_clock ON recipients (due_told, due_at) WHERE state IN ('waiting', 'retried');

CREATE TABLE suppressions_now (
    -- The addresses not to mail, as long as that holds.
    recipient INTEGER PRIMARY KEY REFERENCES recipients (id),
    since     INTEGER NOT NULL,                      -- unix seconds: arrival of the report, or when a person said so
    ground    TEXT NOT NULL,                         -- hard-bounce, complaint or person
    cause     TEXT NOT NULL,                         -- for people
    bounce    INTEGER REFERENCES bounces (id)        -- the report; NULL where a person said so
) STRICT;
INSERT INTO suppressions_now (recipient, since, ground, cause, bounce)
    SELECT s.recipient, s.since, r.ground, s.cause, s.bounce
    FROM suppressions AS s JOIN recipients AS r ON r.id = s.recipient;
DROP TABLE suppressions;
ALTER TABLE suppressions_now RENAME TO suppressions;
CREATE INDEX suppressions_by_since ON suppressions (since);

CREATE TABLE interventions (
    -- What was done to a recipient other than by a report.
    id           INTEGER PRIMARY KEY,
    recipient    INTEGER NOT NULL REFERENCES recipients (id),
    at           INTEGER NOT NULL,                   -- unix seconds
    command      TEXT NOT NULL,                      -- tried, suppress, clear or delivered
    cause        TEXT NOT NULL                       -- for people
) STRICT;
CREATE INDEX interventions_by_recipient ON interventions (recipient, id);
)sql";

inline constexpr const char* settings_of_journal = R"sql(
CREATE TABLE settings (
    -- What the journal itself is like.
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL                              -- addresses: plain, or the mark of the key they are hashed with
) STRICT;
)sql";

inline constexpr const char* counts_and_troubles = R"sql(
CREATE TABLE campaigns (
    -- One row a mailing that bounced, or was told of. Counts are of recipients.
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    since     INTEGER NOT NULL,                      -- unix seconds: first bounce, or when it was told of
    sent      INTEGER NOT NULL,                      -- as far as told
    hard      INTEGER NOT NULL,
    soft      INTEGER NOT NULL,
    blocked   INTEGER NOT NULL,
    warned_at INTEGER,                               -- unix seconds: its rate was called high
    paused_at INTEGER                                -- unix seconds: the event to pause it was queued
) STRICT;

CREATE TABLE tallies (
    -- What bounced, by arrival, and what was sent. A row an hour; of a domain a row a day.
    scope   TEXT NOT NULL,                           -- all, reason, provider or domain
    name    TEXT NOT NULL,                           -- which one; '' for all
    at      INTEGER NOT NULL,                        -- unix seconds: beginning of the hour or day
    sent    INTEGER NOT NULL,
    hard    INTEGER NOT NULL,
    soft    INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    PRIMARY KEY (scope, name, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE troubles (
    -- Times in which the sender itself seemed to be at fault.
    id        INTEGER PRIMARY KEY,
    scope     TEXT NOT NULL,                         -- reason, provider or mailing
    name      TEXT NOT NULL,                         -- which one
    since     INTEGER NOT NULL,                      -- unix seconds, like all below
    last_seen INTEGER NOT NULL,
    what      TEXT NOT NULL,                         -- for people
    logged    INTEGER NOT NULL DEFAULT 0,
    ended_at  INTEGER,                               -- NULL while it lasts
    ended_by  TEXT                                   -- person or time
) STRICT;
CREATE INDEX troubles_that_last ON troubles (scope, name) WHERE ended_at IS NULL;

ALTER TABLE recipients ADD COLUMN counted_campaign INTEGER NOT NULL DEFAULT 0; -- the mailing that counted it last
ALTER TABLE bounces ADD COLUMN held INTEGER NOT NULL DEFAULT 0; -- 1: its verdict waits for a person, 2: it was dropped
ALTER TABLE bounces ADD COLUMN trouble INTEGER;                 -- while which it was held
CREATE INDEX bounces_held ON bounces (trouble) WHERE held = 1;
)sql";

} // namespace nixie
