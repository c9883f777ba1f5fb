// Judgements as Sisimai 5 prints them, for programs that were written for its JSON.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "nixie/judge.hpp"

namespace nixie {

struct SisimaiReason {
    Reason reason;
    std::string_view name; ///< as Sisimai 5.6 and later call it
};

/// Ours without hyphens, but where Sisimai has none of that name: there the nearest in what follows from it.
inline constexpr std::array<SisimaiReason, reasons.size()> sisimai_reasons{{
    {Reason::user_unknown, "userunknown"},
    {Reason::suspend, "suspend"},
    {Reason::has_moved, "hasmoved"},
    {Reason::suppressed, "suppressed"},
    {Reason::host_unknown, "hostunknown"},
    {Reason::not_accept, "notaccept"},
    {Reason::mailbox_full, "mailboxfull"},
    {Reason::system_full, "systemfull"},
    {Reason::network_error, "networkerror"},
    {Reason::expired, "expired"},
    {Reason::system_error, "systemerror"},
    {Reason::mailer_error, "mailererror"},
    {Reason::syntax_error, "syntaxerror"},
    {Reason::not_compliant_rfc, "notcompliantrfc"},
    {Reason::failed_starttls, "failedstarttls"},
    {Reason::blocked, "blocked"},
    {Reason::require_ptr, "requireptr"},
    {Reason::auth_failure, "authfailure"},
    {Reason::rejected, "rejected"},
    {Reason::policy_violation, "policyviolation"},
    {Reason::security_error, "securityerror"},
    {Reason::filtered, "filtered"},
    {Reason::rate_limited, "ratelimited"},
    {Reason::greylisted, "ratelimited"}, // both ask the sender to come again later
    {Reason::on_hold, "onhold"},
    {Reason::spam_detected, "spamdetected"},
    {Reason::bad_reputation, "badreputation"},
    {Reason::email_too_large, "emailtoolarge"},
    {Reason::content_error, "contenterror"},
    {Reason::virus_detected, "virusdetected"},
    {Reason::no_relaying, "norelaying"},
    {Reason::undefined, "undefined"},
}};
static_assert(detail::in_order(sisimai_reasons, &SisimaiReason::reason),
              "every reason of ours maps to one of Sisimai's");

constexpr std::string_view sisimai_name(Reason reason) {
    return sisimai_reasons[static_cast<std::size_t>(reason)].name;
}

/// The objects of one message, one a recipient, separated by commas: what stands between the brackets of the array that Sisimai
/// prints. Empty for messages of which Sisimai says nothing unless it is asked to: automatic replies, success, ordinary mail.
std::string sisimai_objects(const Judgement& judgement, const std::string& file);

} // namespace nixie
