// The words of the field: kinds, reasons, categories, types. The tables here are the only place they are spelled;
// parser, command line, documentation and JSON are made from them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace nixie {

/// What a message is.
enum class Kind {
    bounce,
    delayed,
    delivered,
    auto_reply,
    challenge,
    complaint,
    receipt,
    suspicious,
    unrecognised,
    other,
};

struct KindInfo {
    Kind kind;
    std::string_view name;
    std::string_view meaning;
};

inline constexpr std::array<KindInfo, 10> kinds{{
    {Kind::bounce, "bounce", "a message was not delivered to someone"},
    {Kind::delayed, "delayed", "not delivered yet; the mail server still tries"},
    {Kind::delivered, "delivered",
     "a message reached its recipient or was passed on (RFC 3464 delivered, relayed, expanded)"},
    {Kind::auto_reply, "auto-reply", "an automatic answer, such as a vacation notice (RFC 3834)"},
    {Kind::challenge, "challenge", "asks the sender to confirm before the message is delivered"},
    {Kind::complaint, "complaint", "a feedback report: the recipient called the message spam (RFC 5965)"},
    {Kind::receipt, "receipt", "a disposition notification: the message was read, deleted, … (RFC 8098)"},
    {Kind::suspicious, "suspicious", "looks like a report but is forged, backscatter or a lure"},
    {Kind::unrecognised, "unrecognised", "looks like a report but could not be read"},
    {Kind::other, "other", "ordinary mail"},
}};

/// What an operator sorts by.
enum class Category {
    bad_configuration,
    bad_connection,
    bad_domain,
    bad_mailbox,
    content_related,
    inactive_mailbox,
    message_expired,
    no_answer_from_host,
    other,
    policy_related,
    protocol_errors,
    quota_issues,
    relaying_issues,
    routing_errors,
    spam_related,
    virus_related,
};

struct CategoryInfo {
    Category category;
    std::string_view name;
    std::string_view meaning;
    std::string_view action; ///< what a person can do about it
};

inline constexpr std::array<CategoryInfo, 16> categories{{
    {Category::bad_configuration, "bad-configuration", "the recipient's server is set up wrongly or failed inside",
     "Tell that server's administrator; try again once it is mended."},
    {Category::bad_connection, "bad-connection", "the connection to the recipient's server failed or broke",
     "Wait; if it lasts for days, ask that server's administrator or the network operator."},
    {Category::bad_domain, "bad-domain", "the domain does not exist or takes no mail",
     "Check the address for a typing error; otherwise stop mailing it."},
    {Category::bad_mailbox, "bad-mailbox", "there is no such mailbox",
     "Check the address for a typing error; otherwise stop mailing it."},
    {Category::content_related, "content-related", "the message's size, form or content was refused",
     "Change the message: smaller, simpler, correct MIME."},
    {Category::inactive_mailbox, "inactive-mailbox", "the mailbox is disabled, moved or suppressed",
     "Reach the person another way and ask for a current address."},
    {Category::message_expired, "message-expired", "no attempt succeeded before the message's time ran out",
     "Send it again later; look at earlier delay notices for the cause."},
    {Category::no_answer_from_host, "no-answer-from-host", "the recipient's server could not be reached",
     "Wait; if it lasts for days, the domain may have been given up."},
    {Category::other, "other", "no cause was stated or recognised",
     "Read the report; ask the recipient's administrator."},
    {Category::policy_related, "policy-related", "the recipient's server refused by a policy of its own",
     "Check authentication (SPF, DKIM, DMARC), reverse DNS and sending rate; ask that server's postmaster."},
    {Category::protocol_errors, "protocol-errors", "the servers disagreed on SMTP or TLS",
     "Have the sending server's administrator look at the transcript."},
    {Category::quota_issues, "quota-issues", "the mailbox or its server has no room",
     "Try again later; a mailbox that stays full is abandoned."},
    {Category::relaying_issues, "relaying-issues", "the server that was asked does not take mail for this domain",
     "Check the domain's MX records; the recipient's administrator may have to authorise the domain."},
    {Category::routing_errors, "routing-errors", "the way to the recipient is broken or runs in a circle",
     "Tell the recipient's administrator; forwarding or DNS must be mended."},
    {Category::spam_related, "spam-related", "the message or its sender was taken for spam",
     "Check the sending address's reputation and blocklists, and the content; do not resend unchanged."},
    {Category::virus_related, "virus-related", "the message was taken for malware",
     "Scan the sending system; send a link instead of the attachment."},
}};

