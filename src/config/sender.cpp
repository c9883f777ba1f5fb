#include "config/sections.hpp"

namespace nixie {
namespace {

constexpr std::int64_t most_messages = 1'000'000'000;

int percent(TableReader& in, std::string_view key, int fallback) {
    return static_cast<int>(in.integer(key, fallback, 1, 100));
}

} // namespace

SenderPolicy read_sender(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[sender]", errors);
    SenderPolicy policy;
    policy.hold = in.boolean("hold", policy.hold);
    policy.window = in.duration("window", policy.window);
    policy.quiet = in.duration("quiet", policy.quiet);
    policy.floor = static_cast<int>(in.integer("floor", policy.floor, 1, most_messages));
    policy.blocked_share = percent(in, "blocked_share", policy.blocked_share);
    policy.local_share = percent(in, "local_share", policy.local_share);
    policy.provider_share = percent(in, "provider_share", policy.provider_share);
    policy.spike = static_cast<int>(in.integer("spike", policy.spike, 1, 100));
    policy.nearly_all = percent(in, "nearly_all", policy.nearly_all);
    policy.mailing_factor = static_cast<int>(in.integer("mailing_factor", policy.mailing_factor, 2, 1000));
    policy.warn = percent(in, "warn", policy.warn);
    policy.alarm = percent(in, "alarm", policy.alarm);
    policy.rate_floor = static_cast<int>(in.integer("rate_floor", policy.rate_floor, 1, most_messages));
    if (policy.alarm < policy.warn)
        in.complain("alarm", "`alarm` is below `warn`", "the alarm comes after the warning: make it higher");
    in.refuse_other_keys();
    return policy;
}

} // namespace nixie
