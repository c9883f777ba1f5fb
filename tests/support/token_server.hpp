// A small OAuth provider on loopback: device codes, tokens by all flows that nixie knows, and the introspection by which
// Dovecot asks whether a token is good. It checks what real ones check.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nixie {

class TokenServer {
  public:
    struct Seen {
        std::string path;
        std::map<std::string, std::string> form;
    };

    TokenServer();
    ~TokenServer();
    TokenServer(const TokenServer&) = delete;
    TokenServer& operator=(const TokenServer&) = delete;
    /// One that all tests of a binary share; they differ by user.
    static TokenServer& shared();

    /// Of an endpoint: "token", "device" or "introspect".
    [[nodiscard]] std::string url(const std::string& endpoint) const;

    /// Access tokens that are issued from now on say that they live so long; they really die by revoke() only.
    void set_life(int seconds);
    /// An application that proves itself by a secret or by the key of a certificate; its own tokens are good for `user`.
    void add_client(const std::string& id, const std::string& secret, const std::string& certificate_pem,
                    const std::string& user);
    /// A Google service account with that address, which may act for anyone.
    void add_service_account(const std::string& email, const std::string& certificate_pem);
    /// A refresh token that is good for `user`.
    [[nodiscard]] std::string new_refresh_token(const std::string& user);
    [[nodiscard]] std::string new_access_token(const std::string& user);
    /// The next device login answers these errors, one a question, and is then confirmed by `user`.
    void confirm_device(const std::string& user, std::vector<std::string> errors_before);
    /// Every access token of `user` is refused from now on, whatever it says of its life.
    void revoke_access(const std::string& user);
    void revoke_refresh(const std::string& user);

    [[nodiscard]] std::vector<Seen> seen() const;
    /// Questions to /token of this grant type for `user` that brought a token.
    [[nodiscard]] int granted(const std::string& grant_type, const std::string& user) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nixie
