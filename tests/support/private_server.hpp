// A mail server of its own for one test binary, on loopback.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mailbox/connection.hpp"

namespace nixie {

/// `script start DIR OPTION…` starts it and prints "imap=1234 pop3=…"; it is stopped and removed with the object. Throws
/// std::runtime_error if it cannot be started: a test without its server has failed. Every user's password is "pw".
class PrivateServer {
  public:
    PrivateServer(std::string script, const std::vector<std::string>& options);
    ~PrivateServer();
    PrivateServer(const PrivateServer&) = delete;
    PrivateServer& operator=(const PrivateServer&) = delete;

    /// `scheme` is imap, imaps, pop3 or pop3s; the first and the third in the clear.
    [[nodiscard]] Endpoint endpoint(const std::string& scheme, const std::string& user) const;
    /// Of the throw-away authority, where there is TLS.
    [[nodiscard]] std::string ca_file() const { return value("ca"); }
    /// What the script printed: value("imap") is the port.
    [[nodiscard]] std::string value(const std::string& key) const;

  protected:
    [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }

  private:
    std::string script_;
    std::filesystem::path dir_;
    std::string values_; ///< what the script printed
};

} // namespace nixie
