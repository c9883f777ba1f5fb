// A private Dovecot for one test binary, and the Maildirs it serves.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/time.hpp"
#include "support/private_server.hpp"

namespace nixie {

/// Started by scripts/dovecot, with its options. Takes any user.
class Dovecot : public PrivateServer {
  public:
    explicit Dovecot(const std::vector<std::string>& options = {});

    /// A server with these options that all tests of the binary share; they differ by user.
    static Dovecot& with(const std::vector<std::string>& options = {});
    /// A user whom no other test has.
    static std::string new_user();

    [[nodiscard]] std::filesystem::path maildir(const std::string& user) const;
    /// Ends the sessions of `user`, as a server does at an operator's word.
    void kick(const std::string& user) const;
    /// Puts a message into the inbox as a local delivery agent would; its file's name. `flags` as in Maildir: "T" is
    /// deleted.
    std::filesystem::path deliver(const std::string& user, std::string_view bytes, const std::string& flags = "",
                                  Time arrived = {}) const;
    /// Messages in the inbox ("") or in a folder ("Bounces.spam") that are not marked deleted, one name each.
    [[nodiscard]] std::vector<std::string> files(const std::string& user, const std::string& folder = "") const;
};

} // namespace nixie
