#include "auth/browser.hpp"

#include <openssl/sha.h>

#include <array>
#include <charconv>
#include <map>

#include "auth/jwt.hpp"
#include "auth/refusal.hpp"
#include "base/text.hpp"

namespace nixie {
namespace {

/// Nobody listens there: the browser shows an error page whose address holds the code, also on another machine.
constexpr std::string_view redirect_address = "http://localhost";
constexpr std::size_t max_pasted = 16 * 1024;

std::string sha256_base64url(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data());
    return base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string encoded_query(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos)
            out += c;
        else
            out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return out;
}

std::string decoded_query(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

/// Of "http://localhost/?code=…&state=…".
std::map<std::string, std::string> query_of(std::string_view url) {
    std::map<std::string, std::string> out;
    url = url.substr(0, url.find('#'));
    const auto mark = url.find('?');
    std::string_view rest = mark == std::string_view::npos ? std::string_view() : url.substr(mark + 1);
    while (!rest.empty()) {
        const auto field = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(field.size() + 1, rest.size()));
        const auto equals = std::min(field.find('='), field.size());
        out[decoded_query(field.substr(0, equals))] = decoded_query(field.substr(std::min(equals + 1, field.size())));
    }
    return out;
}

Result<std::string> code_in(std::string_view pasted, const BrowserLogin& login, const std::string& mailbox) {
    const auto failed = [&](std::string what) {
        return Error{ErrorCode::refused_login, std::move(what), mailbox,
                     "run `nixie auth login " + mailbox + "` again"};
    };
    pasted = trim(pasted);
    if (pasted.empty() || pasted.size() > max_pasted) return failed("no address was given");
    if (pasted.find('?') == std::string_view::npos) return decoded_query(pasted); // Google's codes hold a '/'
    auto query = query_of(pasted);
    if (!query["error"].empty()) return failed("the login was declined (" + printable(clip(query["error"], 60)) + ")");
    if (query["code"].empty()) return failed("that address holds no code");
    if (query["state"] != login.state) return failed("that address belongs to another login");
    return query["code"];
}

} // namespace

BrowserLogin start_browser_login(const TokenAccount& account) {
    BrowserLogin login{account.oauth.auth_url, random_id(), random_id() + random_id()};
    login.url += login.url.find('?') == std::string::npos ? '?' : '&';
    Form query{{"response_type", "code"},
               {"client_id", account.oauth.client_id},
               {"redirect_uri", std::string(redirect_address)},
               {"scope", account.oauth.scope},
               {"state", login.state},
               {"code_challenge", sha256_base64url(login.verifier)},
               {"code_challenge_method", "S256"},
               {"login_hint", account.user}};
    if (account.oauth.preset == "google") { // else it gives no refresh token
        query.emplace_back("access_type", "offline");
        query.emplace_back("prompt", "consent");
    }
    for (std::size_t i = 0; i < query.size(); ++i)
        login.url += (i == 0 ? "" : "&") + query[i].first + "=" + encoded_query(query[i].second);
    return login;
}

Result<Token> finish_browser_login(const HttpPost& post, const TokenAccount& account, const BrowserLogin& login,
                                   std::string_view pasted, Time now) {
    const auto code = code_in(pasted, login, account.mailbox);
    if (!code) return code.error();
    TokenRequest request{account.oauth.token_url,
                         {{"grant_type", "authorization_code"},
                          {"code", *code},
                          {"redirect_uri", std::string(redirect_address)},
                          {"code_verifier", login.verifier}}};
    if (auto added = add_client(request.form, account, now); !added) return added.error();
    return ask_for_token(post, request, account, now);
}

} // namespace nixie
