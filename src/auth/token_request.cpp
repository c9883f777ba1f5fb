#include "auth/token_request.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

#include <nlohmann/json.hpp>

#include "auth/jwt.hpp"
#include "auth/refusal.hpp"

namespace nixie {
namespace {

/// How long an assertion holds; it is used at once, and clocks differ.
constexpr Duration assertion_life = std::chrono::minutes(10);
/// Where the server does not tell.
constexpr Duration usual_life = std::chrono::hours(1);
constexpr Duration longest_life = std::chrono::hours(24 * 30);
constexpr std::size_t max_file = 64 * 1024;

Result<std::string> read_key_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text(max_file, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad())
        return Error{ErrorCode::config, "the file cannot be read", path, "let the user that runs nixie read it"};
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::int64_t seconds_of(Time time) { return time.time_since_epoch().count(); }

/// RFC 7523 section 3: the client says by its signature that it is the client.
Result<std::string> client_assertion(const OAuthConfig& oauth, Time now) {
    const auto certificate = read_key_file(oauth.client_certificate);
    if (!certificate) return certificate.error();
    const auto prints = thumbprints(*certificate, oauth.client_certificate);
    if (!prints) return prints.error();
    const auto pem = read_key_file(oauth.client_key);
    if (!pem) return pem.error();
    const auto key = SigningKey::from_pem(*pem, oauth.client_key);
    if (!key) return key.error();
    const nlohmann::json header{{"x5t", prints->sha1}, {"x5t#S256", prints->sha256}};
    const nlohmann::json claims{{"aud", oauth.token_url},
                                {"iss", oauth.client_id},
                                {"sub", oauth.client_id},
                                {"jti", random_id()},
                                {"nbf", seconds_of(now)},
                                {"iat", seconds_of(now)},
                                {"exp", seconds_of(now + assertion_life)}};
    return key->sign(header, claims, oauth.assertion_algorithm == "RS256" ? JwtAlgorithm::rs256 : JwtAlgorithm::ps256);
}

std::string text_of(const nlohmann::json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A number, which some servers write as a text.
Duration life_in(const nlohmann::json& json) {
    const auto found = json.find("expires_in");
    std::int64_t seconds = 0;
    if (found != json.end() && found->is_number()) // clamped first: it may be larger than any integer
        seconds =
            static_cast<std::int64_t>(std::clamp(found->get<double>(), 0.0, static_cast<double>(longest_life.count())));
    if (found != json.end() && found->is_string()) {
        const auto text = found->get<std::string>();
        std::from_chars(text.data(), text.data() + text.size(), seconds);
    }
    return seconds <= 0 ? usual_life : std::min(longest_life, Duration{seconds});
}

/// It goes into a line of IMAP or POP3.
bool is_token_text(const std::string& text) {
    return !text.empty() && text.find_first_not_of(
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-._~+/=") == std::string::npos;
}

} // namespace

Result<void> add_client(Form& form, const TokenAccount& account, Time now) {
    const OAuthConfig& oauth = account.oauth;
    form.emplace_back("client_id", oauth.client_id);
    if (!oauth.client_certificate.empty()) {
        auto assertion = client_assertion(oauth, now);
        if (!assertion) return assertion.error();
        form.emplace_back("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.emplace_back("client_assertion", std::move(assertion).value());
    } else if (oauth.client_secret.from != SecretSource::From::nothing) {
        auto secret = read_secret(oauth.client_secret);
        if (!secret) return secret.error();
        form.emplace_back("client_secret", std::move(secret).value());
    }
    return {};
}

Result<TokenRequest> refresh_request(const TokenAccount& account, const std::string& refresh_token, Time now) {
    TokenRequest request{account.oauth.token_url, {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}}};
    if (!account.oauth.scope.empty()) request.form.emplace_back("scope", account.oauth.scope);
    if (auto added = add_client(request.form, account, now); !added) return added.error();
    return request;
}

Result<TokenRequest> client_credentials_request(const TokenAccount& account, Time now) {
    TokenRequest request{account.oauth.token_url, {{"grant_type", "client_credentials"}}};
    if (!account.oauth.scope.empty()) request.form.emplace_back("scope", account.oauth.scope);
    if (auto added = add_client(request.form, account, now); !added) return added.error();
    return request;
}

/// https://developers.google.com/identity/protocols/oauth2/service-account#httprest
Result<TokenRequest> service_account_request(const TokenAccount& account, Time now) {
    const std::string& path = account.oauth.service_account_file;
    const auto text = read_key_file(path);
    if (!text) return text.error();
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_object() || text_of(json, "private_key").empty() || text_of(json, "client_email").empty())
        return Error{ErrorCode::config, "this is no key file of a service account", path,
                     "make a key of type JSON for the service account and name that file"};
    const auto key = SigningKey::from_pem(text_of(json, "private_key"), path);
    if (!key) return key.error();
    const std::string& url = account.oauth.token_url;
    const nlohmann::json claims{{"iss", text_of(json, "client_email")},
                                {"sub", account.user},
                                {"scope", account.oauth.scope},
                                {"aud", url},
                                {"iat", seconds_of(now)},
                                {"exp", seconds_of(now + assertion_life)}};
    const auto assertion = key->sign({{"kid", text_of(json, "private_key_id")}}, claims, JwtAlgorithm::rs256);
    if (!assertion) return assertion.error();
    return TokenRequest{url,
                        {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", *assertion}}};
}

Result<Token> read_token(const HttpAnswer& answer, const std::string& url, Time now) {
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    Token token;
    if (json.is_object()) token.access = text_of(json, "access_token");
    if (!is_token_text(token.access))
        return Error{ErrorCode::unavailable, "the token server's answer holds no token", url,
                     "check the URLs in [mailbox.oauth]"};
    token.refresh = text_of(json, "refresh_token");
    token.obtained = now;
    token.expires = now + life_in(json);
    return token;
}

Result<Token> ask_for_token(const HttpPost& post, const TokenRequest& request, const TokenAccount& account, Time now) {
    constexpr long fine = 200;
    const auto answer = post(request.url, request.form);
    if (!answer) return answer.error();
    if (answer->status == fine) return read_token(*answer, request.url, now);
    Error error = refusal_of(read_refusal(*answer), *answer, request.url, request.form, account.mailbox);
    const OAuthFlow flow = account.oauth.flow;
    const bool by_person = flow != OAuthFlow::client_credentials && flow != OAuthFlow::service_account;
    if (!by_person && error.remedy.find("auth login") != std::string::npos)
        error.remedy = "check what the account may do, its key, and this machine's clock";
    return error;
}

} // namespace nixie
