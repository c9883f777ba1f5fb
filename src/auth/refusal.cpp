#include "auth/refusal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t shown_description = 300;

/// `{}` in a remedy stands for the mailbox.
struct RefusalMeaning {
    std::string_view sign;
    ErrorCode code;
    std::string_view what;
    std::string_view remedy;
};

constexpr std::string_view log_in_again = "run `nixie auth login {}`";

/// Microsoft's codes stand in the description; https://learn.microsoft.com/entra/identity-platform/reference-error-codes
constexpr std::array<RefusalMeaning, 27> by_aadsts{{
    {"AADSTS50034", ErrorCode::refused_login, "the account does not exist in this tenant",
     "check `tenant` and the account"},
    {"AADSTS50053", ErrorCode::refused_login, "the account is locked", "unlock it, or wait"},
    {"AADSTS50055", ErrorCode::refused_login, "the account's password has expired",
     "set a new one, then run `nixie auth login {}`"},
    {"AADSTS50057", ErrorCode::refused_login, "the account is disabled", "enable its sign-in"},
    {"AADSTS50076", ErrorCode::refused_login, "a second factor is asked for", log_in_again},
    {"AADSTS50079", ErrorCode::refused_login, "a second factor must be registered", log_in_again},
    {"AADSTS50105", ErrorCode::refused_login, "the account is not assigned to the application",
     "assign it under Enterprise applications"},
    {"AADSTS50173", ErrorCode::refused_login,
     "the consent has ended, since the password was changed or sessions were revoked", log_in_again},
    {"AADSTS53003", ErrorCode::refused_login, "a conditional access policy forbids this login",
     "exempt the application or this machine in the policy"},
    {"AADSTS65001", ErrorCode::refused_login, "nobody has consented to what the application asks for",
     "grant admin consent for its API permissions, or run `nixie auth login {}`"},
    {"AADSTS700003", ErrorCode::refused_login, "the device that logged in is gone", log_in_again},
    {"AADSTS700016", ErrorCode::refused_login, "the application is not known in this tenant",
     "check `client_id` and `tenant`"},
    {"AADSTS700027", ErrorCode::refused_login, "the certificate is not registered for the application",
     "upload `client_certificate` under Certificates & secrets"},
    {"AADSTS700030", ErrorCode::refused_login, "the certificate has expired or is not valid",
     "make a new one and upload it"},
    {"AADSTS700082", ErrorCode::refused_login, "the refresh token has expired, since it was not used for long",
     log_in_again},
    {"AADSTS700084", ErrorCode::refused_login, "the refresh token has reached the end of its life", log_in_again},
    {"AADSTS7000112", ErrorCode::refused_login, "the application is disabled",
     "enable it under Enterprise applications"},
    {"AADSTS7000215", ErrorCode::refused_login, "the client secret is wrong", "take the secret's value, not its id"},
    {"AADSTS7000218", ErrorCode::refused_login, "the application must prove itself",
     "switch on \"Allow public client flows\" under Authentication, or set `client_secret_file`"},
    {"AADSTS7000222", ErrorCode::refused_login, "the client secret has expired",
     "make a new one under Certificates & secrets"},
    {"AADSTS70008", ErrorCode::refused_login, "the refresh token has expired or was revoked", log_in_again},
    {"AADSTS70011", ErrorCode::refused_login, "the scope is not valid", "check `scope`"},
    {"AADSTS1002012", ErrorCode::refused_login, "an application's own token wants a scope that ends in /.default",
     "check `scope`"},
    {"AADSTS500011", ErrorCode::refused_login, "what the scope names is not known in this tenant",
     "check `scope` and `tenant`"},
    {"AADSTS90002", ErrorCode::refused_login, "there is no such tenant", "check `tenant`"},
    {"AADSTS900023", ErrorCode::refused_login, "`tenant` is neither an id nor a domain", "check `tenant`"},
    {"AADSTS90023", ErrorCode::unavailable, "the token server is asked too often", "try again later"},
}};