/// What follows for the address.
enum class BounceType {
    hard,    ///< the address is dead: stop mailing it
    soft,    ///< temporary: try again in a window
    blocked, ///< sender, server or content refused: neither dead nor worth retrying unchanged
};

struct BounceTypeInfo {
    BounceType type;
    std::string_view name;
    std::string_view meaning;
};

inline constexpr std::array<BounceTypeInfo, 3> bounce_types{{
    {BounceType::hard, "hard", "the address is dead: stop mailing it"},
    {BounceType::soft, "soft", "temporary: try again after a while"},
    {BounceType::blocked, "blocked",
     "the sender, its server or the content was refused: mend that before trying again"},
}};

/// The finest cause.
enum class Reason {
    user_unknown,
    suspend,
    has_moved,
    suppressed,
    host_unknown,
    not_accept,
    mailbox_full,
    system_full,
    network_error,
    expired,
    system_error,
    mailer_error,
    syntax_error,
    not_compliant_rfc,
    failed_starttls,
    blocked,
    require_ptr,
    auth_failure,
    rejected,
    policy_violation,
    security_error,
    filtered,
    rate_limited,
    greylisted,
    on_hold,
    spam_detected,
    bad_reputation,
    email_too_large,
    content_error,
    virus_detected,
    no_relaying,
    undefined,
};

struct ReasonInfo {
    Reason reason;
    std::string_view name;
    Category category;       ///< the usual one; a rule may name a nearer one (network-error has three)
    BounceType type;         ///< where the reply was permanent (5xx, 5.x.x) or said neither
    BounceType on_temporary; ///< where the reply was temporary (4xx, 4.x.x)
    std::string_view meaning;
};

inline constexpr std::array<ReasonInfo, 32> reasons{{
    {Reason::user_unknown, "user-unknown", Category::bad_mailbox, BounceType::hard, BounceType::soft,
     "the recipient's server knows no such mailbox"},
    {Reason::suspend, "suspend", Category::inactive_mailbox, BounceType::soft, BounceType::soft,
     "the mailbox is disabled for now and may return"},
    {Reason::has_moved, "has-moved", Category::inactive_mailbox, BounceType::hard, BounceType::hard,
     "the recipient has another address now"},
    {Reason::suppressed, "suppressed", Category::inactive_mailbox, BounceType::hard, BounceType::hard,
     "the sending service holds the address on its own suppression list"},
    {Reason::host_unknown, "host-unknown", Category::bad_domain, BounceType::hard, BounceType::soft,
     "the domain is not in the DNS"},
    {Reason::not_accept, "not-accept", Category::bad_domain, BounceType::hard, BounceType::soft,
     "the domain states that it takes no mail (RFC 7505)"},
    {Reason::mailbox_full, "mailbox-full", Category::quota_issues, BounceType::soft, BounceType::soft,
     "the mailbox has used up its quota"},
    {Reason::system_full, "system-full", Category::quota_issues, BounceType::soft, BounceType::soft,
     "the server's disk is full"},
    {Reason::network_error, "network-error", Category::bad_connection, BounceType::soft, BounceType::soft,
     "no connection, or it broke, or no route to the host"},
    {Reason::expired, "expired", Category::message_expired, BounceType::soft, BounceType::soft,
     "the message stayed in the queue for too long"},
    {Reason::system_error, "system-error", Category::bad_configuration, BounceType::blocked, BounceType::soft,
     "a server failed inside or is set up wrongly"},
    {Reason::mailer_error, "mailer-error", Category::bad_configuration, BounceType::blocked, BounceType::soft,
     "a program that the server hands mail to failed"},
    {Reason::syntax_error, "syntax-error", Category::protocol_errors, BounceType::blocked, BounceType::soft,
     "a command was not understood"},
    {Reason::not_compliant_rfc, "not-compliant-rfc", Category::protocol_errors, BounceType::blocked, BounceType::soft,
     "the message breaks RFC 5322 and its kin"},
    {Reason::failed_starttls, "failed-starttls", Category::protocol_errors, BounceType::blocked, BounceType::soft,
     "TLS was required and could not be had"},
    {Reason::blocked, "blocked", Category::policy_related, BounceType::blocked, BounceType::soft,
     "the sending host's address was refused"},
    {Reason::require_ptr, "require-ptr", Category::policy_related, BounceType::blocked, BounceType::soft,
     "the sending host lacks proper reverse DNS"},
    {Reason::auth_failure, "auth-failure", Category::policy_related, BounceType::blocked, BounceType::soft,
     "SPF, DKIM or DMARC failed"},
    {Reason::rejected, "rejected", Category::policy_related, BounceType::blocked, BounceType::soft,
     "the sender's address was refused"},
    {Reason::policy_violation, "policy-violation", Category::policy_related, BounceType::blocked, BounceType::soft,
     "a policy of the recipient's server forbids the message"},
    {Reason::security_error, "security-error", Category::policy_related, BounceType::blocked, BounceType::soft,
     "refused for security, such as missing authentication"},
    {Reason::filtered, "filtered", Category::policy_related, BounceType::blocked, BounceType::soft,
     "refused by the recipient's own filter after DATA"},
    {Reason::rate_limited, "rate-limited", Category::policy_related, BounceType::soft, BounceType::soft,
     "too many messages or connections in a time"},
    {Reason::greylisted, "greylisted", Category::policy_related, BounceType::soft, BounceType::soft,
     "refused at first sight on purpose; a later try is let in"},
    {Reason::on_hold, "on-hold", Category::policy_related, BounceType::soft, BounceType::soft,
     "held back until someone or something decides"},
    {Reason::spam_detected, "spam-detected", Category::spam_related, BounceType::blocked, BounceType::soft,
     "the content was taken for spam"},
    {Reason::bad_reputation, "bad-reputation", Category::spam_related, BounceType::blocked, BounceType::soft,
     "the sending host's or domain's reputation is low"},
    {Reason::email_too_large, "email-too-large", Category::content_related, BounceType::blocked, BounceType::soft,
     "the message is larger than the server takes"},
    {Reason::content_error, "content-error", Category::content_related, BounceType::blocked, BounceType::soft,
     "the message's form or attachments were refused"},
    {Reason::virus_detected, "virus-detected", Category::virus_related, BounceType::blocked, BounceType::blocked,
     "the content was taken for malware"},
    {Reason::no_relaying, "no-relaying", Category::relaying_issues, BounceType::blocked, BounceType::soft,
     "the server does not relay to this domain"},
    {Reason::undefined, "undefined", Category::other, BounceType::soft, BounceType::soft,
     "the report states no cause that is known"},
}};

