// The step of the schema that keeps texts once: tables hold numbers in their place, and views show them in words.
#pragma once

namespace nixie {

inline constexpr const char* words_kept_once = R"sql(
CREATE TABLE texts (
    -- Texts that many rows hold: words of ours, and what reports say of several recipients. A column of type ANY holds a number
    -- from here, or a text that is in no other row. char(1) stands for the recipient's address, where the column is about one.
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO texts (id, text) VALUES (0, '');
INSERT OR IGNORE INTO texts (text)
    SELECT kind FROM messages WHERE kind IS NOT NULL UNION SELECT folder FROM messages UNION SELECT format FROM messages
    UNION SELECT kind FROM bounces UNION SELECT reason FROM bounces UNION SELECT category FROM bounces
    UNION SELECT type FROM bounces UNION SELECT rule FROM bounces UNION SELECT decision FROM bounces;
CREATE TABLE said AS
    SELECT recipient, status AS text FROM bounces UNION SELECT recipient, smtp_code FROM bounces
    UNION SELECT recipient, action FROM bounces UNION SELECT recipient, remote_mta FROM bounces
    UNION SELECT recipient, cause FROM bounces
    UNION SELECT recipient, iif(address = '', diagnostic, replace(diagnostic, address, char(1))) FROM bounces
        WHERE instr(diagnostic, char(1)) = 0
    UNION SELECT recipient, iif(address = '', matched, replace(matched, address, char(1))) FROM bounces
        WHERE instr(matched, char(1)) = 0
    UNION SELECT b.recipient, m.reporting_mta FROM bounces AS b JOIN messages AS m ON m.id = b.message
    UNION SELECT b.recipient, m.feedback_type FROM bounces AS b JOIN messages AS m ON m.id = b.message
    UNION SELECT b.recipient, m.original_subject FROM bounces AS b JOIN messages AS m ON m.id = b.message
    UNION SELECT b.recipient, m.campaign FROM bounces AS b JOIN messages AS m ON m.id = b.message;
INSERT OR IGNORE INTO texts (text)
    SELECT text FROM said WHERE length(text) <= 400 AND instr(text, '@') = 0
    GROUP BY text HAVING count(DISTINCT recipient) > 1 LIMIT 200000;
DROP TABLE said;

CREATE TABLE inboxes (
    -- One row for each sense in which uids were ever valid.
    id       INTEGER PRIMARY KEY,
    mailbox  TEXT NOT NULL,                          -- the configured name
    validity TEXT NOT NULL,                          -- IMAP: UIDVALIDITY
    UNIQUE (mailbox, validity)
) STRICT;
INSERT INTO inboxes (mailbox, validity) SELECT DISTINCT mailbox, validity FROM messages;

CREATE TABLE message_rows (
    -- One row a message; the view messages shows it in words. Every *_at, and arrived, is in unix seconds, UTC.
    id                  INTEGER PRIMARY KEY,
    inbox               INTEGER NOT NULL REFERENCES inboxes (id),
    uid                 ANY NOT NULL,                -- IMAP: UID; POP3: UIDL; Maildir: unique part of the file name; a
                                                     -- number where it is written as one
    stage               INTEGER NOT NULL CHECK (stage BETWEEN 0 AND 2), -- planned, stored, filed
    attempts            INTEGER NOT NULL DEFAULT 0,  -- how often reading it was begun and not finished
    sha256              ANY NOT NULL DEFAULT '',     -- of the content: a blob; '' is "not known"
    size                INTEGER NOT NULL DEFAULT 0,  -- bytes
    arrived             INTEGER,                     -- when the mailbox received it
    recorded_at         INTEGER,                     -- when it became stored
    filed_at            INTEGER,
    kind                INTEGER,                     -- bounce, delayed, delivered, auto-reply, ...
    folder              INTEGER NOT NULL DEFAULT 0,  -- where it goes or went, levels joined by '/'
    format              INTEGER NOT NULL DEFAULT 0,  -- id of the format that read the report's prose
    reporting_mta       ANY NOT NULL DEFAULT 0,
    feedback_type       ANY NOT NULL DEFAULT 0,      -- RFC 5965; complaints only
    original_message_id TEXT NOT NULL DEFAULT '',    -- of the message reported on, without angle brackets
    original_envelope_id TEXT NOT NULL DEFAULT '',   -- ENVID of RFC 3461
    original_subject    ANY NOT NULL DEFAULT 0,
    campaign            ANY NOT NULL DEFAULT 0,
    duplicate_of        INTEGER REFERENCES message_rows (id), -- the same content, recorded earlier: not counted again
    failure             TEXT NOT NULL DEFAULT '',    -- why it was quarantined; '' if it was read
    cut_at              INTEGER,                     -- so many bytes were read and the rest was not; NULL: all was read
    filing_attempts     INTEGER NOT NULL DEFAULT 0,  -- how often its folder did not take it
    filing_failure      TEXT NOT NULL DEFAULT '',    -- why it did not, the last time
    quarantined_at      INTEGER,                     -- when it was given up; why is in failure or filing_failure
    gone_at             INTEGER,                     -- seen to lie in no folder of ours any more
    tried_at            INTEGER,                     -- when reading or filing it failed the last time
    UNIQUE (inbox, uid)
) STRICT;
INSERT INTO message_rows
    SELECT m.id, i.id,
           iif(length(m.uid) < 19 AND CAST(CAST(m.uid AS INTEGER) AS TEXT) = m.uid, CAST(m.uid AS INTEGER), m.uid),
           CASE m.stage WHEN 'planned' THEN 0 WHEN 'stored' THEN 1 ELSE 2 END, m.attempts, coalesce(unhex(m.sha256), m.sha256), m.size, m.arrived,
           m.recorded_at, m.filed_at, (SELECT id FROM texts WHERE text = m.kind), (SELECT id FROM texts WHERE text = m.folder),
           (SELECT id FROM texts WHERE text = m.format),
           coalesce((SELECT id FROM texts WHERE text = m.reporting_mta), m.reporting_mta),
           coalesce((SELECT id FROM texts WHERE text = m.feedback_type), m.feedback_type), m.original_message_id, m.original_envelope_id,
           coalesce((SELECT id FROM texts WHERE text = m.original_subject), m.original_subject),
           coalesce((SELECT id FROM texts WHERE text = m.campaign), m.campaign),
           m.duplicate_of, m.failure, m.cut_at, m.filing_attempts, m.filing_failure, m.quarantined_at, m.gone_at, m.tried_at
    FROM messages AS m JOIN inboxes AS i ON i.mailbox = m.mailbox AND i.validity = m.validity ORDER BY m.id;

CREATE TABLE recipients_now (
    -- One row an address: where it stands on the retry clock.
    id              INTEGER PRIMARY KEY,
    address         TEXT NOT NULL,                   -- as the first report gave it; in lower case it tells recipients apart
    state           TEXT NOT NULL CHECK (state = 'clear' OR state = 'waiting' OR state = 'retried' OR state = 'exhausted'
                                         OR state = 'suppressed'),
                                                     -- "due" is waiting with due_at in the past. (For a list behind IN SQLite
                                                     -- would make a temporary table with each row.)
    window          INTEGER NOT NULL DEFAULT 0,      -- index into the configured windows; waiting and retried only
    due_at          INTEGER NOT NULL DEFAULT 0,      -- unix seconds: when another try is due; waiting and retried only
    last_bounce     INTEGER NOT NULL DEFAULT 0,      -- unix seconds: arrival of the newest report
    soft_bounces    INTEGER NOT NULL DEFAULT 0,      -- since the address was last clear
    hard_bounces    INTEGER NOT NULL DEFAULT 0,      -- ever
    blocked_bounces INTEGER NOT NULL DEFAULT 0,      -- ever
    last_success    INTEGER NOT NULL DEFAULT 0,      -- unix seconds: newest sign that it works
    complaints      INTEGER NOT NULL DEFAULT 0,      -- ever
    ground          TEXT NOT NULL DEFAULT '',        -- hard-bounce, complaint or person: suppressed only
    strikes         TEXT NOT NULL DEFAULT '',        -- days/type/category that thresholds count; what is not
                                                     -- named is as with the one before
    due_told        INTEGER NOT NULL DEFAULT 0,      -- 1: the event that it is due was queued
    counted_campaign INTEGER NOT NULL DEFAULT 0,     -- the mailing that counted it last
    newest_soft_bounce INTEGER                       -- row of bounce_rows: the soft one that arrived last
) STRICT;
INSERT INTO recipients_now
    SELECT id, address, state, window, due_at, last_bounce, soft_bounces, hard_bounces, blocked_bounces, last_success, complaints,
           ground, strikes, due_told, counted_campaign, newest_soft_bounce
    FROM recipients ORDER BY id;

CREATE TABLE bounce_rows (
    -- What one message said of one recipient, and what was decided on it; the view bounces shows it in words.
    id         INTEGER PRIMARY KEY,
    message    INTEGER NOT NULL REFERENCES message_rows (id),
    recipient  INTEGER REFERENCES recipients (id),   -- NULL where the report names no address
    arrived    INTEGER NOT NULL,                     -- unix seconds: arrival of the report
    address    TEXT,                                 -- as this report gave it, where recipients has it otherwise
    kind       INTEGER NOT NULL,                     -- bounce, delayed, delivered or complaint: of this recipient's part
    reason     INTEGER NOT NULL,
    category   INTEGER NOT NULL,
    type       INTEGER NOT NULL,                     -- hard, soft or blocked
    status     ANY NOT NULL,                         -- enhanced status code, RFC 3463
    smtp_code  ANY NOT NULL,                         -- reply code, RFC 5321
    action     ANY NOT NULL,                         -- RFC 3464: failed, delayed, delivered, relayed, expanded
    diagnostic ANY NOT NULL,                         -- about the recipient
    remote_mta ANY NOT NULL,                         -- the host that gave the diagnostic
    rule       INTEGER NOT NULL,                     -- id of the rule that gave the reason
    matched    ANY NOT NULL,                         -- about the recipient: the text that rule matched
    decision   INTEGER NOT NULL,                     -- none, retry, exhaust, suppress, hold or clear
    cause      ANY NOT NULL,                         -- of the decision, for people
    set_aside  INTEGER NOT NULL DEFAULT 0,           -- 1: by a later verdict the message is of another kind, and this no part
                                                     -- of the history
    held       INTEGER NOT NULL DEFAULT 0,           -- 1: its verdict waits for a person, 2: it was dropped
    trouble    INTEGER                               -- while which it was held
) STRICT;
INSERT INTO bounce_rows
    SELECT b.id, b.message, b.recipient, b.arrived, nullif(b.address, coalesce(r.address, '')),
           (SELECT id FROM texts WHERE text = b.kind), (SELECT id FROM texts WHERE text = b.reason),
           (SELECT id FROM texts WHERE text = b.category), (SELECT id FROM texts WHERE text = b.type),
           coalesce((SELECT id FROM texts WHERE text = b.status), b.status),
           coalesce((SELECT id FROM texts WHERE text = b.smtp_code), b.smtp_code),
           coalesce((SELECT id FROM texts WHERE text = b.action), b.action),
           coalesce((SELECT id FROM texts WHERE instr(b.diagnostic, char(1)) = 0
                     AND text = iif(b.address = '', b.diagnostic, replace(b.diagnostic, b.address, char(1)))), b.diagnostic),
           coalesce((SELECT id FROM texts WHERE text = b.remote_mta), b.remote_mta),
           (SELECT id FROM texts WHERE text = b.rule),
           coalesce((SELECT id FROM texts WHERE instr(b.matched, char(1)) = 0
                     AND text = iif(b.address = '', b.matched, replace(b.matched, b.address, char(1)))), b.matched),
           (SELECT id FROM texts WHERE text = b.decision),
           coalesce((SELECT id FROM texts WHERE text = b.cause), b.cause), b.set_aside, b.held, b.trouble
    FROM bounces AS b LEFT JOIN recipients AS r ON r.id = b.recipient ORDER BY b.id;

CREATE TABLE places_now (
    -- What lies in those folders.
    folder  INTEGER NOT NULL REFERENCES folders (id),
    uid     ANY NOT NULL,                            -- a number where it is written as one
    message INTEGER REFERENCES message_rows (id),    -- of equal ones the first; NULL: not in the journal
    leaving INTEGER NOT NULL DEFAULT 0,              -- 1: about to be moved to messages.folder
    PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;
INSERT INTO places_now
    SELECT folder, iif(length(uid) < 19 AND CAST(CAST(uid AS INTEGER) AS TEXT) = uid, CAST(uid AS INTEGER), uid), message, leaving
    FROM places;

CREATE TABLE corrections_now (
    -- Messages that a person moved to another folder of ours; the verdict in bounces is then that folder's.
    id           INTEGER PRIMARY KEY,
    message      INTEGER NOT NULL REFERENCES message_rows (id),
    from_folder  TEXT NOT NULL,                      -- where the rules had put it
    to_folder    TEXT NOT NULL,
    made_by      TEXT NOT NULL,                      -- moved
    seen_at      INTEGER NOT NULL,                   -- unix seconds
    withdrawn_at INTEGER                             -- unix seconds; NULL while it holds
) STRICT;
INSERT INTO corrections_now SELECT id, message, from_folder, to_folder, made_by, seen_at, withdrawn_at FROM corrections;

CREATE TABLE originals_now (
    -- Messages that reports returned whole, as long as they may have to be sent again: until the try is made.
    bounce  INTEGER PRIMARY KEY REFERENCES bounce_rows (id) ON DELETE CASCADE,
    mailing TEXT NOT NULL,                           -- that the signed return path named
    message BLOB NOT NULL
) STRICT;
INSERT INTO originals_now SELECT bounce, mailing, message FROM originals;

CREATE TABLE retries_now (
    -- Every window a recipient ever entered. At most one of a recipient is open.
    recipient INTEGER NOT NULL REFERENCES recipients (id),
    since     INTEGER NOT NULL,                      -- unix seconds: arrival of the bounce that opened it
    window    INTEGER NOT NULL,                      -- index into the configured windows
    due_at    INTEGER NOT NULL,                      -- unix seconds
    outcome   TEXT CHECK (outcome = 'bounced' OR outcome = 'exhausted' OR outcome = 'suppressed' OR outcome = 'cleared'
                          OR outcome = 'silent'),
                                                     -- NULL while open; silent: nothing came back, a later bounce
                                                     -- began anew
    PRIMARY KEY (recipient, since, window)
) STRICT, WITHOUT ROWID;
INSERT OR REPLACE INTO retries_now SELECT recipient, since, window, due_at, outcome FROM retries ORDER BY id;

DROP TABLE originals;
DROP TABLE corrections;
DROP TABLE places;
DROP TABLE retries;
DROP TABLE bounces;
DROP TABLE messages;
DROP TABLE recipients;
ALTER TABLE recipients_now RENAME TO recipients;
ALTER TABLE originals_now RENAME TO originals;
ALTER TABLE corrections_now RENAME TO corrections;
ALTER TABLE places_now RENAME TO places;
ALTER TABLE retries_now RENAME TO retries;

-- A part of the digest finds nearly always one message only, in a fraction of the space.
CREATE INDEX messages_by_content ON message_rows (substr(sha256, 1, 5)) WHERE sha256 <> '';
CREATE INDEX messages_to_file ON message_rows (inbox) WHERE stage = 1;
CREATE INDEX messages_in_quarantine ON message_rows (inbox, quarantined_at) WHERE quarantined_at IS NOT NULL;
CREATE INDEX messages_by_recording ON message_rows (recorded_at) WHERE duplicate_of IS NULL AND recorded_at IS NOT NULL;
CREATE INDEX messages_by_first ON message_rows (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE UNIQUE INDEX recipients_by_address ON recipients (lower(address));
CREATE INDEX recipients_on_clock ON recipients (due_told, due_at) WHERE state IN ('waiting', 'retried');
CREATE INDEX recipients_given_up ON recipients (last_bounce) WHERE state IN ('suppressed', 'exhausted');
CREATE INDEX bounces_by_recipient ON bounce_rows (recipient);
CREATE INDEX bounces_by_message ON bounce_rows (message);
CREATE INDEX bounces_held ON bounce_rows (trouble) WHERE held = 1;
CREATE INDEX places_by_message ON places (message);
CREATE UNIQUE INDEX corrections_that_hold ON corrections (message) WHERE withdrawn_at IS NULL;

CREATE VIEW messages AS
    SELECT id, (SELECT mailbox FROM inboxes WHERE id = m.inbox) AS mailbox,
           (SELECT validity FROM inboxes WHERE id = m.inbox) AS validity, CAST(uid AS TEXT) AS uid,
           CASE stage WHEN 0 THEN 'planned' WHEN 1 THEN 'stored' ELSE 'filed' END AS stage, attempts,
           iif(typeof(sha256) = 'blob', lower(hex(sha256)), sha256) AS sha256, size, arrived,
           (SELECT text FROM texts WHERE id = m.kind) AS kind, (SELECT text FROM texts WHERE id = m.folder) AS folder,
           (SELECT text FROM texts WHERE id = m.format) AS format,
           iif(typeof(reporting_mta) = 'integer', (SELECT text FROM texts WHERE id = m.reporting_mta), reporting_mta)
               AS reporting_mta,
           iif(typeof(feedback_type) = 'integer', (SELECT text FROM texts WHERE id = m.feedback_type), feedback_type)
               AS feedback_type,
           original_message_id, original_envelope_id,
           iif(typeof(original_subject) = 'integer', (SELECT text FROM texts WHERE id = m.original_subject), original_subject)
               AS original_subject,
           iif(typeof(campaign) = 'integer', (SELECT text FROM texts WHERE id = m.campaign), campaign) AS campaign,
           failure, duplicate_of, recorded_at, filed_at, cut_at, filing_attempts, filing_failure, quarantined_at, gone_at,
           tried_at
    FROM message_rows AS m;
CREATE VIEW bounces AS
    SELECT id, message, recipient, (SELECT text FROM texts WHERE id = b.kind) AS kind, arrived,
           coalesce(address, (SELECT address FROM recipients WHERE id = b.recipient), '') AS address,
           (SELECT text FROM texts WHERE id = b.reason) AS reason, (SELECT text FROM texts WHERE id = b.category) AS category,
           (SELECT text FROM texts WHERE id = b.type) AS type,
           iif(typeof(status) = 'integer', (SELECT text FROM texts WHERE id = b.status), status) AS status,
           iif(typeof(smtp_code) = 'integer', (SELECT text FROM texts WHERE id = b.smtp_code), smtp_code) AS smtp_code,
           iif(typeof(action) = 'integer', (SELECT text FROM texts WHERE id = b.action), action) AS action,
           iif(typeof(diagnostic) = 'integer',
               replace((SELECT text FROM texts WHERE id = b.diagnostic), char(1),
                       coalesce(address, (SELECT address FROM recipients WHERE id = b.recipient), '')), diagnostic)
               AS diagnostic,
           iif(typeof(remote_mta) = 'integer', (SELECT text FROM texts WHERE id = b.remote_mta), remote_mta) AS remote_mta,
           (SELECT text FROM texts WHERE id = b.rule) AS rule,
           iif(typeof(matched) = 'integer',
               replace((SELECT text FROM texts WHERE id = b.matched), char(1),
                       coalesce(address, (SELECT address FROM recipients WHERE id = b.recipient), '')), matched)
               AS matched,
           (SELECT text FROM texts WHERE id = b.decision) AS decision,
           iif(typeof(cause) = 'integer', (SELECT text FROM texts WHERE id = b.cause), cause) AS cause,
           set_aside, held, trouble
    FROM bounce_rows AS b;
)sql";

} // namespace nixie
