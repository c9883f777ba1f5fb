#include <algorithm>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

#include "config/sections.hpp"
#include "config/url.hpp"

namespace nixie {
namespace {

constexpr std::array<std::pair<std::string_view, OAuthFlow>, 5> flows{
    {{"device", OAuthFlow::device},
     {"browser", OAuthFlow::browser},
     {"refresh-token", OAuthFlow::refresh_token},
     {"client-credentials", OAuthFlow::client_credentials},
     {"service-account", OAuthFlow::service_account}}};

constexpr const char* google_mail = "https://mail.google.com/";

OAuthFlow read_flow(TableReader& in) {
    const std::string name = in.text("flow", "device");
    const auto found = std::find_if(flows.begin(), flows.end(), [&](const auto& flow) { return flow.first == name; });
    if (found != flows.end()) return found->second;
    in.complain("flow", "`flow` names no way to a token",
                "use device, browser, refresh-token, client-credentials or service-account");
    return OAuthFlow::device;
}

/// What Microsoft documents for IMAP and POP in Exchange Online; application tokens take all that the application has.
void set_microsoft365(TableReader& in, OAuthConfig& oauth) {
    const std::string tenant = in.text("tenant", "organizations");
    if (tenant.empty() || tenant.find_first_of("/?#% ") != std::string::npos)
        in.complain("tenant", "`tenant` is no tenant's id or domain", "copy it from the application's overview page");
    const std::string base = "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0";
    oauth.token_url = base + "/token";
    oauth.device_url = base + "/devicecode";
    oauth.auth_url = base + "/authorize";
    oauth.scope = oauth.flow == OAuthFlow::client_credentials
                      ? "https://outlook.office365.com/.default"
                      : "https://outlook.office.com/IMAP.AccessAsUser.All "
                        "https://outlook.office.com/POP.AccessAsUser.All offline_access";
    if (oauth.flow == OAuthFlow::client_credentials && (tenant == "organizations" || tenant == "common"))
        in.complain("tenant", "an application's own token needs its `tenant`", "set the id of your organisation");
}

void set_google(OAuthConfig& oauth) {
    oauth.token_url = "https://oauth2.googleapis.com/token";
    oauth.device_url = "https://oauth2.googleapis.com/device/code";
    oauth.auth_url = "https://accounts.google.com/o/oauth2/v2/auth";
    oauth.scope = google_mail;
}

void check_url(TableReader& in, const std::string& key, const std::string& url) {
    constexpr std::string_view clear = "http://";
    if (url.starts_with("https://") && url.find('@') == std::string::npos) return;
    if (url.starts_with(clear)) {
        const auto host = std::string_view(url).substr(clear.size());
        if (is_loopback(host.substr(0, host.find_first_of(":/")))) return;
    }
    in.complain(key, fmt::format("`{}` must be an https:// URL without a user", key),
                "secrets are sent there; http:// is for this machine only");
}

/// A credential that this process does not have is for the service to find.
bool can_read(const std::string& file) { return is_credential(file) || std::ifstream(file); }

void check_flow(TableReader& in, const OAuthConfig& oauth) {
    const bool has_certificate = !oauth.client_certificate.empty();
    const bool has_secret = oauth.client_secret.from != SecretSource::From::nothing;
    check_url(in, "token_url", oauth.token_url);
    if (oauth.flow == OAuthFlow::device) check_url(in, "device_url", oauth.device_url);
    if (oauth.flow == OAuthFlow::browser) check_url(in, "auth_url", oauth.auth_url);
    if (oauth.flow == OAuthFlow::device && oauth.preset == "google" && oauth.scope == google_mail)
        in.complain("flow", "Google's device login grants no mail scope",
                    "set flow = \"browser\", or \"service-account\" in Google Workspace");
    if (oauth.flow != OAuthFlow::service_account && oauth.client_id.empty())
        in.complain("client_id", "`client_id` is missing", "register an application with the provider and set its id");
    if (oauth.flow == OAuthFlow::client_credentials && has_certificate == has_secret)
        in.complain("flow", "client-credentials needs a secret or a certificate, one of them",
                    "set `client_secret_file`, or `client_certificate` and `client_key`");
    if (oauth.flow == OAuthFlow::refresh_token && oauth.refresh_token.from == SecretSource::From::nothing)
        in.complain("flow", "no place for the refresh token is named",
                    "set `refresh_token_file`, `refresh_token_command` or `refresh_token_env`");
    if (oauth.flow == OAuthFlow::service_account && !can_read(oauth.service_account_file))
        in.complain("service_account_file", "the service account's key file cannot be read",
                    "set `service_account_file` to the JSON file that Google gave you");
    if (has_certificate && (!can_read(oauth.client_certificate) || !can_read(oauth.client_key)))
        in.complain("client_certificate", "certificate or key cannot be read",
                    "set `client_certificate` and `client_key` to PEM files");
    if (oauth.assertion_algorithm != "PS256" && oauth.assertion_algorithm != "RS256")
        in.complain("assertion_algorithm", "`assertion_algorithm` must be \"PS256\" or \"RS256\"", {});
}

} // namespace

OAuthConfig read_oauth(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[mailbox.oauth]", errors);
    OAuthConfig oauth;
    oauth.flow = read_flow(in);
    oauth.preset = in.text("preset");
    if (oauth.preset == "microsoft365")
        set_microsoft365(in, oauth);
    else if (oauth.preset == "google" || (oauth.preset.empty() && oauth.flow == OAuthFlow::service_account))
        set_google(oauth);
    else if (!oauth.preset.empty())
        in.complain("preset", "`preset` is not known", "use microsoft365 or google, or set token_url and device_url");
    oauth.token_url = in.text("token_url", oauth.token_url);
    oauth.device_url = in.text("device_url", oauth.device_url);
    oauth.auth_url = in.text("auth_url", oauth.auth_url);
    oauth.scope = in.text("scope", oauth.scope);
    oauth.client_id = in.text("client_id");
    oauth.client_secret = read_secret_source(in, "client_secret");
    oauth.client_certificate = credential_path(in.text("client_certificate"));
    oauth.client_key = credential_path(in.text("client_key", oauth.client_certificate));
    oauth.assertion_algorithm = in.text("assertion_algorithm", oauth.assertion_algorithm);
    oauth.refresh_token = read_secret_source(in, "refresh_token");
    oauth.service_account_file = credential_path(in.text("service_account_file"));
    oauth.ca_file = in.text("ca_file");
    check_flow(in, oauth);
    in.refuse_other_keys();
    return oauth;
}

} // namespace nixie
