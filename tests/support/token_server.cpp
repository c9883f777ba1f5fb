#include "support/token_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "support/loopback_listener.hpp"
#include "support/rsa_key.hpp"

namespace nixie {
namespace {

using Form = std::map<std::string, std::string>;

struct Answer {
    int status = 200;
    nlohmann::json body;
};

Answer refusal(const std::string& error, const std::string& description = "") {
    return {400, {{"error", error}, {"error_description", description}}};
}

std::string decoded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

Form read_form(const std::string& body) {
    Form form;
    for (std::size_t begin = 0; begin < body.size();) {
        const auto end = std::min(body.find('&', begin), body.size());
        const auto field = body.substr(begin, end - begin);
        const auto equals = std::min(field.find('='), field.size());
        form[decoded(field.substr(0, equals))] = decoded(field.substr(std::min(equals + 1, field.size())));
        begin = end + 1;
    }
    return form;
}

std::int64_t now_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace

struct TokenServer::Impl {
    struct Client {
        std::string secret, certificate, user;
    };
    struct Device {
        std::string user;
        std::deque<std::string> errors;
    };

    LoopbackListener listener;
    std::thread thread;
    mutable std::mutex mutex;
    int life = 3600;
    int issued = 0;
    std::map<std::string, Client> clients;
    std::map<std::string, std::string> accounts;      // address -> certificate
    std::map<std::string, std::string> refresh_users; // token -> user
    std::map<std::string, std::string> access_users;
    std::map<std::string, Device> devices; // by device code
    Device next_device;
    std::set<std::string> used_ids; // jti
    std::vector<Seen> seen;
    std::map<std::pair<std::string, std::string>, int> granted;

    [[nodiscard]] std::string token_url() const {
        return "http://127.0.0.1:" + std::to_string(listener.port()) + "/token";
    }

    void serve() {
        for (int client = 0; (client = listener.accept()) >= 0;) {
            handle(client);
            ::close(client);
        }
    }

    void handle(int client) {
        std::string input;
        std::array<char, 65536> buffer{};
        std::size_t head = std::string::npos, length = 0;
        while (head == std::string::npos || input.size() < head + 4 + length) {
            const ssize_t got = ::recv(client, buffer.data(), buffer.size(), 0);
            if (got <= 0) return;
            input.append(buffer.data(), static_cast<std::size_t>(got));
            head = input.find("\r\n\r\n");
            const auto at = input.find("ontent-Length: ");
            if (head != std::string::npos && at < head) length = std::stoul(input.substr(at + 15));
        }
        const auto begin = input.find(' ') + 1;
        const std::string path = input.substr(begin, input.find(' ', begin) - begin);
        const Answer answer = reply(path, read_form(input.substr(head + 4)));
        const std::string body = answer.body.dump();
        const std::string text = "HTTP/1.1 " + std::to_string(answer.status) +
                                 " x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                                 std::to_string(body.size()) + "\r\n\r\n" + body;
        ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
    }

    Answer reply(const std::string& path, const Form& form) {
        const std::lock_guard lock(mutex);
        seen.push_back({path, form});
        if (path == "/device") return start_device(form);
        if (path == "/introspect") return introspect(form);
        if (path == "/token") return token(form);
        return {404, {}};
    }

    Answer start_device(const Form& form) {
        if (!clients.contains(field(form, "client_id"))) return refusal("invalid_client");
        const std::string code = "device-" + std::to_string(++issued);
        devices[code] = std::exchange(next_device, {});
        return {200,
                {{"device_code", code},
                 {"user_code", "CODE-" + std::to_string(issued)},
                 {"verification_uri", "https://provider.example/device"},
                 {"expires_in", 600},
                 {"interval", 1}}};
    }

    Answer introspect(const Form& form) {
        const auto found = access_users.find(field(form, "token"));
        if (found == access_users.end()) return {200, {{"active", false}}};
        return {200, {{"active", true}, {"username", found->second}}};
    }

    Answer token(const Form& form) {
        const std::string grant = field(form, "grant_type");
        if (grant == "urn:ietf:params:oauth:grant-type:jwt-bearer") return by_service_account(form);
        const auto client = clients.find(field(form, "client_id"));
        if (client == clients.end() || !is_proven(client->first, client->second, form))
            return refusal("invalid_client", "AADSTS7000215: Invalid client secret provided.");
        if (grant == "client_credentials") return grant_token(grant, client->second.user, false);
        if (grant == "refresh_token") {
            const auto found = refresh_users.find(field(form, "refresh_token"));
            if (found == refresh_users.end())
                return refusal("invalid_grant", "AADSTS700082: The refresh token has expired.");
            const std::string user = found->second;
            refresh_users.erase(found); // rotated, as Microsoft does
            return grant_token(grant, user, true);
        }
        if (grant == "authorization_code") {
            const bool fits =
                field(form, "code") == "code-of-" + client->second.user && field(form, "code_verifier").size() >= 43;
            return fits ? grant_token(grant, client->second.user, true) : refusal("invalid_grant");
        }
        return by_device(grant, form);
    }

