// A private Dovecot for one test binary, and the Maildirs it serves.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/connection.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Started by scripts/dovecot, stopped and removed with the object. Throws std::runtime_error if it cannot be started: a
/// test without its server has failed.
class Dovecot {
  public:
    explicit Dovecot(const std::vector<std::string>& options = {});
    ~Dovecot();
    Dovecot(const Dovecot&) = delete;
    Dovecot& operator=(const Dovecot&) = delete;

    /// A server with these options that all tests of the binary share; they differ by user.
    static Dovecot& with(const std::vector<std::string>& options = {});
    /// A user whom no other test has.
    static std::string new_user();

    /// `scheme` is imap, imaps, pop3 or pop3s; the first and the third in the clear.
    [[nodiscard]] Endpoint endpoint(const std::string& scheme, const std::string& user) const;
    /// Of the throw-away authority (option --tls).
    [[nodiscard]] std::string ca_file() const;

    [[nodiscard]] std::filesystem::path maildir(const std::string& user) const;
    /// Puts a message into the inbox as a local delivery agent would; its file's name. `flags` as in Maildir: "T" is
    /// deleted.
    std::filesystem::path deliver(const std::string& user, std::string_view bytes, const std::string& flags = "",
                                  Time arrived = {}) const;
    /// Messages in the inbox ("") or in a folder ("Bounces.spam") that are not marked deleted, one name each.
    [[nodiscard]] std::vector<std::string> files(const std::string& user, const std::string& folder = "") const;

  private:
    [[nodiscard]] std::string value(const std::string& key) const;

    std::filesystem::path dir_;
    std::string values_; ///< "imap=1234 pop3=…"
};

} // namespace nixie
