// IMAP servers beside Dovecot. Debian lets only one be installed: scripts/install-packages unpacks these.
#pragma once

#include <atomic>

#include "support/private_server.hpp"

namespace nixie {

/// Knows user1 to user60.
class OtherServer : public PrivateServer {
  public:
    using PrivateServer::PrivateServer;
    /// A user whom no other test has.
    std::string new_user() { return "user" + std::to_string(++users_); }

  private:
    std::atomic<unsigned> users_{0};
};

inline OtherServer& courier() {
    static OtherServer server(NIXIE_SOURCE_DIR "/tests/support/courier", {});
    return server;
}

/// As it comes: folders below INBOX, '.' between levels.
inline OtherServer& cyrus() {
    static OtherServer server(NIXIE_SOURCE_DIR "/tests/support/cyrus", {});
    return server;
}

/// Folders beside the inbox, '/' between levels.
inline OtherServer& alternative_cyrus() {
    static OtherServer server(NIXIE_SOURCE_DIR "/tests/support/cyrus", {"--alternative"});
    return server;
}

} // namespace nixie
