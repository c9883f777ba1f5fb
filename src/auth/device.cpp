#include "auth/device.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "auth/refusal.hpp"
#include "base/text.hpp"

namespace nixie {
namespace {

constexpr long status_fine = 200;
/// RFC 8628 section 3.2 and 3.5.
constexpr Duration usual_interval = std::chrono::seconds(5);
constexpr Duration slower_by = std::chrono::seconds(5);
constexpr Duration longest_interval = std::chrono::minutes(1);
constexpr Duration usual_code_life = std::chrono::minutes(15);
constexpr Duration longest_code_life = std::chrono::hours(1);

/// Shown at a terminal.
std::string shown_text(const nlohmann::json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string()) return {};
    return fold_space(printable(to_valid_utf8(found->get<std::string>())));
}

Duration seconds_in(const nlohmann::json& json, const char* key, Duration usual, Duration most) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_integer()) return usual;
    return std::clamp(Duration{found->get<std::int64_t>()}, Duration{1}, most);
}

Error code_too_old(const TokenAccount& account) {
    return {ErrorCode::refused_login, "the code was not confirmed in time", account.mailbox,
            "run `nixie auth login " + account.mailbox + "` again"};
}

} // namespace

Result<DeviceCode> start_device_login(const HttpPost& post, const TokenAccount& account, Time now) {
    Form form{{"scope", account.oauth.scope}};
    if (auto added = add_client(form, account, now); !added) return added.error();
    const std::string& url = account.oauth.device_url;
    const auto answer = post(url, form);
    if (!answer) return answer.error();
    const auto json = nlohmann::json::parse(answer->body, nullptr, false);
    if (answer->status != status_fine) return refusal_of(read_refusal(*answer), *answer, url, form, account.mailbox);
    DeviceCode code;
    if (json.is_object()) {
        code.user_code = shown_text(json, "user_code");
        code.verification_url = shown_text(json, "verification_uri");
        if (code.verification_url.empty()) code.verification_url = shown_text(json, "verification_url"); // Google
        code.complete_url = shown_text(json, "verification_uri_complete");
        if (const auto found = json.find("device_code"); found != json.end() && found->is_string())
            code.device_code = found->get<std::string>();
        code.interval = seconds_in(json, "interval", usual_interval, longest_interval);
        code.expires = now + seconds_in(json, "expires_in", usual_code_life, longest_code_life);
    }
    if (code.user_code.empty() || code.verification_url.empty() || code.device_code.empty())
        return Error{ErrorCode::unavailable, "the answer holds no code to log in with", url, "check `device_url`"};
    return code;
}

Result<Token> finish_device_login(const HttpPost& post, const TokenAccount& account, const DeviceCode& code,
                                  const Clock& clock, const Pause& pause) {
    const std::string& url = account.oauth.token_url;
    Duration interval = code.interval;
    while (pause(interval)) {
        if (clock.now() >= code.expires) return code_too_old(account);
        Form form{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"device_code", code.device_code}};
        if (auto added = add_client(form, account, clock.now()); !added) return added.error();
        const auto answer = post(url, form);
        if (!answer) { // a lost connection: less often, RFC 8628 section 3.5
            interval = std::min(interval * 2, longest_interval);
            continue;
        }
        if (answer->status == status_fine) return read_token(*answer, url, clock.now());
        const auto refusal = read_refusal(*answer);
        if (refusal.error == "authorization_pending") continue;
        Error error = refusal_of(refusal, *answer, url, form, account.mailbox);
        if (refusal.error != "slow_down" && error.code != ErrorCode::unavailable) return error;
        interval = std::min(interval + slower_by, longest_interval);
    }
    return Error{ErrorCode::interrupted, "the login was broken off", account.mailbox, {}};
}

} // namespace nixie
