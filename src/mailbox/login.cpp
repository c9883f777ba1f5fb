#include "mailbox/login.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "mailbox/login_refusals.hpp"
#include "mailbox/server_wait.hpp"

namespace nixie {
namespace {

/// A server that announces more is not worth remembering.
constexpr std::size_t max_offered = 32;
constexpr std::size_t max_reply = 4096;
constexpr std::size_t shown_reply = 200;

std::vector<std::string_view> login_words(std::string_view line, std::size_t most) {
    std::vector<std::string_view> out;
    while (out.size() < most) {
        const auto begin = line.find_first_not_of(" \r\n[]");
        if (begin == std::string_view::npos) break;
        line.remove_prefix(begin);
        const auto end = std::min(line.find_first_of(" \r\n[]"), line.size());
        out.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    return out;
}

/// Debian's libcurl has no SCRAM: it needs libgsasl.
bool libcurl_has_scram() { return (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_GSASL) != 0; }

Error refusal_by(const Endpoint& endpoint, const LoginTrace& trace) {
    const auto by = endpoint.token ? LoginBy::token : LoginBy::password;
    if (const auto* const known = find_login_refusal(endpoint.url, trace.last_reply(), by)) {
        Error error{known->error, known->what, endpoint.url, known->remedy};
        if (known->wait > Duration::zero()) error.wait = known->wait;
        return error;
    }
    if (endpoint.token)
        return {ErrorCode::refused_login, "the token was refused", endpoint.url,
                "check that its scope is for this server, that the user is the token's, and that the account allows "
                "IMAP or POP3"};
    if (trace.tried() == "EXTERNAL")
        return {ErrorCode::refused_login, "the client certificate was refused as a login", endpoint.url,
                "check client_certificate, and which user the server takes it for"};
    return {ErrorCode::refused_login, "user name or password refused", endpoint.url,
            "check user, password and which ways to log in the account allows"};
}

Error nothing_in_common(const Endpoint& endpoint, const LoginTrace& trace) {
    const std::string wanted = !endpoint.mechanism.empty() ? endpoint.mechanism
                               : endpoint.token            ? "OAUTHBEARER or XOAUTH2"
                                                           : "way to log in by password that libcurl knows";
    Error error{ErrorCode::refused_login,
                fmt::format("the server offers no {}; it offers {}", wanted, list_of_ways(endpoint, trace)),
                endpoint.url,
                {}};
    if (!endpoint.mechanism.empty())
        error.remedy = "set `auth` to one of these, or leave it out";
    else if (endpoint.token)
        error.remedy = "log in by password, or ask the provider for OAuth";
    else
        error.remedy = "use TLS, or a token where the provider wants OAuth";
    return error;
}

/// As base64 of what was sent would look. Some servers quote the command they refuse.
bool looks_encoded(std::string_view word) {
    const auto has = [&](auto test) { return std::any_of(word.begin(), word.end(), test); };
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto other = [](char c) { return (c >= '0' && c <= '9') || c == '=' || c == '+' || c == '/'; };
    return word.size() >= 8 && has(lower) && has(upper) && has(other);
}

bool may_hold_secret(std::string_view reply, std::string_view secret) {
    if (!secret.empty() && reply.find(secret) != std::string_view::npos) return true;
    const auto words = login_words(reply, max_reply);
    return std::any_of(words.begin(), words.end(), looks_encoded);
}

/// The server's own words, without tag and "NO" or "-ERR".
std::string words_of(std::string_view reply, std::string_view secret) {
    if (may_hold_secret(reply, secret)) return {};
    const auto space = reply.find(' ');
    if (space == std::string_view::npos || reply.front() == '+') return {};
    reply.remove_prefix(space + 1);
    if (starts_with_ignoring_case(reply, "NO ") || starts_with_ignoring_case(reply, "BAD "))
        reply.remove_prefix(reply.find(' ') + 1);
    return fold_space(printable(to_valid_utf8(clip(trim(reply), shown_reply))));
}

} // namespace

std::string list_of_ways(const Endpoint& endpoint, const LoginTrace& trace) {
    std::vector<std::string> ways = trace.offered();
    if (trace.offers_plain_command())
        ways.emplace_back(endpoint.url.starts_with("imap") ? "the LOGIN command" : "USER and PASS");
    return ways.empty() ? "nothing" : fmt::format("{}", fmt::join(ways, ", "));
}

bool LoginTrace::offers(std::string_view mechanism) const {
    return std::find(offered_.begin(), offered_.end(), mechanism) != offered_.end();
}

void LoginTrace::announce(std::string_view mechanism) {
    if (offered_.size() < max_offered) offered_.push_back(printable(to_upper(clip(mechanism, max_offered))));
}

void LoginTrace::received(std::string_view line) {
    last_reply_ = line.substr(0, max_reply);
    const auto found = login_words(line, 256);
    if (found.empty()) return;
    if (std::find(found.begin(), found.end(), "CAPABILITY") != found.end()) { // of IMAP, after "*" or "* OK ["
        offered_.clear();
        plain_command_ = true;
        capabilities_ = fmt::format("{}", fmt::join(found, " "));
        for (const auto word : found) {
            if (starts_with_ignoring_case(word, "AUTH=")) announce(word.substr(5));
            if (equals_ignoring_case(word, "LOGINDISABLED")) plain_command_ = false;
        }
    }
    if (equals_ignoring_case(found[0], "SASL")) // a line of POP3's CAPA
        std::for_each(found.begin() + 1, found.end(), [&](std::string_view word) { announce(word); });
    if (equals_ignoring_case(found[0], "USER")) plain_command_ = true;
}

void LoginTrace::sent(std::string_view line) {
    const auto found = login_words(line, 3);
    if (found.empty()) return;
    if (found[0] == "CAPA") {
        offered_.clear();
    } else if (found[0] == "USER") {
        tried_ = "USER and PASS";
    } else if (found[0] == "APOP") {
        tried_ = "APOP";
    } else if (found[0] == "AUTH" && found.size() > 1) {
        tried_ = found[1];
    } else if (found.size() > 2 && found[1] == "AUTHENTICATE") {
        tried_ = found[2];
    } else if (found.size() > 2 && found[1] == "LOGIN") {
        tried_ = "the LOGIN command";
    }
}

Result<std::string> login_options(const Endpoint& endpoint) {
    if (endpoint.mechanism.starts_with("SCRAM") && !libcurl_has_scram())
        return Error{ErrorCode::config, "this machine's libcurl knows no " + endpoint.mechanism, endpoint.url,
                     "use auth = \"PLAIN\" over TLS, or a libcurl that was built with libgsasl"};
    if (!endpoint.mechanism.empty()) return "AUTH=" + endpoint.mechanism;
    if (endpoint.token) return std::string("AUTH=OAUTHBEARER;AUTH=XOAUTH2");
    // Not left to libcurl: it prefers what accounts often lack the stored secret or the ticket for (CRAM-MD5, GSSAPI).
    return std::string(libcurl_has_scram() ? "AUTH=SCRAM-SHA-256;AUTH=SCRAM-SHA-1;" : "") + "AUTH=PLAIN;AUTH=LOGIN";
}

std::optional<std::string> other_login_options(const Endpoint& endpoint, const LoginTrace& trace) {
    if (!endpoint.mechanism.empty() || endpoint.token || !trace.tried().empty()) return std::nullopt;
    if (trace.offers("CRAM-MD5")) return "AUTH=CRAM-MD5";
    // Whatever libcurl knows: at last the LOGIN command, APOP, or USER and PASS.
    if (trace.offers_plain_command()) return "AUTH=*";
    return std::nullopt;
}

Error login_refused(const Endpoint& endpoint, const LoginTrace& trace, std::string_view secret) {
    if (trace.tried().empty() && trace.last_reply().find("-ERR [") == std::string::npos)
        return nothing_in_common(endpoint, trace);
    Error error = refusal_by(endpoint, trace);
    if (const auto told = server_wait(trace.last_reply())) { // Gmail and Exchange say so in words
        error.wait = told;
        error.code = ErrorCode::unavailable;
    }
    if (!trace.tried().empty())
        error.what += fmt::format(" (tried {}; the server offers {})", trace.tried(), list_of_ways(endpoint, trace));
    if (const auto said = words_of(trace.last_reply(), secret); !said.empty())
        error.what += fmt::format(": \"{}\"", said);
    return error;
}

} // namespace nixie
