// The views for other programs: they stay as they are, whatever becomes of the tables. Each change of the schema makes them anew.
#pragma once

namespace nixie {

inline constexpr const char* drop_stable_views = R"sql(
DROP VIEW IF EXISTS v1_messages;
DROP VIEW IF EXISTS v1_bounces;
DROP VIEW IF EXISTS v1_recipients;
DROP VIEW IF EXISTS v1_suppressions;
DROP VIEW IF EXISTS v1_due;
DROP VIEW IF EXISTS v1_campaigns;
)sql";

inline constexpr const char* create_stable_views = R"sql(
-- Times are text, UTC; NULL is "not known".
CREATE VIEW v1_messages AS
    SELECT id, mailbox, validity, uid, stage, strftime('%Y-%m-%dT%H:%M:%SZ', arrived, 'unixepoch') AS arrived, kind, folder,
           format, reporting_mta, feedback_type, original_message_id, original_subject, campaign, size, sha256, duplicate_of,
           strftime('%Y-%m-%dT%H:%M:%SZ', recorded_at, 'unixepoch') AS recorded_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', filed_at, 'unixepoch') AS filed_at, original_envelope_id
    FROM messages;
CREATE VIEW v1_bounces AS
    SELECT b.id, b.message, r.address, b.kind, strftime('%Y-%m-%dT%H:%M:%SZ', b.arrived, 'unixepoch') AS arrived, b.reason,
           b.category, b.type, b.status, b.smtp_code, b.diagnostic, b.remote_mta, b.rule, b.decision, b.cause,
           m.mailbox, m.campaign, m.original_message_id
    FROM bounces AS b JOIN messages AS m ON m.id = b.message LEFT JOIN recipients AS r ON r.id = b.recipient;
CREATE VIEW v1_recipients AS
    SELECT address, iif(state = 'waiting' AND due_at <= unixepoch(), 'due', state) AS state,
           iif(state IN ('waiting', 'retried'), strftime('%Y-%m-%dT%H:%M:%SZ', due_at, 'unixepoch'), NULL) AS due_at,
           iif(last_bounce > 0, strftime('%Y-%m-%dT%H:%M:%SZ', last_bounce, 'unixepoch'), NULL) AS last_report,
           soft_bounces, hard_bounces, blocked_bounces, complaints
    FROM recipients;
CREATE VIEW v1_suppressions AS
    SELECT r.address, strftime('%Y-%m-%dT%H:%M:%SZ', s.since, 'unixepoch') AS since, s.ground, s.cause
    FROM suppressions AS s JOIN recipients AS r ON r.id = s.recipient;
CREATE VIEW v1_due AS
    SELECT r.address, strftime('%Y-%m-%dT%H:%M:%SZ', r.due_at, 'unixepoch') AS due_at, r.soft_bounces, b.reason,
           m.original_message_id, m.campaign
    FROM recipients AS r LEFT JOIN bounces AS b ON b.id = r.newest_soft_bounce LEFT JOIN messages AS m ON m.id = b.message
    WHERE r.state IN ('waiting', 'retried') AND r.due_told IN (0, 1) AND r.state = 'waiting' AND r.due_at <= unixepoch();
CREATE VIEW v1_campaigns AS
    SELECT name, strftime('%Y-%m-%dT%H:%M:%SZ', since, 'unixepoch') AS since, sent, hard, soft, blocked,
           hard + soft + blocked AS bounced
    FROM campaigns;
)sql";

} // namespace nixie