namespace detail {
/// Each table lists its enum in order, so that a value is its index.
template <class Table, class Value>
constexpr bool in_order(const Table& table, Value Table::value_type::*member) {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].*member) != i) return false;
    return true;
}
template <class Table, class Value>
constexpr std::optional<Value> find(const Table& table, Value Table::value_type::*member, std::string_view name) {
    for (const auto& row : table)
        if (row.name == name) return row.*member;
    return std::nullopt;
}
} // namespace detail

static_assert(detail::in_order(kinds, &KindInfo::kind));
static_assert(detail::in_order(categories, &CategoryInfo::category));
static_assert(detail::in_order(bounce_types, &BounceTypeInfo::type));
static_assert(detail::in_order(reasons, &ReasonInfo::reason));

constexpr const KindInfo& info(Kind kind) { return kinds[static_cast<std::size_t>(kind)]; }
constexpr const CategoryInfo& info(Category category) { return categories[static_cast<std::size_t>(category)]; }
constexpr const BounceTypeInfo& info(BounceType type) { return bounce_types[static_cast<std::size_t>(type)]; }
constexpr const ReasonInfo& info(Reason reason) { return reasons[static_cast<std::size_t>(reason)]; }

constexpr std::string_view name(Kind kind) { return info(kind).name; }
constexpr std::string_view name(Category category) { return info(category).name; }
constexpr std::string_view name(BounceType type) { return info(type).name; }
constexpr std::string_view name(Reason reason) { return info(reason).name; }

constexpr std::optional<Kind> find_kind(std::string_view name) { return detail::find(kinds, &KindInfo::kind, name); }
constexpr std::optional<Category> find_category(std::string_view name) {
    return detail::find(categories, &CategoryInfo::category, name);
}
constexpr std::optional<BounceType> find_bounce_type(std::string_view name) {
    return detail::find(bounce_types, &BounceTypeInfo::type, name);
}
constexpr std::optional<Reason> find_reason(std::string_view name) {
    return detail::find(reasons, &ReasonInfo::reason, name);
}

} // namespace nixie
