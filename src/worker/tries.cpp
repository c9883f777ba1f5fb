#include "worker/tries.hpp"

#include <algorithm>

#include "log/log.hpp"
#include "notify/resent.hpp"
#include "notify/shapes.hpp"
#include "worker/retry_policies.hpp"
#include "worker/return_paths.hpp"

namespace nixie {

Result<void> TryCommand::tell(const Telling& event, Time now, const StopAsked& stop) {
    const auto policies = retry_policies(context_.config);
    const auto pending = context_.store.pending_try(event.key, policies, now);
    if (!pending) return pending.error();
    if (!*pending) return {}; // a report or a person was quicker
    if (auto made = command_.tell(event, now, stop); !made) return made;
    return context_.store.tried(**pending, "by command", policies, now);
}

Result<ReturnPathSigner> ReturnPathSigner::make(const VerpConfig& config) {
    auto keys = read_configured_ring(config);
    if (!keys) return keys.error();
    return ReturnPathSigner(config, std::move(keys).value());
}

Result<std::string> ReturnPathSigner::sign(const std::string& recipient, const std::string& mailing, Time now) const {
    return sign_return_path(config_.address, recipient, mailing, keys_, now + config_.valid);
}

Result<void> Resender::tell(const Telling& event, Time now, const StopAsked& stop) {
    const auto pending = context_.store.pending_try(event.key, retry_policies(context_.config), now);
    if (!pending) return pending.error();
    if (!*pending) return {}; // a report or a person was quicker
    const PendingTry& due = **pending;
    if (!due.obstacle.empty()) return hand_over(due, due.obstacle, now);
    const auto permit = context_.store.begin_resend(due, options_.per_domain, now);
    if (!permit) return permit.error();
    switch (permit->answer) {
        case ResendPermit::Answer::send:
            return send(event, due, now, stop);
        case ResendPermit::Answer::sent_before:
            return context_.store.end_resend(due, ResendOutcome::unknown, "cut off: it may have been sent",
                                             retry_policies(context_.config), now);
        case ResendPermit::Answer::too_many: {
            Error error{ErrorCode::busy, "as many were sent to that domain as may be in an hour"};
            error.wait = std::max(Duration{1}, permit->again - now);
            return error;
        }
        case ResendPermit::Answer::handed_over:
            break;
    }
    return {};
}

Result<void> Resender::send(const Telling& event, const PendingTry& pending, Time now, const StopAsked& stop) {
    const std::string& address = pending.due.address;
    const auto return_path = options_.signer.sign(address, pending.mailing, now);
    if (!return_path) return hand_over(pending, return_path.error().what, now);
    const std::string& from = options_.from.empty() ? options_.signer.address() : options_.from;
    const std::string id = webhook_id(event.key) + "@" + from.substr(from.rfind('@') + 1);
    const auto done = submit(options_.server, {*return_path, address},
                             resent_message(pending.original, {from, address, id, now}), stop);
    return end(pending, done, id, now);
}

Result<void> Resender::end(const PendingTry& pending, const Submission& done, const std::string& id, Time now) {
    const auto policies = retry_policies(context_.config);
    switch (done.fate) {
        case Fate::taken:
            return context_.store.end_resend(pending, ResendOutcome::sent, "sent again as <" + id + ">", policies, now);
        case Fate::unknown:
            return context_.store.end_resend(pending, ResendOutcome::unknown,
                                             "may have been sent again as <" + id + ">: " + done.error->what, policies,
                                             now);
        case Fate::refused:
            return hand_over(pending, "the mail server refused it: " + done.error->what, now);
        case Fate::not_taken:
            break;
    }
    const auto noted = context_.store.end_resend(pending, ResendOutcome::not_taken, done.error->what, policies, now);
    return noted ? Result<void>(*done.error) : noted;
}

Result<void> Resender::hand_over(const PendingTry& pending, const std::string& cause, Time now) {
    log(LogLevel::info, "a due try is not sent again: " + cause, {{"recipient", pending.due.address}});
    return context_.store.hand_over(pending, cause, now);
}

} // namespace nixie
