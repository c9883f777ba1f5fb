#include "doctor/token.hpp"

#include <fmt/format.h>

#include "auth/state.hpp"
#include "report/figures.hpp"

namespace nixie {

Findings check_token(const Visit& visit) {
    if (!visit.config.login.oauth) return {};
    const auto state = token_state(visit.config);
    if (!state) return {problem("token", state.error())};
    const std::string log_in = fmt::format("`nixie auth login {}`, once, by a person", visit.config.name);
    if (!state->token)
        return {state->by_person ? Finding{"token", Mark::problem, "none is kept", log_in}
                                 : Finding{"token", Mark::ok, "none is kept yet; the login fetches one"}};
    const Time now = visit.clock.now();
    const Token& token = *state->token;
    const std::string age = fmt::format("obtained {} ago", rough_duration(now - token.obtained));
    if (!state->serves(now)) {
        const std::string text = fmt::format("{}, expired {} ago", age, rough_duration(now - token.expires));
        if (state->renewable) return {{"token", Mark::ok, text + "; the login renews it"}};
        return {{"token", Mark::problem, text + ", and the provider gave none to renew it with", log_in}};
    }
    const std::string text =
        fmt::format("{}, good for {}, until {}", age, rough_duration(token.expires - now), zoned_time(token.expires));
    if (state->renewable) return {{"token", Mark::ok, text + "; renewed by itself"}};
    return {{"token", Mark::warning, text + "; the provider gave none to renew it with",
             "is `offline_access` in `scope`? Then " + log_in}};
}

} // namespace nixie
