#include "worker/return_paths.hpp"

#include "store/bounces.hpp"

namespace nixie {
namespace {

/// The best of those that the message holds: one without fault before any other.
ReturnPathCheck best_of(std::string_view bytes, const VerpConfig& config, std::span<const ReturnPathKey> keys,
                        Time now) {
    ReturnPathCheck best;
    for (const auto& address : find_return_paths(config.address, bytes)) {
        auto check = check_return_path(config.address, address, keys, now);
        if (check.fault == ReturnPathFault::none) return check;
        if (best.fault == ReturnPathFault::unsigned_) best = std::move(check);
    }
    return best;
}

std::string_view ground(ReturnPathFault fault) {
    switch (fault) {
        case ReturnPathFault::expired:
            return "the token of its return path has expired";
        case ReturnPathFault::unknown_key:
            return "the token of its return path is of an unknown key";
        case ReturnPathFault::malformed:
        case ReturnPathFault::forged:
            return "the token of its return path is forged";
        default:
            return "no return path of ours: the mail was not sent from here";
    }
}

} // namespace

Result<std::vector<ReturnPathKey>> read_configured_ring(const VerpConfig& config) {
    const auto text = read_secret_text(config.keys);
    if (!text) return text.error();
    const auto& source = config.keys;
    return read_key_ring(*text, source.from == SecretSource::From::command ? source.key : source.name);
}

Result<ReturnPathGuard> ReturnPathGuard::make(const VerpConfig& config, const Clock& clock) {
    auto keys = read_configured_ring(config);
    if (!keys) return keys.error();
    return ReturnPathGuard(config, std::move(keys).value(), clock);
}

std::optional<ReturnPathClaim> ReturnPathGuard::proven(std::string_view bytes) const {
    auto check = best_of(bytes, config_, keys_, clock_->now());
    if (check.fault != ReturnPathFault::none) return std::nullopt;
    return std::move(check.claim);
}

void ReturnPathGuard::apply(std::string_view bytes, Judgement& judgement) const {
    Report& report = judgement.report;
    if (!concerns_recipients(report.kind)) return;
    const auto check = best_of(bytes, config_, keys_, clock_->now());
    if (check.fault != ReturnPathFault::none) {
        if (!config_.require) return;
        report.kind = Kind::suspicious;
        report.ground = ground(check.fault);
        return;
    }
    attribute(report, {check.claim.recipient, check.claim.mailing});
}

} // namespace nixie