    Answer by_device(const std::string& grant, const Form& form) {
        const auto found = devices.find(field(form, "device_code"));
        if (found == devices.end()) return refusal("invalid_grant");
        auto& errors = found->second.errors;
        if (!errors.empty()) {
            const std::string error = errors.front();
            errors.pop_front();
            return refusal(error);
        }
        return grant_token(grant, found->second.user, true);
    }

    Answer by_service_account(const Form& form) {
        for (const auto& [email, certificate] : accounts) {
            const auto jwt = check_jwt(field(form, "assertion"), certificate);
            if (!jwt || jwt->claims.value("iss", "") != email || jwt->claims.value("aud", "") != token_url()) continue;
            if (jwt->claims.value("exp", std::int64_t{0}) < now_seconds() || jwt->claims.value("scope", "").empty())
                continue;
            return grant_token(field(form, "grant_type"), jwt->claims.value("sub", ""), false);
        }
        return refusal("invalid_grant", "Invalid JWT Signature.");
    }

    bool is_proven(const std::string& id, const Client& client, const Form& form) {
        if (client.certificate.empty()) return field(form, "client_secret") == client.secret;
        if (field(form, "client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            return false;
        const auto jwt = check_jwt(field(form, "client_assertion"), client.certificate);
        if (!jwt) return false;
        const auto& claims = jwt->claims;
        const std::int64_t now = now_seconds();
        return claims.value("aud", "") == token_url() && claims.value("iss", "") == id &&
               claims.value("sub", "") == id && claims.value("nbf", now + 1) <= now &&
               claims.value("exp", std::int64_t{0}) > now && !jwt->header.value("x5t#S256", "").empty() &&
               used_ids.insert(claims.value("jti", "")).second;
    }

    Answer grant_token(const std::string& grant, const std::string& user, bool with_refresh) {
        ++granted[{grant, user}];
        nlohmann::json body{{"access_token", new_access(user)}, {"token_type", "Bearer"}, {"expires_in", life}};
        if (with_refresh) body["refresh_token"] = new_refresh(user);
        return {200, body};
    }
    std::string new_access(const std::string& user) {
        const std::string token = "access-secret-" + std::to_string(++issued);
        access_users[token] = user;
        return token;
    }
    std::string new_refresh(const std::string& user) {
        const std::string token = "refresh-secret-" + std::to_string(++issued);
        refresh_users[token] = user;
        return token;
    }
    static std::string field(const Form& form, const std::string& name) {
        const auto found = form.find(name);
        return found == form.end() ? std::string() : found->second;
    }
};

TokenServer::TokenServer() : impl_(std::make_unique<Impl>()) {
    impl_->thread = std::thread([this] { impl_->serve(); });
}

TokenServer::~TokenServer() {
    impl_->listener.shut();
    impl_->thread.join();
}

TokenServer& TokenServer::shared() {
    static TokenServer server;
    return server;
}

std::string TokenServer::url(const std::string& endpoint) const {
    return "http://127.0.0.1:" + std::to_string(impl_->listener.port()) + "/" + endpoint;
}

void TokenServer::set_life(int seconds) {
    const std::lock_guard lock(impl_->mutex);
    impl_->life = seconds;
}

void TokenServer::add_client(const std::string& id, const std::string& secret, const std::string& certificate_pem,
                             const std::string& user) {
    const std::lock_guard lock(impl_->mutex);
    impl_->clients[id] = {secret, certificate_pem, user};
}

void TokenServer::add_service_account(const std::string& email, const std::string& certificate_pem) {
    const std::lock_guard lock(impl_->mutex);
    impl_->accounts[email] = certificate_pem;
}

std::string TokenServer::new_refresh_token(const std::string& user) {
    const std::lock_guard lock(impl_->mutex);
    return impl_->new_refresh(user);
}

std::string TokenServer::new_access_token(const std::string& user) {
    const std::lock_guard lock(impl_->mutex);
    return impl_->new_access(user);
}

void TokenServer::confirm_device(const std::string& user, std::vector<std::string> errors_before) {
    const std::lock_guard lock(impl_->mutex);
    impl_->next_device = {user, {errors_before.begin(), errors_before.end()}};
}

void TokenServer::revoke_access(const std::string& user) {
    const std::lock_guard lock(impl_->mutex);
    std::erase_if(impl_->access_users, [&](const auto& token) { return token.second == user; });
}

void TokenServer::revoke_refresh(const std::string& user) {
    const std::lock_guard lock(impl_->mutex);
    std::erase_if(impl_->refresh_users, [&](const auto& token) { return token.second == user; });
}

std::vector<TokenServer::Seen> TokenServer::seen() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->seen;
}

int TokenServer::granted(const std::string& grant_type, const std::string& user) const {
    const std::lock_guard lock(impl_->mutex);
    const auto found = impl_->granted.find({grant_type, user});
    return found == impl_->granted.end() ? 0 : found->second;
}

} // namespace nixie
