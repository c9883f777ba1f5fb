// Which way to log in, and what a server's refusal means; libcurl does the talking.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/endpoint.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// What the server said while libcurl logged in. Of what was sent only the names of commands and mechanisms are kept: the
/// rest is the secret.
class LoginTrace {
  public:
    void received(std::string_view line);
    void sent(std::string_view line);

    /// Mechanisms of SASL as last announced, in capitals.
    [[nodiscard]] const std::vector<std::string>& offered() const { return offered_; }
    [[nodiscard]] bool offers(std::string_view mechanism) const;
    /// The LOGIN command of IMAP, USER and PASS of POP3.
    [[nodiscard]] bool offers_plain_command() const { return plain_command_; }
    /// The mechanism or command that was used; empty if nothing was tried.
    [[nodiscard]] const std::string& tried() const { return tried_; }
    [[nodiscard]] const std::string& last_reply() const { return last_reply_; }
    /// Of IMAP, as last announced.
    [[nodiscard]] const std::string& capabilities() const { return capabilities_; }

  private:
    void announce(std::string_view mechanism);

    std::vector<std::string> offered_;
    bool plain_command_ = true;
    std::string tried_;
    std::string last_reply_;
    std::string capabilities_;
};

/// libcurl's CURLOPT_LOGIN_OPTIONS for the first attempt; an Error if this libcurl does not know the mechanism.
Result<std::string> login_options(const Endpoint& endpoint);
/// For a second attempt after one in which the server offered none of the first's mechanisms, so that no secret was sent.
/// Nothing if there is no other way.
std::optional<std::string> other_login_options(const Endpoint& endpoint, const LoginTrace& trace);

/// The ways to log in that were offered, for people: "PLAIN, LOGIN, the LOGIN command".
std::string list_of_ways(const Endpoint& endpoint, const LoginTrace& trace);

/// Why the server did not let us in. `secret` is the password or token: a reply that holds it is not shown.
Error login_refused(const Endpoint& endpoint, const LoginTrace& trace, std::string_view secret);

} // namespace nixie
