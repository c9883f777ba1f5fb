#include "mailbox/login_refusals.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace nixie {
namespace {

using std::chrono::minutes;
using For = LoginRefusal::For;

constexpr auto for_now = ErrorCode::unavailable;
constexpr auto lasting = ErrorCode::refused_login;

constexpr const char* google_app_password =
    "make an app password (Google Account > Security > 2-Step Verification > App passwords), or use [mailbox.oauth] "
    "with "
    "preset = \"google\"";
constexpr const char* microsoft_oauth =
    "use [mailbox.oauth] with preset = \"microsoft365\" instead of a password, then `nixie auth login MAILBOX`";
constexpr const char* microsoft_token =
    "Exchange admin center > Recipients > Mailboxes > the mailbox > Email apps: switch IMAP or POP on; check that the "
    "token "
    "is this user's and has the permission IMAP.AccessAsUser.All, or for an application that New-ServicePrincipal and "
    "Add-MailboxPermission were run";

/// Of several that fit the first counts: what says more stands before what is said by many. RFC 5530, RFC 2449 and RFC 3206
/// have the codes; the words are those of the providers.
constexpr std::array<LoginRefusal, 27> login_refusals{{
    {"", "application-specific password required", For::any, lasting, "Google wants an app password or OAuth",
     google_app_password},
    {"", "web login required", For::any, lasting, "Google wants a person to log in with a browser first",
     "log in at https://mail.google.com as that user and confirm that it was you; for good, use an app password or "
     "OAuth"},
    {"", "log in via your web browser", For::any, lasting, "Google wants a person to log in with a browser first",
     "log in at https://mail.google.com as that user and confirm that it was you; for good, use an app password or "
     "OAuth"},
    {"", "not enabled for imap", For::any, lasting, "IMAP is switched off for this account",
     "Gmail: Settings > See all settings > Forwarding and POP/IMAP > Enable IMAP"},
    {"", "not enabled for pop", For::any, lasting, "POP3 is switched off for this account",
     "Gmail: Settings > See all settings > Forwarding and POP/IMAP > Enable POP"},
    {"", "imap access is disabled", For::any, lasting, "the organisation has switched IMAP off",
     "Google Admin console > Apps > Google Workspace > Gmail > End User Access: switch IMAP on for this user"},
    {"", "enable imap", For::any, lasting, "IMAP is switched off for this account",
     "switch it on in the settings of the provider's web mail"},
    {"", "logondenied-basicauthblocked", For::any, lasting,
     "Microsoft 365 takes no passwords over IMAP and POP3 (basic authentication is switched off)", microsoft_oauth},
    {"", "basic authentication is disabled", For::any, lasting,
     "Microsoft 365 takes no passwords over IMAP and POP3 (basic authentication is switched off)", microsoft_oauth},
    {"", "[unavailable]", For::any, for_now, "the server cannot check logins now", "try again later"},
    {"", "[sys/temp]", For::any, for_now, "the server has a temporary fault", "try again later"},
    {"", "[inuse]", For::any, for_now, "another session holds the mailbox", "end it, or try again later", minutes(1)},
    {"", "[in-use]", For::any, for_now, "another session holds the mailbox", "end it, or try again later", minutes(1)},
    {"", "[limit]", For::any, for_now, "the account has too many connections or logins",
     "close other programs that use it, or try again later", minutes(15)},
    {"", "[login-delay]", For::any, for_now, "the server wants more time between two logins",
     "make `poll` longer, or try again later", minutes(5)},
    {"", "[sys/perm]", For::any, lasting, "the server has a fault that does not pass by itself",
     "tell those who run the server"},
    {"", "[expired]", For::any, lasting, "the password has expired", "set a new one for the account"},
    {"", "[authorizationfailed]", For::any, lasting, "this login may not use that account",
     "give it access to the account"},
    {"", "[privacyrequired]", For::any, ErrorCode::config, "the server takes this login over TLS only",
     "use imaps://, pop3s:// or tls = \"starttls\""},
    {"", "[contactadmin]", For::any, lasting, "the server wants its operator to look at this account",
     "tell those who run the server"},
    {"outlook.office365.com", "", For::password, lasting,
     "Microsoft 365 takes no passwords over IMAP and POP3 (basic authentication is switched off)", microsoft_oauth},
    {"outlook.office365.com", "", For::token, lasting, "the token was refused", microsoft_token},
    {"gmail.com", "", For::password, lasting, "user name or password refused", google_app_password},
    {"mail.yahoo.com", "", For::password, lasting, "user name or password refused",
     "Yahoo wants an app password: Account > Security > Generate app password"},
    {"mail.me.com", "", For::password, lasting, "user name or password refused",
     "iCloud wants an app-specific password: account.apple.com > Sign-In and Security > App-Specific Passwords"},
    {"fastmail.com", "", For::password, lasting, "user name or password refused",
     "Fastmail wants an app password: Settings > Privacy & Security > App passwords"},
    {"gmx.net", "", For::password, lasting, "user name or password refused",
     "GMX: switch on IMAP and POP3 in the web mail's settings, and check the password"},
}};

/// Whether the URL's host is `host` or lies below it.
bool is_at(std::string_view url, std::string_view host) {
    const auto scheme = url.find("://");
    std::string_view found = url.substr(scheme == std::string_view::npos ? 0 : scheme + 3);
    found = found.substr(0, found.find_first_of(":/"));
    if (found.size() < host.size()) return false;
    const auto rest = found.size() - host.size();
    return equals_ignoring_case(found.substr(rest), host) && (rest == 0 || found[rest - 1] == '.');
}

bool fits(const LoginRefusal& row, std::string_view url, const std::string& reply, LoginBy by) {
    if (row.way == For::password && by != LoginBy::password) return false;
    if (row.way == For::token && by != LoginBy::token) return false;
    return (row.host.empty() || is_at(url, row.host)) && reply.find(row.words) != std::string::npos;
}

} // namespace

const LoginRefusal* find_login_refusal(std::string_view url, std::string_view reply, LoginBy by) {
    const std::string lower = to_lower(reply);
    const auto* const found = std::find_if(login_refusals.begin(), login_refusals.end(),
                                           [&](const auto& row) { return fits(row, url, lower, by); });
    return found == login_refusals.end() ? nullptr : found;
}

} // namespace nixie
