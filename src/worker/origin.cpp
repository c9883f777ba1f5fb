#include "worker/origin.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "store/bounces.hpp"

namespace nixie {
namespace {

/// For how long a mailing that was told of vouches for reports about it.
constexpr std::chrono::hours memory{24 * 90};

bool is_in_domain(std::string_view host, std::string_view domain) {
    if (host.size() < domain.size() || !equals_ignoring_case(host.substr(host.size() - domain.size()), domain))
        return false;
    return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

/// The domain in the original's Message-ID, if that is none of ours; empty if it is, or if there is none to look at.
std::string_view foreign_domain(const Report& report, const std::vector<std::string>& ours) {
    const std::string_view id = report.original.message_id;
    const auto at = id.rfind('@');
    if (ours.empty() || !concerns_recipients(report.kind) || at == std::string_view::npos) return {};
    const auto host = id.substr(at + 1);
    const bool is_ours =
        std::any_of(ours.begin(), ours.end(), [&](const std::string& domain) { return is_in_domain(host, domain); });
    return is_ours ? std::string_view{} : host;
}

} // namespace

Result<std::set<std::string>> told_mailings(Store& store, const Config& config, Time now) {
    std::set<std::string> out;
    if (config.message_id_domains.empty()) return out;
    const auto rates = store.rates(RateScope::mailing, now - memory);
    if (!rates) return rates.error();
    for (const auto& rate : *rates)
        if (rate.tally.sent > 0) out.insert(rate.name);
    return out;
}

Judgement judge_with_origin(const CycleContext& context, std::string_view bytes) {
    Limits limits;
    limits.bytes = context.config.fetch_bytes;
    Judgement judgement = context.judge(bytes, limits);
    Report& report = judgement.report;
    const auto host = foreign_domain(report, context.config.message_id_domains);
    if (host.empty() || context.told_mailings.contains(report.original.campaign)) return judgement;
    if (const auto* guard = context.judge.guard(); guard && guard->proven(bytes)) return judgement;
    report.ground = "its original's Message-ID is of " + std::string(host) + ": the mail was not sent from here";
    report.kind = Kind::suspicious;
    return judgement;
}

} // namespace nixie
