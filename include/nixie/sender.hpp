// Signs that the sender is at fault and not the recipients: bounce rates that are too high, and shares that spike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nixie/taxonomy.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Recipients, in some time, of one mailing, provider, domain or reason.
struct Tally {
    std::int64_t sent = 0; ///< as far as told
    std::int64_t hard = 0, soft = 0, blocked = 0;

    [[nodiscard]] std::int64_t bounced() const { return hard + soft + blocked; }
    void add(BounceType type);
    Tally& operator+=(const Tally& other);
    friend bool operator==(const Tally&, const Tally&) = default;
};

/// What of all bounces of a time makes them suspicious. Shares and rates are in percent.
struct SenderPolicy {
    bool hold = true;                        ///< whether verdicts that would suppress are held in suspicious times
    Duration window = std::chrono::hours(6); ///< the time looked at: reports that arrived in it
    Duration quiet = std::chrono::hours(24); ///< after a person has decided, the same is no trouble for so long
    int floor = 50;                          ///< with fewer bounces in the window nothing is suspicious
    int blocked_share = 50;                  ///< of one `blocked` reason among all bounces
    int local_share = 80;                    ///< of host-unknown or network-error: DNS or line of the sender
    int provider_share = 80;                 ///< of one provider, if that is `spike` times its share of the week before
    int spike = 2;
    int nearly_all = 50;     ///< of what was sent of a mailing
    int mailing_factor = 10; ///< without a count of what was sent: times the mean of earlier mailings
    int warn = 2, alarm = 5; ///< bounce rates of mailings, domains and providers
    int rate_floor = 100;    ///< with less sent no rate is high

    friend bool operator==(const SenderPolicy&, const SenderPolicy&) = default;
};

enum class RateLevel { unknown, good, warning, alarm };

/// "", "ok", …
std::string_view name(RateLevel level);

/// RateLevel::unknown where nothing was sent as far as told.
RateLevel rate_level(const Tally& tally, const SenderPolicy& policy);

/// Each answers one sentence that says what is suspicious, or nothing. `all` is of the whole window.
std::string suspect_reason(Reason reason, const Tally& of_it, const Tally& all, const SenderPolicy& policy);
/// `before` and `all_before` are of the week before the window.
std::string suspect_provider(std::string_view provider, const Tally& of_it, const Tally& all, const Tally& before,
                             const Tally& all_before, const SenderPolicy& policy);
/// `of_it` is of the whole mailing; `others` the earlier mailings, and what bounced of them together.
std::string suspect_mailing(std::string_view mailing, const Tally& of_it, std::int64_t others,
                            std::int64_t others_bounced, const SenderPolicy& policy);

} // namespace nixie