/// RFC 6749 section 5.2 and RFC 8628 section 3.5, with the names that Microsoft and Google use instead.
constexpr std::array<RefusalMeaning, 14> by_error{{
    {"invalid_grant", ErrorCode::refused_login, "the consent has ended or was withdrawn", log_in_again},
    {"interaction_required", ErrorCode::refused_login, "the provider wants to see a person", log_in_again},
    {"invalid_client", ErrorCode::refused_login, "the application is not known, or its secret is wrong",
     "check `client_id` and the client's secret or certificate"},
    {"unauthorized_client", ErrorCode::refused_login, "the application may not do this",
     "allow this flow, or this user, where the application is registered"},
    {"unsupported_grant_type", ErrorCode::refused_login, "the provider does not know this flow",
     "choose another `flow`"},
    {"invalid_scope", ErrorCode::refused_login, "the scope is not valid, or not for this flow",
     "check `scope` and `flow`"},
    {"invalid_request", ErrorCode::refused_login, "the provider does not understand the request",
     "check the settings in [mailbox.oauth]"},
    {"access_denied", ErrorCode::refused_login, "the login was declined", log_in_again},
    {"authorization_declined", ErrorCode::refused_login, "the login was declined", log_in_again},
    {"expired_token", ErrorCode::refused_login, "the code was not confirmed in time", log_in_again},
    {"bad_verification_code", ErrorCode::refused_login, "the code is not known any more", log_in_again},
    {"admin_policy_enforced", ErrorCode::refused_login, "the organisation's administrator forbids this application",
     "ask the administrator to allow it"},
    {"temporarily_unavailable", ErrorCode::unavailable, "the token server is overloaded", "try again later"},
    {"server_error", ErrorCode::unavailable, "the token server has a fault", "try again later"},
}};

const RefusalMeaning* meaning_of(const TokenRefusal& refusal) {
    const auto aadsts = refusal.description.find("AADSTS");
    if (aadsts != std::string::npos) {
        const auto end = refusal.description.find_first_not_of("0123456789", aadsts + 6);
        const auto code = std::string_view(refusal.description).substr(aadsts, end - aadsts);
        for (const auto& row : by_aadsts)
            if (row.sign == code) return &row;
    }
    for (const auto& row : by_error)
        if (row.sign == refusal.error) return &row;
    return nullptr;
}

bool holds_secret(const std::string& text, const Form& form) {
    constexpr std::array<std::string_view, 5> secrets{"client_secret", "refresh_token", "client_assertion", "assertion",
                                                      "device_code"};
    return std::any_of(form.begin(), form.end(), [&](const auto& field) {
        const bool secret = std::find(secrets.begin(), secrets.end(), field.first) != secrets.end();
        return secret && !field.second.empty() && text.find(field.second) != std::string::npos;
    });
}

/// Its first sentence: Microsoft adds trace ids and times.
std::string first_words(const std::string& description) {
    const auto end = std::min(description.find("\r\n"), description.find(" Trace ID"));
    return fold_space(printable(to_valid_utf8(clip(std::string_view(description).substr(0, end), shown_description))));
}

std::string for_mailbox(std::string_view remedy, const std::string& mailbox) {
    std::string out(remedy);
    if (const auto at = out.find("{}"); at != std::string::npos) out.replace(at, 2, mailbox);
    return out;
}

} // namespace

TokenRefusal read_refusal(const HttpAnswer& answer) {
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    TokenRefusal out;
    if (!json.is_object()) return out;
    const auto text = [&](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    out.error = text("error");
    if (out.error.empty()) out.error = text("error_code"); // Google's device endpoint
    out.description = text("error_description");
    return out;
}

Error refusal_of(const TokenRefusal& refusal, const HttpAnswer& answer, const std::string& url, const Form& form,
                 const std::string& mailbox) {
    constexpr long too_many = 429, server_faults = 500;
    Error error{ErrorCode::refused_login, "", url, "", answer.retry_after};
    const RefusalMeaning* const meaning = meaning_of(refusal);
    if (answer.status == too_many || answer.status >= server_faults) {
        error.code = ErrorCode::unavailable;
        error.what = fmt::format("the token server cannot answer now (HTTP {})", answer.status);
        error.remedy = "try again later";
    } else if (meaning != nullptr) {
        error.code = meaning->code;
        error.what = meaning->what;
        error.remedy = for_mailbox(meaning->remedy, mailbox);
    } else {
        error.what = refusal.error.empty() ? fmt::format("this is no answer of a token server (HTTP {})", answer.status)
                                           : "the token server refuses: " + printable(clip(refusal.error, 60));
        error.remedy = "check the settings in [mailbox.oauth]";
    }
    if (!refusal.description.empty() && !holds_secret(refusal.description, form))
        error.what += fmt::format(" (\"{}\")", first_words(refusal.description));
    return error;
}

} // namespace nixie
