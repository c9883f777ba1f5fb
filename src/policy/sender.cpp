#include "nixie/sender.hpp"

#include <algorithm>
#include <array>

namespace nixie {
namespace {

constexpr std::array<std::string_view, 4> level_names{"", "ok", "warning", "alarm"};
/// With fewer earlier mailings there is no mean to compare with.
constexpr std::int64_t least_mailings = 3;

std::int64_t percent(std::int64_t part, std::int64_t whole) { return whole == 0 ? 0 : part * 100 / whole; }

std::string share_text(std::int64_t part, std::int64_t whole) {
    return std::to_string(part) + " of " + std::to_string(whole) + " bounces (" + std::to_string(percent(part, whole)) +
           " %)";
}

/// Faults of one's own name server or line look like these.
bool may_be_local(Reason reason) { return reason == Reason::host_unknown || reason == Reason::network_error; }

} // namespace

void Tally::add(BounceType type) { ++(type == BounceType::hard ? hard : type == BounceType::soft ? soft : blocked); }

Tally& Tally::operator+=(const Tally& other) {
    sent += other.sent;
    hard += other.hard;
    soft += other.soft;
    blocked += other.blocked;
    return *this;
}

std::string_view name(RateLevel level) { return level_names[static_cast<std::size_t>(level)]; }

RateLevel rate_level(const Tally& tally, const SenderPolicy& policy) {
    if (tally.sent <= 0) return RateLevel::unknown;
    if (tally.sent < policy.rate_floor) return RateLevel::good;
    const std::int64_t bounced = tally.bounced() * 100;
    if (bounced >= tally.sent * policy.alarm) return RateLevel::alarm;
    return bounced >= tally.sent * policy.warn ? RateLevel::warning : RateLevel::good;
}

std::string suspect_reason(Reason reason, const Tally& of_it, const Tally& all, const SenderPolicy& policy) {
    if (all.bounced() < policy.floor) return {};
    if (percent(of_it.blocked, all.bounced()) >= policy.blocked_share)
        return "the sender is refused: " + share_text(of_it.blocked, all.bounced()) + " are blocked as " +
               std::string(name(reason));
    if (may_be_local(reason) && percent(of_it.bounced(), all.bounced()) >= policy.local_share)
        return "the sender's own name server or line may be broken: " + share_text(of_it.bounced(), all.bounced()) +
               " are " + std::string(name(reason));
    return {};
}

std::string suspect_provider(std::string_view provider, const Tally& of_it, const Tally& all, const Tally& before,
                             const Tally& all_before, const SenderPolicy& policy) {
    if (all.bounced() < policy.floor || all_before.bounced() < policy.floor) return {};
    const std::int64_t share = percent(of_it.bounced(), all.bounced());
    const std::int64_t usual = percent(before.bounced(), all_before.bounced());
    if (share < policy.provider_share || share < usual * policy.spike) return {};
    return "one provider refuses: " + share_text(of_it.bounced(), all.bounced()) + " are from " +
           std::string(provider) + ", in the week before " + std::to_string(usual) + " %";
}

std::string suspect_mailing(std::string_view mailing, const Tally& of_it, std::int64_t others,
                            std::int64_t others_bounced, const SenderPolicy& policy) {
    if (of_it.bounced() < policy.floor) return {};
    if (of_it.sent > 0) {
        if (percent(of_it.bounced(), of_it.sent) < policy.nearly_all) return {};
        return "nearly everything bounces: " + std::to_string(of_it.bounced()) + " of " + std::to_string(of_it.sent) +
               " messages of the mailing " + std::string(mailing);
    }
    const std::int64_t mean = std::max<std::int64_t>(1, others_bounced / std::max<std::int64_t>(1, others));
    if (others < least_mailings || of_it.bounced() < mean * policy.mailing_factor) return {};
    return "one mailing bounces far more than others: " + std::to_string(of_it.bounced()) + " bounces of " +
           std::string(mailing) + ", " + std::to_string(mean) + " of earlier ones on average";
}

} // namespace nixie
