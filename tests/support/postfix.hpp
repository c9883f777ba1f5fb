// A real Postfix to hand messages to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/maildir_tree.hpp"
#include "support/private_server.hpp"
#include "support/whole_file.hpp"

namespace nixie {

/// See tests/support/postfix: only who logs in over STARTTLS may send.
class Postfix : public PrivateServer {
  public:
    Postfix() : PrivateServer(NIXIE_SOURCE_DIR "/tests/support/postfix", {}) {}
    /// That all tests of the binary share; they differ by recipient.
    static Postfix& shared() {
        static Postfix server;
        return server;
    }

    [[nodiscard]] std::string url() const { return "smtp://localhost:" + value("smtp"); }
    /// The keys of a [[notify]] or of [retry.smtp] to log in with; the password is in a file of `dir`.
    [[nodiscard]] std::string login_keys(const std::string& password_file) const {
        return "server = \"" + url() + "\"\ntls = \"starttls\"\nca_file = \"" + ca_file() +
               "\"\nuser = \"sender\"\npassword_file = \"" + password_file + "\"\n";
    }
    /// What was delivered to that address, with Return-Path and Delivered-To on top; oldest first.
    [[nodiscard]] std::vector<std::string> mails_for(const std::string& address) const {
        std::vector<std::string> out;
        const std::filesystem::path folder = std::filesystem::path(value("mail")) / "new";
        std::error_code none_yet;
        for (const auto& entry : std::filesystem::directory_iterator(folder, none_yet))
            if (auto mail = read_file(entry.path());
                mail.find("\nDelivered-To: " + address + "\n") != std::string::npos)
                out.push_back(std::move(mail));
        return out;
    }
};

} // namespace nixie
