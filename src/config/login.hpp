// How to reach and log in to a mailbox's server, as configured. Secrets are named here, never held.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Where a secret is kept.
struct SecretSource {
    enum class From { nothing, file, command, environment };
    From from = From::nothing;
    std::string name;     ///< path, shell command or variable
    std::string key = {}; ///< of the configuration, for errors: "password_file"

    friend bool operator==(const SecretSource&, const SecretSource&) = default;
};

/// Fetches a secret: the first line of what is there. A file that others may read is refused.
Result<std::string> read_secret(const SecretSource& source);
/// The same with all its lines.
Result<std::string> read_secret_text(const SecretSource& source);

/// Whether it is a file that only a service of systemd has: "$CREDENTIALS_DIRECTORY/name".
bool is_credential(const SecretSource& source);
/// The same for a file of keys: its path where there is such a service, and the name as it is where there is none.
std::string credential_path(const std::string& name);
bool is_credential(std::string_view name);

/// How access tokens come about.
enum class OAuthFlow {
    device,             ///< a person confirms once: `nixie auth login`; then by refresh token
    browser,            ///< the same, for providers whose device login grants no mail
    refresh_token,      ///< by a refresh token that is given
    client_credentials, ///< the application as itself, by secret or certificate
    service_account,    ///< Google's: by the key in a JSON file
};

/// [mailbox.oauth]; presets are filled in.
struct OAuthConfig {
    std::string preset; ///< "microsoft365", "google" or empty
    OAuthFlow flow = OAuthFlow::device;
    std::string token_url;
    std::string device_url;
    std::string auth_url; ///< where the browser begins
    std::string client_id;
    std::string scope; ///< several are separated by spaces
    SecretSource client_secret;
    std::string client_certificate, client_key; ///< PEM; sign the client's assertion (RFC 7523)
    std::string assertion_algorithm = "PS256";  ///< or RS256
    SecretSource refresh_token;
    std::string service_account_file;
    std::string ca_file; ///< of the token server

    friend bool operator==(const OAuthConfig&, const OAuthConfig&) = default;
};

struct ProxyConfig {
    std::string url; ///< empty: as the environment says; "none"
    std::string user;
    SecretSource password;

    friend bool operator==(const ProxyConfig&, const ProxyConfig&) = default;
};

struct LoginConfig {
    static constexpr std::array<std::string_view, 8> mechanisms{"PLAIN",         "LOGIN",    "CRAM-MD5", "SCRAM-SHA-1",
                                                                "SCRAM-SHA-256", "EXTERNAL", "XOAUTH2",  "OAUTHBEARER"};

    std::string user;
    std::string mechanism; ///< one of `mechanisms`; empty: whatever fits
    SecretSource password;
    std::string token_command; ///< prints an access token
    std::optional<OAuthConfig> oauth;
    std::string token_file; ///< where tokens are kept between logins
    std::string ca_file;
    std::string client_certificate, client_key;
    SecretSource client_key_password;
    ProxyConfig proxy;
    Duration timeout = std::chrono::seconds(60);

    [[nodiscard]] bool by_token() const { return oauth || !token_command.empty(); }

    friend bool operator==(const LoginConfig&, const LoginConfig&) = default;
};

} // namespace nixie
